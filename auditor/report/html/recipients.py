"""Who a site's pages talk to: third parties, countries, purposes, and what the visitor had chosen.

What a processor is for and where it is comes from policy.yaml; of one that nobody declared, the
catalogue may know (`auditor.evidence.Behind`), and the table says which of the two it was.
"""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from auditor.evidence import Behind, RequestSent, SiteEvidence, State
from auditor.matching import Declarations, states_without_consent, waits
from auditor.policy import Entry, Policy, Processor
from auditor.report.html.tables import Table, Tone, cell, table
from auditor.report.story import Story
from auditor.report.words import WORDS_OF_STATE
from auditor.vocabulary import PURPOSES, TRANSFER_MECHANISMS

UNKNOWN = "country not known"
CATALOGUE = " (by the catalogue, not by policy.yaml)"


class Flow(StrEnum):
    """When pages talk to a third party, beside what the policy says of consent."""

    AFTER = "only after consent"
    ALLOWED = "without consent, as declared"
    UNDECIDED = "without consent, and policy.yaml does not decide yet whether it may"
    EARLY = "without consent, and it is not declared so"
    UNSAID = "visitor's choice not known"


TONES: dict[Flow, Tone] = {
    Flow.AFTER: "good",
    Flow.EARLY: "bad",
    Flow.UNDECIDED: "warn",
    Flow.UNSAID: "warn",
}


class Recipient(Struct, frozen=True, kw_only=True):
    """A third party of one site. `processor` is None where policy.yaml does not declare it."""

    site: str
    name: str
    processor: Processor | None
    behind: Behind
    hosts: tuple[str, ...]
    states: tuple[State | None, ...]
    flow: Flow
    purposes: tuple[str, ...]
    country: str


def recipients(story: Story) -> tuple[Recipient, ...]:
    """Return every third party that was talked to, by site, then by name."""
    found: list[Recipient] = []
    for site in story.seen.sites:
        known: dict[str, list[tuple[RequestSent, Processor | None]]] = {}
        declarations = Declarations(story.policy, site)
        for request, owner in _talks(declarations, site):
            known.setdefault(_name(site, request.host, owner), []).append((request, owner))
        found += [_recipient(story.policy, site, name, talks) for name, talks in known.items()]
    return tuple(sorted(found, key=lambda each: (each.site, each.name.lower(), each.name)))


def _talks(
    declarations: Declarations, site: SiteEvidence
) -> Iterator[tuple[RequestSent, Processor | None]]:
    for contact in site.contacts:
        is_own = declarations.is_first_party(contact.host)
        for request in contact.requests:
            owner = declarations.recipient(request)
            if owner or not is_own:
                yield request, owner


def _name(site: SiteEvidence, host: str, owner: Processor | None) -> str:
    if owner:
        return owner.name or owner.id
    behind = site.hosts.get(host) or Behind()
    return behind.called or behind.owner or site.registrable_domain(host)


def _recipient(
    policy: Policy,
    site: SiteEvidence,
    name: str,
    talks: list[tuple[RequestSent, Processor | None]],
) -> Recipient:
    owner = next((owner for _, owner in talks if owner), None)
    hosts = tuple(sorted({request.host for request, _ in talks}))
    facts = (site.hosts.get(host) or Behind() for host in hosts)
    behind = next((each for each in facts if each.owner or each.called), Behind())
    states = {request.state for request, _ in talks}
    return Recipient(
        site=site.site,
        name=name,
        processor=owner,
        behind=behind,
        hosts=hosts,
        states=tuple(state for state in (*State, None) if state in states),
        flow=_flow(policy, site, states, owner),
        purposes=_purposes(policy, owner, behind),
        country=(owner.country if owner else behind.country) or "",
    )


def _flow(
    policy: Policy, site: SiteEvidence, states: set[State | None], owner: Processor | None
) -> Flow:
    if states & {*states_without_consent(policy, site)}:
        if owner and is_undecided(policy, owner, "consent"):
            return Flow.UNDECIDED
        return Flow.ALLOWED if owner and not waits(owner) else Flow.EARLY
    return Flow.UNSAID if states <= {None} else Flow.AFTER


def is_undecided(policy: Policy, entry: Entry, key: str) -> bool:
    """Return whether an entry of policy.yaml says `TODO` for a key."""
    return (entry.at, key) in policy.undecided_keys()


def _purposes(policy: Policy, owner: Processor | None, behind: Behind) -> tuple[str, ...]:
    keys = purposes_of(policy, owner) if owner else behind.purposes
    return tuple(PURPOSES[key].label if key in PURPOSES else key for key in keys)


def purposes_of(policy: Policy, owner: Processor) -> tuple[str, ...]:
    """Return what a processor is used for: the purposes of the activities that name it."""
    using = (each for each in policy.processing_activities if owner.id in each.processors)
    return tuple(dict.fromkeys(each.purpose for each in using if each.purpose))


def told(story: Story, found: tuple[Recipient, ...]) -> Table:
    """Return the same as a table, and the processors with which no page was seen to talk."""
    rows = [
        (
            cell(each.name, f"site {each.site}"),
            cell(*_declared(story.policy, each), tone="" if each.processor else "bad"),
            cell(*(each.purposes or ("not said",)), _whose_word(each)),
            cell(each.flow, *_states(each.states), tone=TONES.get(each.flow, "")),
            cell(_country(story.policy, each), *_safeguard(each.processor)),
            cell(*each.hosts),
        )
        for each in found
    ]
    met = {each.processor.id for each in found if each.processor}
    rows += [
        (
            cell(processor.name or processor.id),
            cell(f"policy.yaml, line {processor.at.line}"),
            cell(*(_purposes(story.policy, processor, Behind()) or ("not said",))),
            cell("no page was seen to talk to it", tone="dim"),
            cell(_at(story.policy, processor), *_safeguard(processor)),
            cell(*processor.domains),
        )
        for processor in story.policy.processors
        if processor.id not in met
    ]
    headers = "Who receives data | Declared | For what | When pages talk to it | Country | Hosts"
    return table("Third parties and countries", headers, rows, "recipient")


def _declared(policy: Policy, each: Recipient) -> Iterator[str]:
    if each.processor is None:
        yield "not declared"
        return
    yield f"policy.yaml, line {each.processor.at.line}"
    if is_undecided(policy, each.processor, "consent"):
        yield "consent: not decided yet"
    else:
        yield "needs consent" if waits(each.processor) else "needs no consent"


def _whose_word(each: Recipient) -> str:
    return CATALOGUE.strip() if each.purposes and not each.processor else ""


def _states(states: tuple[State | None, ...]) -> Iterator[str]:
    for state in states:
        yield WORDS_OF_STATE[state] if state else "the evidence does not say when"


def _country(policy: Policy, each: Recipient) -> str:
    if each.processor:
        return _at(policy, each.processor)
    return f"{each.country}{CATALOGUE}" if each.country else UNKNOWN


def _at(policy: Policy, processor: Processor) -> str:
    undecided = is_undecided(policy, processor, "country")
    return processor.country or ("country not decided yet" if undecided else UNKNOWN)


def _safeguard(processor: Processor | None) -> Iterator[str]:
    transfer = processor.transfer if processor else None
    if transfer and transfer.mechanism:
        known = TRANSFER_MECHANISMS.get(transfer.mechanism)
        yield known.label if known else transfer.mechanism
        yield transfer.details
