"""Names: a host of one's own name is one's own server, or a declared processor's (CNAME)."""

from collections.abc import Iterator

from msgspec import structs

from auditor import example
from auditor.check import Example, check
from auditor.errors import Position
from auditor.evidence import Aspect, Behind, Contact, Gap, HostFacts, Reason, SiteEvidence, State
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import Declarations, asks_beforehand, host_of, waits
from auditor.policy import Policy, Processor
from auditor.sighting import sightings
from auditor.vocabulary import covers

SHOP = "https://shop.example.org/"
HOSTER = 'processors: [{id: hoster, domains: ["*.hoster.example"], consent: not_required}]'
TO_HOSTER = {"shop.example.org": ("shop.hoster.example",), "example.org": ()}
MOST_NAMED = 5  # cookies
NOT_AGREED = (State.BEFORE, State.REJECT, State.WITHDRAW)
WATCHING = ("analytics", "marketing", "personalize", "third_party_sharing")


@check(
    "cname-cloaking",
    title="Hosts of our own name lead to nobody who is not declared",
    needs=SiteEvidence,
    references=["gdpr:13-1-e", "eprivacy:5-3"],
    looks_at=[Aspect.NAMES, Aspect.REQUESTS],
    passing=Example(policy=HOSTER, seen=(example.request(SHOP),), aliases=TO_HOSTER),
    failing=Example(policy="", seen=(example.request(SHOP),), aliases=TO_HOSTER),
)
def cloaked_host(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Declare who answers under the name, or take the name out of the DNS.

    A name of ours that leads to somebody else (CNAME) makes them look like ourselves: browsers
    give them our cookies, and people cannot tell. A hosting company is a processor like any other
    and is declared; a service that watches visitors also waits for their consent. Where the site's
    own address leads is not judged: whoever opens it means to go there.
    """
    declarations = Declarations(policy, site)
    home = _bare(host_of(site.url))
    own = [
        contact
        for contact in site.contacts
        if declarations.is_first_party(contact.host) and _bare(contact.host) != home
    ]
    facts = {contact.host: site.hosts.get(contact.host) for contact in own}
    if own and all(one and one.mapped for one in facts.values()):
        yield NotApplicable(why="the site's names were mapped, or are this machine's own")
        return
    for contact in own:
        known = facts[contact.host]
        if known is None or (known.aliases is None and not known.mapped):
            yield _unknown(contact)
        elif known.aliases and not declarations.is_first_party(known.alias_domain):
            yield from _judged(policy, site, contact, known)


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _unknown(contact: Contact) -> Gap:
    return Gap(
        what=f"the name {contact.host} in the DNS",
        reason=Reason.NOT_IN_EVIDENCE,
        needs="a visit: where a name leads is asked then, and no recording says it",
        aspects=(Aspect.NAMES,),
    )


def _judged(
    policy: Policy, site: SiteEvidence, contact: Contact, facts: HostFacts
) -> Iterator[Finding]:
    owner = _owner(policy, site, facts)
    behind = facts.alias_behind or Behind()
    if owner is None:
        watches = any(covers(use, purpose) for use in WATCHING for purpose in behind.purposes)
        yield _finding(
            site,
            contact,
            facts,
            why="no processor in policy.yaml owns that",
            severity=Severity.HIGH if watches else Severity.MEDIUM,
            at=policy.section("processors"),
        )
    elif waits(owner) and asks_beforehand(policy, site):
        yield from _too_early(site, contact, facts, owner)


def _owner(policy: Policy, site: SiteEvidence, facts: HostFacts) -> Processor | None:
    declarations = Declarations(policy, site)
    names = (*(facts.aliases or ()), facts.alias_domain)
    return next(filter(None, map(declarations.processor, names)), None)


def _too_early(
    site: SiteEvidence, contact: Contact, facts: HostFacts, owner: Processor
) -> Iterator[Finding]:
    """Object to what is contacted by a visitor who has not agreed."""
    for state in NOT_AGREED:
        requests = tuple(one for one in contact.requests if one.state is state)
        if requests:
            finding = _finding(
                site,
                structs.replace(contact, requests=requests),
                facts,
                why=f"that is {owner.name or owner.id}, which waits for consent",
                severity=Severity.HIGH,
                at=owner.at,
            )
            yield structs.replace(finding, facet=state, keys=("consent",))


def _finding(  # noqa: PLR0913 -- all of it is told
    site: SiteEvidence,
    contact: Contact,
    facts: HostFacts,
    *,
    why: str,
    severity: Severity,
    at: Position,
) -> Finding:
    behind = facts.alias_behind or Behind()
    called = behind.called or behind.owner
    whose = f" ({called})" if called else ""
    return Finding(
        object=f"host:{contact.host}",
        severity=severity,
        message=f"{contact.host} leads to {(facts.aliases or ('',))[-1]}{whose}; {why}"
        f"{_cookies(site, contact.host)}",
        at=at,
        seen=sightings(contact.requests),
        remedies=(
            Remedy(kind="remove", text="take the name out of the DNS, or serve it yourself"),
            Remedy(kind="gate", text="talk to it only after the visitor agreed"),
            Remedy(
                kind="declare",
                text=f"declare whose {facts.alias_domain} is under processors, and tell people",
            ),
        ),
    )


def _cookies(site: SiteEvidence, host: str) -> str:
    """Name the cookies of the whole domain: browsers send them to every host of it."""
    names = dict.fromkeys(
        cookie.name
        for cookie in site.cookies
        for seen in cookie.sets
        if seen.is_kept and not seen.host_only and host.endswith(f".{seen.domain}")
    )
    if not names:
        return ""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    listed = ", ".join(f"`{name}`" for name in [*names][:MOST_NAMED])
    return f"; browsers send it {listed}{more}"
