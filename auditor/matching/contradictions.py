"""What speaks against a claim that a notice makes without exception: declared, or seen.

One function for each claim (`CLAIMS` of the evidence), which yields what speaks against it. Where
nothing does, that shows little: most of these claims nobody can prove.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct, structs

from auditor.errors import Position
from auditor.evidence import Aspect, Behind, SiteEvidence, SiteObservation, Told
from auditor.findings import Severity
from auditor.matching.declarations import Declarations, Kept
from auditor.matching.exemptions import NEVER_NECESSARY, is_exempt
from auditor.matching.told import names
from auditor.matching.undeclared import behind
from auditor.policy import Policy, Processor
from auditor.vocabulary import EEA, covers, is_special_category

_ADVERTISING: Final = ("marketing.advertising", "analytics.reporting.ad_performance")
_STATISTICS: Final = ("analytics",)
_PROFILING: Final = ("personalize", "marketing.advertising.profiling")
_FOLLOWING: Final = (*_STATISTICS, "marketing", "personalize")
_SELLING: Final = ("sales", "third_party_sharing")
_BY_LAW: Final = "third_party_sharing.legal_obligation"
_OWN_DECISIONS: Final = ("joint_controller", "independent_controller")
_ADDRESS: Final = "user.device.ip_address"
_CHILDREN: Final = "user.childrens"


class Against(Struct, frozen=True, kw_only=True):
    """Something that speaks against a claim: what, in words, where it is declared or was seen."""

    what: str
    words: str
    severity: Severity = Severity.HIGH
    at: Position | None = None
    seen: tuple[SiteObservation, ...] = ()


Find = Callable[[Policy, Told], Iterable[Against]]


def against(claim: str, policy: Policy, told: Told) -> Iterator[Against]:
    """Yield what speaks against a claim; nothing for claims that are not known here."""
    for find in FINDERS.get(claim, ()):
        yield from find(policy, told)


def _purposes(*prefixes: str, but: str = "") -> Find:
    """Object to activities that serve such a purpose."""

    def find(policy: Policy, _: Told) -> Iterator[Against]:
        for activity in policy.processing_activities:
            is_that = any(covers(prefix, activity.purpose) for prefix in prefixes)
            if activity.purpose and is_that and activity.purpose != but:
                yield Against(
                    what=f"activity:{activity.id}",
                    words=f"policy.yaml declares {activity.id}, for {activity.purpose}",
                    at=activity.at,
                )

    return find


def _kept(*prefixes: str, any_at_all: bool = False) -> Find:
    """Object to what is kept on devices: all of it, what is not exempt, or for some purposes."""

    def find(policy: Policy, told: Told) -> Iterator[Against]:
        for row in policy.device_storage:
            is_that = not prefixes or any(covers(prefix, row.purpose) for prefix in prefixes)
            if row.type == "cookie" and is_that and (any_at_all or prefixes or not is_exempt(row)):
                needs = "" if is_exempt(row) else ", with consent required"
                yield Against(
                    what=f"cookie:{row.identifier}",
                    words=f"policy.yaml declares the cookie {row.identifier}{needs}",
                    at=row.at,
                )
        for site in told.sites:
            yield from _undeclared_cookies(policy, site, prefixes, any_at_all=any_at_all)

    return find


def _undeclared_cookies(
    policy: Policy, site: SiteEvidence, prefixes: tuple[str, ...], *, any_at_all: bool
) -> Iterator[Against]:
    """Object to cookies that no row covers: all, or those of services that are never necessary."""
    declarations = Declarations(policy, site)
    for cookie in site.cookies:
        is_kept = any(seen.is_kept for seen in cookie.sightings)
        is_declared = all(match.row for match, _ in declarations.matches_of(cookie))
        if is_declared or not is_kept:
            continue
        wanted = prefixes or NEVER_NECESSARY
        if any_at_all or _serves(site, cookie, wanted):
            whose = behind(site, cookie).called
            named = f" ({whose})" if whose else ""
            yield Against(
                what=cookie.label,
                words=f"`{cookie.name}`{named} is kept on visitors' devices, undeclared",
                seen=cookie.sightings,
            )


def _serves(site: SiteEvidence, item: Kept, prefixes: Iterable[str]) -> bool:
    purposes = behind(site, item).purposes
    return any(covers(prefix, purpose) for prefix in prefixes for purpose in purposes)


def _hosts(is_that: Callable[[Processor | None, Behind], bool]) -> Find:
    """Object to third parties that pages talk to, by who they are to policy.yaml and in fact."""

    def find(policy: Policy, told: Told) -> Iterator[Against]:
        for site in told.sites:
            declarations = Declarations(policy, site)
            for contact in site.contacts:
                declared = declarations.recipient(contact.requests[0])
                facts = site.hosts.get(contact.host) or Behind()
                if not declarations.is_first_party(contact.host) and is_that(declared, facts):
                    known = ", ".join(filter(None, (facts.called, facts.country)))
                    yield Against(
                        what=f"host:{contact.host}",
                        words=f"pages talk to {contact.host}" + (f" ({known})" if known else ""),
                        seen=contact.requests,
                    )

    return find


def _serving(*prefixes: str) -> Find:
    return _hosts(
        lambda _, facts: any(
            covers(prefix, purpose) for prefix in prefixes for purpose in facts.purposes
        )
    )


def _recipients(policy: Policy, _: Told) -> Iterator[Against]:
    """Object to whoever gets data; mildly to those who only act on our behalf (Art. 4(10))."""
    for processor in policy.processors:
        is_third = processor.role in _OWN_DECISIONS
        role = processor.role.replace("_", " ")
        yield Against(
            what=f"processor:{processor.id}",
            words=f"policy.yaml declares {processor.name or processor.id} ({role})",
            severity=Severity.HIGH if is_third else Severity.LOW,
            at=processor.at,
        )


def _abroad(policy: Policy, _: Told) -> Iterator[Against]:
    """Object to whoever handles data outside the EEA; mildly where nobody says where it is."""
    for processor in policy.processors:
        outside = [country for country in processor.countries if country not in EEA]
        if outside or not processor.countries:
            yield Against(
                what=f"processor:{processor.id}",
                words=f"policy.yaml declares {processor.id}, "
                + (f"in {', '.join(outside)}" if outside else "and not in which country it is"),
                severity=Severity.HIGH if outside else Severity.LOW,
                at=processor.at,
            )


def _categories(is_that: Callable[[str], bool]) -> Find:
    """Object to data of such a category that is declared, or was found in stores and accounts."""

    def find(policy: Policy, told: Told) -> Iterator[Against]:
        for activity in policy.processing_activities:
            if named := [key for key in activity.data_categories if is_that(key)]:
                yield Against(
                    what=f"activity:{activity.id}",
                    words=f"policy.yaml declares {', '.join(named)}, for {activity.id}",
                    at=activity.at,
                )
        for holder in told.holders:
            for table in holder.tables:
                for field in table.fields:
                    found = [one.category for one in field.found if is_that(one.category)]
                    if found:
                        words = f"{field.name} in {holder.subject} holds {', '.join(found)}"
                        yield Against(
                            what=f"field:{table.name}.{field.name}",
                            words=words,
                        )

    return find


def _automated(policy: Policy, _: Told) -> Iterator[Against]:
    decisions = policy.automated_decisions
    if decisions and decisions.in_use:
        yield Against(
            what="automated_decisions",
            words="policy.yaml says that automated decisions are in use",
            at=decisions.at,
        )


def _of_children(policy: Policy, _: Told) -> Iterator[Against]:
    for activity in policy.processing_activities:
        if "child" in activity.data_subjects:
            yield Against(
                what=f"activity:{activity.id}",
                words=f"policy.yaml declares data of children, for {activity.id}",
                at=activity.at,
            )


def _unused(policy: Policy, told: Told) -> Iterator[Against]:
    """Object to services that are named as not used; a sentence may mean one page only: medium."""
    unused = _about(told, "not_used")
    facts = [fact for fact in told.notice.of("absolute_claim") if fact.key == "not_used"]
    named = [structs.replace(fact, key=service) for fact in facts for service in fact.about]
    for processor in policy.processors:
        if any(names(fact, processor) for fact in named):
            yield Against(
                what=f"processor:{processor.id}",
                words=f"policy.yaml declares {processor.name or processor.id}",
                severity=Severity.MEDIUM,
                at=processor.at,
            )
    is_unused = _hosts(lambda _, facts: facts.service in unused)
    for one in is_unused(policy, told):
        yield structs.replace(one, severity=Severity.MEDIUM)
    for site in told.sites:
        items: tuple[Kept, ...] = (*site.cookies, *site.storage)
        for item in items:
            known = behind(site, item)
            if item.is_kept and known.service in unused:
                yield Against(
                    what=item.label,
                    words=f"`{item.name}` ({known.called}) is kept on visitors' devices",
                    severity=Severity.MEDIUM,
                    seen=item.sightings,
                )


def _uncollected(policy: Policy, told: Told) -> Iterator[Against]:
    named = _about(told, "not_collected")
    is_that = _categories(lambda key: any(covers(one, key) for one in named))
    yield from is_that(policy, told)


def _about(told: Told, claim: str) -> frozenset[str]:
    """Return what the sentences that claim this name."""
    claims = (fact for fact in told.notice.of("absolute_claim") if fact.key == claim)
    return frozenset(key for fact in claims for key in fact.about)


def _is_personal(key: str) -> bool:
    return covers("user", key)


FINDERS: Final[Mapping[str, tuple[Find, ...]]] = {
    "no_cookies": (_kept(any_at_all=True),),
    "only_necessary_cookies": (_kept(),),
    "no_tracking": (_purposes(*_FOLLOWING), _kept(*_FOLLOWING), _serving(*_FOLLOWING)),
    "no_analytics": (_purposes(*_STATISTICS), _kept(*_STATISTICS), _serving(*_STATISTICS)),
    "no_advertising": (_purposes(*_ADVERTISING), _kept(*_ADVERTISING), _serving(*_ADVERTISING)),
    "never_sell": (_purposes(*_SELLING, but=_BY_LAW),),
    "no_sharing": (_recipients, _hosts(lambda declared, _: declared is None)),
    "no_third_parties": (_recipients, _hosts(lambda *_: True)),
    "no_transfer": (
        _abroad,
        _hosts(lambda declared, facts: declared is None and facts.country not in EEA),
    ),
    "no_profiling": (_automated, _purposes(*_PROFILING)),
    "no_personal_data": (_categories(_is_personal),),
    "no_ip_addresses": (_categories(lambda key: covers(_ADDRESS, key)),),
    "no_special_categories": (_categories(is_special_category),),
    "no_children": (_of_children, _categories(lambda key: covers(_CHILDREN, key))),
    "not_used": (_unused,),
    "not_collected": (_uncollected,),
}

# What has to be looked at on sites before nothing there speaks against a claim.
LOOKED_AT: Final[Mapping[str, frozenset[Aspect]]] = {
    "no_cookies": frozenset({Aspect.COOKIES}),
    "only_necessary_cookies": frozenset({Aspect.COOKIES}),
    "no_tracking": frozenset({Aspect.COOKIES, Aspect.REQUESTS}),
    "no_analytics": frozenset({Aspect.COOKIES, Aspect.REQUESTS}),
    "no_advertising": frozenset({Aspect.COOKIES, Aspect.REQUESTS}),
    "no_third_parties": frozenset({Aspect.REQUESTS}),
    "no_sharing": frozenset({Aspect.REQUESTS}),
    "no_transfer": frozenset({Aspect.REQUESTS}),
    "not_used": frozenset({Aspect.COOKIES, Aspect.STORAGE, Aspect.REQUESTS}),
}
# Claims about data, which fields of stores and accounts would show.
IN_DATA: Final = frozenset(
    {
        "no_personal_data",
        "no_ip_addresses",
        "no_special_categories",
        "no_children",
        "not_collected",
    }
)
