"""Tag managers: a container may load whom it names, on a page and a day that nobody saw."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, SiteEvidence, TagsListed
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.matching import Declarations
from auditor.policy import Policy
from auditor.sighting import sightings

PIXELS = 'processors: [{id: pixels, domains: ["*.pixels.example"]}]'


@check(
    "tag-undeclared",
    title="A tag manager loads nobody who is not declared",
    needs=SiteEvidence,
    references=["gdpr:13-1-e", "gdpr:30"],
    looks_at=[Aspect.CONTENT],
    passing=Example(policy=PIXELS, seen=(example.container("px.pixels.example"),)),
    failing=Example(policy=PIXELS, seen=(example.container("cdn.chat.example"),)),
)
def undeclared_tag(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Take the tag out of the container, or declare whom it loads under `processors`.

    The container's own code names the host, though it was not loaded in this visit: perhaps on
    another page, after a purchase, or once a campaign begins. Tags that are paused and forgotten
    are best deleted. What was loaded is told by `third-party-undeclared`.
    """
    declarations = Declarations(policy, site)
    met = {contact.host for contact in site.contacts}
    found: dict[tuple[str, str], list[TagsListed]] = {}
    for seen in site.observations:
        if isinstance(seen, TagsListed):
            for host in seen.hosts:
                if host not in met and _is_undeclared(declarations, host):
                    found.setdefault((host, seen.container), []).append(seen)
    for (host, container), listed in found.items():
        yield Finding(
            object=f"host:{host}",
            facet=container,
            severity=Severity.MEDIUM,
            message=f"the container {container} may load {host}, which no processor in"
            " policy.yaml owns; it did not in this visit",
            at=policy.section("processors"),
            seen=sightings(listed),
            remedies=(
                Remedy(kind="remove", text="delete the tag from the container"),
                Remedy(kind="gate", text="let the tag wait for the visitor's consent"),
                Remedy(kind="declare", text="add whose it is to processors, and tell people"),
            ),
        )


def _is_undeclared(declarations: Declarations, host: str) -> bool:
    return not declarations.is_first_party(host) and declarations.processor(host) is None
