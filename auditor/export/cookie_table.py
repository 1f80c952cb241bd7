"""The cookie table of a notice: name, provider, purpose, lifetime and choice of each row.

Source: ePrivacy Art. 5(3); CJEU C-673/17 (Planet49): how long each lasts, and who has access.
"""

from auditor.export.format import Wanted
from auditor.export.fragment import Cell, Fragment, in_both, origin_of
from auditor.export.undecided import is_undecided
from auditor.export.words import Words, words
from auditor.export.words.lengths import in_words
from auditor.policy import SELF, Policy, StorageRow


def cookie_table(wanted: Wanted, name: str) -> Fragment:
    """Return every row of `device_storage` in words: our own first, then by provider."""
    said = words(wanted.language)
    policy = wanted.policy
    rows = sorted(policy.device_storage, key=lambda row: _order(policy, row))
    heads = ("name", "kind", "provider", "purpose", "lifetime", "consent")
    return Fragment(
        origin=origin_of(wanted, name),
        caption=said.texts["cookies"],
        heads=tuple(said.texts[head] for head in heads),
        rows=tuple(tuple(Cell(text=text) for text in _row(policy, row, said)) for row in rows),
        nothing=said.texts["nothing"],
    )


def _row(policy: Policy, row: StorageRow, said: Words) -> tuple[str, ...]:
    return (
        row.identifier,
        said.kinds[row.type],
        _provider(policy, row.set_by),
        _purpose(policy, row, said),
        _lifetime(policy, row, said),
        _choice(policy, row, said),
    )


def _order(policy: Policy, row: StorageRow) -> tuple[str | bool | tuple[str, ...], ...]:
    provider = _provider(policy, row.set_by).casefold()
    last = (row.type, row.domains, row.pages, row.purpose, row.max_age or "")
    return (row.set_by != SELF, provider, row.identifier.casefold(), row.identifier, *last)


def _provider(policy: Policy, set_by: str) -> str:
    if set_by == SELF:
        return policy.controller.name
    processor = policy.processor(set_by)
    return (processor.name or processor.legal_name if processor else "") or set_by


def _purpose(policy: Policy, row: StorageRow, said: Words) -> str:
    known = said.purpose(row.purpose) if row.purpose else ""
    label = known or _missing(policy, row, "purpose", said)
    return f"{label}: {row.description}" if row.description else label


def _lifetime(policy: Policy, row: StorageRow, said: Words) -> str:
    by_kind = {"session_storage": "tab", "device_access": "only_read"}
    if row.type != "cookie":
        return said.texts[by_kind.get(row.type, "until_deleted")]
    if row.max_age is None:
        return _missing(policy, row, "max_age", said)
    if row.max_age == "session":
        return said.texts["session"]
    period = in_words(row.max_age, said)
    return said.texts["renewed"].format(period=period) if row.refresh else period


def _choice(policy: Policy, row: StorageRow, said: Words) -> str:
    if is_undecided(policy, row, "consent"):
        return said.texts["undecided"]
    return said.consents[row.consent]


def _missing(policy: Policy, row: StorageRow, key: str, said: Words) -> str:
    return said.texts["undecided" if is_undecided(policy, row, key) else "not_said"]


COOKIE_TABLE = in_both("cookie-table", "the cookie table of a notice", cookie_table)
