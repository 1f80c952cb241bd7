"""Leaks: what people type goes where it was promised, and nowhere else (GDPR Art. 5(1)(f))."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct, structs

from auditor import example
from auditor.check import Example, check
from auditor.evidence import (
    FIRST_ERROR,
    Aspect,
    FormTyped,
    Gap,
    LeakSeen,
    Reason,
    RequestSent,
    SiteEvidence,
    State,
)
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import Declarations, Sight, asks_beforehand, waits
from auditor.policy import Policy, Processor, StorageType
from auditor.sighting import sightings
from auditor.vocabulary import covers

OFF: Final = (
    "type_into_forms is off for this site: nobody typed anything, so no leak could be seen"
)
DIGESTS: Final = frozenset({"md5", "sha1", "sha256", "sha512"})
KEPT: Final[dict[str, StorageType]] = {
    "cookie": "cookie",
    "local_storage": "local_storage",
    "session_storage": "session_storage",
}
REFUSED: Final = frozenset({State.REJECT, State.WITHDRAW, State.GPC})

TYPES = f"sites: [{{id: www, url: {example.HOME}, probes: {{type_into_forms: true}}}}]"
MAIL = f"""
{TYPES}
processors:
  - id: letters
    domains: ["*.letters.example"]
    consent: not_required
processing_activities:
  - id: newsletter
    data_categories: [user.contact.email]
    processors: [letters]
"""
SENT = (example.page(), example.typed("email"), example.leak("api.letters.example"))


class Case(Struct, frozen=True, kw_only=True):
    """What is wrong with a leak; leaks of one object and one facet are one finding."""

    object: str
    facet: str
    severity: Severity
    message: str
    owner: Processor | None = None
    keys: tuple[str, ...] = ()


@check(
    "personal-data-leak",
    title="What people type reaches nobody else",
    needs=SiteEvidence,
    references=["gdpr:5-1-f", "gdpr:13-1-e", "eprivacy:5-3"],
    looks_at=[Aspect.INPUT, Aspect.REQUESTS],
    passing=Example(policy=MAIL, seen=SENT),
    failing=Example(policy=TYPES, seen=SENT),
)
def leaked_data(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Stop the script that reads the form: turn off automatic matching, mask or exclude the field.

    Data was typed into the pages' forms and not sent off, and went out all the same. Digests
    (SHA-256 of an e-mail address) are personal data too: who has the address can make them. If a
    third party needs the data, name it in an activity with these `data_categories`, tell people,
    and send it when they submit the form. Send forms by POST: addresses end up in logs.
    """
    leaks = [seen for seen in site.observations if isinstance(seen, LeakSeen)]
    declared = policy.site(site.site)
    is_on = declared is not None and declared.probes.type_into_forms
    if not is_on and not leaks:
        yield NotApplicable(why=OFF)
        return
    if is_on:
        yield from _untyped(site)
    yield from _findings(policy, site, leaks)


def _untyped(site: SiteEvidence) -> Iterator[Gap]:
    """Yield a gap for each state with pages on which nobody typed."""
    done = {(seen.state, seen.page) for seen in site.observations if isinstance(seen, FormTyped)}
    missing: dict[State | None, list[str]] = {}
    for page in site.pages:
        if page.status < FIRST_ERROR and (page.state, page.page) not in done:
            missing.setdefault(page.state, []).append(page.url)
    for state, urls in missing.items():
        pages = sorted(set(urls))
        what = f"typing on {pages[0]}"
        if len(pages) > 1:
            what += f" and {len(pages) - 1} more"
        needs = "a visit that types into its forms: recordings, and older visits, do not"
        yield Gap(what=what, reason=Reason.NOT_IN_EVIDENCE, needs=needs, state=state)


def _findings(policy: Policy, site: SiteEvidence, leaks: list[LeakSeen]) -> Iterator[Finding]:
    judge = _Judge(policy, site)
    cases: dict[tuple[str, str], tuple[Case, list[LeakSeen]]] = {}
    for leak in leaks:
        if case := judge.case(leak):
            cases.setdefault((case.object, case.facet), (case, []))[1].append(leak)
    declared = policy.site(site.site)
    for case, seen in cases.values():
        abroad = case.severity is Severity.CRITICAL
        place = declared.at if declared and not abroad else policy.section("processors")
        yield Finding(
            object=case.object,
            facet=case.facet,
            keys=case.keys,
            severity=case.severity,
            message=case.message,
            at=case.owner.at if case.owner else place,
            seen=sightings(seen),
            remedies=_abroad(seen[0]) if abroad else _at_home(case),
        )


class _Judge:
    """Knows who may have which data, and when."""

    def __init__(self, policy: Policy, site: SiteEvidence) -> None:
        self._activities = policy.processing_activities
        self._declarations = Declarations(policy, site)
        self._beforehand = asks_beforehand(policy, site)
        self._contacts = {contact.host: contact.requests for contact in site.contacts}

    def case(self, leak: LeakSeen) -> Case | None:
        """Return what is wrong with where some data went, None for nothing."""
        owner = self._owner(leak)
        if owner is None:
            ours = self._declarations.is_first_party(leak.host)
            return (
                self._ours(leak) if ours else _theirs(leak, "no processor in policy.yaml owns it")
            )
        if not self._may_have(leak, owner):
            return _theirs(leak, f"no activity gives {owner.id} {leak.category}", owner)
        if waits(owner) and self._is_early(leak):
            why = f"{owner.id} needs consent, and the visitor ({leak.state}) has not agreed"
            case = _theirs(leak, why, owner)
            return structs.replace(case, facet=f"{leak.data} {leak.state}", keys=("consent",))
        return None

    def _is_early(self, leak: LeakSeen) -> bool:
        """Return whether the visitor has not agreed; of some recordings nobody knows."""
        return leak.state in REFUSED or (leak.state is State.BEFORE and self._beforehand)

    def _owner(self, leak: LeakSeen) -> Processor | None:
        """Return whose the host is; where paths differ, all that was asked of it has to agree."""
        asked = self._contacts.get(leak.host, ())
        owners = {self._declarations.recipient(request) for request in asked}
        if len(owners) == 1:
            return owners.pop()
        url = f"https://{leak.host}/"
        return self._declarations.recipient(RequestSent(url=url, host=leak.host))

    def _may_have(self, leak: LeakSeen, owner: Processor) -> bool:
        return any(
            covers(category, leak.category)
            for activity in self._activities
            if owner.id in activity.processors
            for category in activity.data_categories
        )

    def _ours(self, leak: LeakSeen) -> Case | None:
        """Return what is careless about data that stays with the site itself."""
        if leak.place == "url":
            return Case(
                object=f"host:{leak.host}",
                facet=f"url {leak.data}",
                severity=Severity.MEDIUM,
                message=f"an address of {leak.host} holds what people type ({_named(leak)}):"
                " addresses are kept in logs and histories, and told to others",
            )
        kind = KEPT.get(leak.place)
        if kind is None or DIGESTS.intersection(leak.encoding) or self._is_declared(leak, kind):
            return None
        where = f"@{leak.host}" if kind == "cookie" else ""
        return Case(
            object=f"{kind}:{leak.name}{where}",
            facet=f"kept {leak.data}",
            severity=Severity.LOW,
            message=f"`{leak.name}` keeps what people type ({_named(leak)}), and no row says so",
        )

    def _is_declared(self, leak: LeakSeen, kind: StorageType) -> bool:
        sight = Sight(
            type=kind, name=leak.name, domain=leak.host, page=leak.page, travelled=kind == "cookie"
        )
        return self._declarations.match(sight).is_declared


def _theirs(leak: LeakSeen, why: str, owner: Processor | None = None) -> Case:
    whose = f"{owner.name or owner.id} ({leak.host})" if owner else leak.host
    when = "" if leak.moment == "sent" else " before they send it"
    return Case(
        object=f"host:{leak.host}",
        facet=leak.data,
        severity=Severity.CRITICAL,
        message=f"what people type ({_named(leak)}) reaches {whose}{when}; {why}",
        owner=owner,
    )


def _named(leak: LeakSeen) -> str:
    return leak.data.replace("_", " ")


def _at_home(case: Case) -> tuple[Remedy, ...]:
    if case.severity is Severity.MEDIUM:
        return (Remedy(kind="remove", text="send it by POST, in the body"),)
    return (
        Remedy(kind="remove", text="keep it in memory, until the form is sent"),
        Remedy(kind="declare", text="add a row to device_storage, and tell people in the notice"),
    )


def _abroad(leak: LeakSeen) -> tuple[Remedy, ...]:
    return (
        Remedy(kind="remove", text="keep the script from reading the form, or take it out"),
        Remedy(kind="gate", text="send it when the form is sent, after the visitor agreed"),
        Remedy(
            kind="declare",
            text=f"if it is needed: name who gets it in an activity with {leak.category} among its"
            " data_categories, and in the notice",
        ),
    )
