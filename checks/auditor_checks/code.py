"""Source files: whoever they name is somebody the policy names, before it is deployed."""

from collections.abc import Iterator

from auditor.check import Example, check
from auditor.evidence import Behind, CodeEvidence, Mention
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity, Sighting
from auditor.matching.entries import processor_entry
from auditor.matching.owners import Owners
from auditor.matching.places import host_of, normal_host
from auditor.policy import Policy

DECLARED = """
code: {paths: ["."]}
processors:
  - id: stripe
    services: [stripe]
    domains: ["*.stripe.com"]
"""
PAY = Mention(name="host:js.stripe.com", how="tag", file="pay.html", line=3, column=3)
TRACK = Mention(name="host:t.tracker.example", how="tag", file="index.html", line=9, column=5)
SAID = {
    "tag": "a page loads it",
    "call": "a script asks it",
    "allowed": "a header lets pages talk to it",
    "text": "a script holds its address",
    "dependency": "asked for as a package",
    "id": "an id of an account there",
}


@check(
    "code-undeclared-processor",
    title="The code names no third party that is not declared",
    needs=CodeEvidence,
    references=["gdpr:13-1-e", "gdpr:30"],
    looks_at=[],
    passing=Example(policy=DECLARED, named=(PAY,)),
    failing=Example(policy=DECLARED, named=(PAY, TRACK)),
)
def undeclared_in_code(policy: Policy, code: CodeEvidence) -> Iterator[Remark]:
    """Leave it out, or declare it in policy.yaml and tell people before it is deployed.

    Tests and packages that are only for developing are passed over. So is a package unless it is
    known to talk to somebody.
    """
    if policy.code is None:
        yield NotApplicable(why="policy.yaml names no code")
        return
    owners = Owners(policy.processors)
    sites = {normal_host(host_of(site.url)) for site in policy.sites}
    own = {*sites, *(normal_host(part) for site in policy.sites for part in site.first_party)}
    for host, domain in code.domains.items():
        # the registrable domain of a site is ourselves, with all below it
        if domain in own or any(site.endswith(f".{domain}") for site in sites):
            own.add(host)
    named: dict[str, list[Mention]] = {}
    for mention in code.mentions:
        if not (mention.while_developing or _is_declared(policy, owners, own, code, mention)):
            named.setdefault(mention.name, []).append(mention)
    for name, mentions in named.items():
        yield _undeclared(policy, name, mentions, code)


def _is_declared(
    policy: Policy, owners: Owners, own: set[str], code: CodeEvidence, mention: Mention
) -> bool:
    kind, _, name = mention.name.partition(":")
    if kind == "host":
        return name in own or owners.find(name, mention.path) is not None
    behind = code.behind.get(mention.name)
    if behind is None:
        return True  # a package of which nobody knows that it talks to anybody
    by_service = any(behind.service in one.services for one in policy.processors)
    hosts = (host.removeprefix("*.").partition("/") for host in code.hosts.get(mention.name, ()))
    return by_service or any(owners.find(host, f"/{path}") for host, _, path in hosts)


def _undeclared(policy: Policy, name: str, mentions: list[Mention], code: CodeEvidence) -> Finding:
    behind = code.behind.get(name, Behind())
    called = name.partition(":")[2]
    known = behind.called or behind.owner
    whose = f" ({known})" if known and known != called else ""
    first = mentions[0]
    domain = f"*.{called}" if name.startswith("host:") else ""
    return Finding(
        object=name,
        severity=max((_severity(one) for one in mentions), key=lambda one: one.rank),
        message=f"{first.file} names {called}{whose}; no processor in policy.yaml owns it",
        at=policy.section("processors"),
        seen=tuple(Sighting(page=one.place, detail=SAID[one.how]) for one in mentions),
        remedies=(
            Remedy(kind="remove", text="leave it out, or host it yourself"),
            Remedy(kind="gate", text="load it only after the visitor agreed"),
            Remedy(
                kind="declare",
                text="add it to processors, and tell people in the notice",
                yaml=processor_entry(
                    behind.called or called,
                    name=behind.called,
                    service=behind.service,
                    domain="" if behind.service else domain,
                    country=behind.country,
                ),
            ),
        ),
    )


def _severity(mention: Mention) -> Severity:
    """Return how sure it is that data will go there: an address in a script may be a text."""
    match mention.how:
        case "tag" | "call":
            return Severity.HIGH
        case "dependency" | "id":
            return Severity.MEDIUM
        case _:
            return Severity.LOW
