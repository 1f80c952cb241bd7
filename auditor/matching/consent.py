"""What may be used only after consent, and whether it was used (contract, meaning 5)."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from auditor.evidence import (
    Cookie,
    CookieSent,
    CookieSet,
    RequestSent,
    SiteEvidence,
    State,
    StorageKept,
)
from auditor.matching.declarations import Declarations, Kept
from auditor.policy import Jurisdiction, Policy, Processor, StorageRow

Asks = Callable[[StorageRow | Processor], bool]


class Use(Struct, frozen=True, kw_only=True):
    """Something that was used: what is kept by a row, or a processor that pages talk to.

    `where` tells apart what others keep under the same name, `action` is what to do later.
    """

    object: str
    name: str
    entry: StorageRow | Processor
    action: str
    where: str = ""
    seen: tuple[CookieSet | CookieSent | StorageKept | RequestSent, ...]

    def sentence(self, why: str, when: str) -> str:
        """Return what happened: `why` it should not, `when` it did."""
        if isinstance(self.entry, Processor):
            return f"pages talk to {self.name}, which {why}, {when}"
        return f"`{self.name}`{self.where} {why}, and is there {when}"


def laws_of(policy: Policy, seen: SiteEvidence) -> tuple[Jurisdiction, ...]:
    """Return the laws whose rules apply to a site."""
    site = policy.site(seen.site)
    return policy.jurisdictions_of(site) if site else policy.jurisdictions


def asks_beforehand(policy: Policy, seen: SiteEvidence) -> bool:
    """Return whether consent is asked for before the visitor's choice, not only obeyed after."""
    return bool({"eprivacy", "eu-gdpr"} & {*laws_of(policy, seen)})


def waits(entry: StorageRow | Processor) -> bool:
    """Return whether the policy says that this needs consent."""
    return entry.consent == "required"


def declares(declarations: Declarations, asks: Asks = waits) -> bool:
    """Return whether the policy declares anything for this site of which this is asked."""
    return any(map(asks, declarations.rows)) or any(
        asks(processor) and processor.domains for processor in declarations.processors
    )


def may_need_consent(declarations: Declarations, seen: SiteEvidence) -> bool:
    """Return whether anything declared or seen needs consent; so does what nobody declared."""
    items: tuple[Kept, ...] = (*seen.cookies, *seen.storage)
    return (
        declares(declarations)
        or any(_is_unknown(declarations, item) for item in items)
        or any(
            not declarations.is_first_party(contact.host)
            and any(declarations.recipient(request) is None for request in contact.requests)
            for contact in seen.contacts
        )
    )


def _is_unknown(declarations: Declarations, item: Kept) -> bool:
    return item.is_kept and not all(
        match.is_declared for match, _ in declarations.matches_of(item)
    )


def uses(
    declarations: Declarations, seen: SiteEvidence, state: State, asks: Asks = waits
) -> Iterator[Use]:
    """Yield what was used in a visitor state, of what is declared and of which this is asked.

    What no row covers is not here: that is `cookie-undeclared` and its like.
    """
    items: tuple[Kept, ...] = (*seen.cookies, *seen.storage)
    for item in items:
        yield from _kept(declarations, item, state, asks)
    yield from _reached(declarations, seen, state, asks)


def _kept(declarations: Declarations, item: Kept, state: State, asks: Asks) -> Iterator[Use]:
    for match, sightings in declarations.matches_of(item):
        row = match.row
        if row is None or not match.is_declared or not asks(row):
            continue
        there = tuple(one for one in sightings if one.state is state and _is_kept(one))
        if there:
            yield Use(
                object=item.label,
                name=item.name,
                entry=row,
                action="set it" if isinstance(item, Cookie) else "keep it",
                where=_elsewhere(declarations, item),
                seen=there,
            )


def _is_kept(seen: CookieSet | CookieSent | StorageKept) -> bool:
    """Return whether it is on the device; of stored items, only those that are have sightings."""
    return isinstance(seen, StorageKept) or seen.is_kept


def _elsewhere(declarations: Declarations, item: Kept) -> str:
    """Tell apart what others keep under the same name; a cookie's object says whose it is."""
    if isinstance(item, Cookie) or declarations.is_first_party(item.domain):
        return ""
    return f" on {item.domain}"


def _reached(
    declarations: Declarations, seen: SiteEvidence, state: State, asks: Asks
) -> Iterator[Use]:
    """Yield the processors that pages talk to, each once."""
    requests: dict[str, list[RequestSent]] = {}
    owners: dict[str, Processor] = {}
    for contact in seen.contacts:
        for request in contact.requests:
            owner = declarations.recipient(request) if request.state is state else None
            if owner and asks(owner):
                owners[owner.id] = owner
                requests.setdefault(owner.id, []).append(request)
    for name, owner in owners.items():
        yield Use(
            object=f"processor:{name}",
            name=owner.name or name,
            entry=owner,
            action="load it",
            seen=tuple(requests[name]),
        )
