"""Every id is unique in its list, and every reference names something that is declared."""

from collections.abc import Collection, Iterable, Iterator

from auditor.names import matches
from auditor.policy import SELF, Account, Attestation, Claim, Field, Policy, Store, Table, Waiver
from auditor.policy_file.messages import Fault, shown
from auditor.policy_file.strict_yaml import JSON, Path
from auditor.vocabulary import nearest

LISTS = (
    "notices",
    "claims",
    "processors",
    "processing_activities",
    "sites",
    "stores",
    "accounts",
    "attestations",
    "waivers",
)
# Section, key, and the section in which what stands there is declared.
REFERENCES = (
    ("device_storage", "set_by", "processors"),
    ("device_storage", "sites", "sites"),
    ("processors", "sites", "sites"),
    ("processing_activities", "processors", "processors"),
    ("sites", "notices", "notices"),
    ("notices", "translation_of", "notices"),
    ("claims", "notice", "notices"),
    ("stores", "processor", "processors"),
    ("accounts", "processor", "processors"),
    ("accounts", "activities", "processing_activities"),
)
PREFIXES = {"sites": "site", "notices": "notice", "stores": "store", "accounts": "account"}


def id_faults(policy: Policy, written: JSON, checks: Collection[str]) -> Iterator[Fault]:
    """Yield repeated ids and references to what is not there."""
    ids = {section: declared_ids(written, section) for section in LISTS}
    yield from _repeated(policy)
    for path, value, section in _references(policy):
        known = [*ids[section], *([SELF] if section == "processors" else [])]
        if value not in known:
            yield _dangling(path, value, f"declared under {section}", known)
    subjects = subjects_of(policy, ids)
    for index, claim in enumerate(policy.claims):
        yield from _claim_faults(index, claim, checks)
    names = [f"claim:{claim}" for claim in ids["claims"]]
    for index, stated in enumerate(policy.attestations):
        yield from _attestation_faults(index, stated, names, subjects, checks)
    for index, waiver in enumerate(policy.waivers):
        yield from _waiver_faults(index, waiver, subjects, checks)


def declared_ids(written: JSON, section: str) -> list[str]:
    """Return the ids that a list declares, unfinished entries included."""
    entries = written.get(section) if isinstance(written, dict) else None
    found = (
        [e.get("id") for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
    )
    return [item for item in found if isinstance(item, str)]


def subjects_of(policy: Policy, ids: dict[str, list[str]]) -> list[str]:
    """Return every subject, unfinished entries included."""
    entries = [f"{prefix}:{i}" for section, prefix in PREFIXES.items() for i in ids[section]]
    return [*entries, *(["code"] if policy.code else []), "policy"]


def _repeated(policy: Policy) -> Iterator[Fault]:
    for section in LISTS:
        first: dict[str, int] = {}
        for index, entry in enumerate(getattr(policy, section)):
            path = (section, index, "id")
            if section == "processors" and entry.id == SELF:
                yield Fault(path=path, message="self is reserved: it means the controller")
            if entry.id in first:
                line = getattr(policy, section)[first[entry.id]].at.line
                message = f"{shown(entry.id)} is already used in line {line}; ids are unique"
                yield Fault(path=path, message=message)
            first.setdefault(entry.id, index)


def _references(policy: Policy) -> Iterator[tuple[Path, str, str]]:
    """Yield (path, id, section it must be declared in) of every reference."""
    for section, key, target in REFERENCES:
        for i, entry in enumerate(getattr(policy, section)):
            value = getattr(entry, key)
            if isinstance(value, tuple):
                yield from _each((section, i, key), value, target)
            elif value:
                yield (section, i, key), value, target
    holders: tuple[tuple[str, tuple[Store | Account, ...]], ...] = (
        ("stores", policy.stores),
        ("accounts", policy.accounts),
    )
    for section, entries in holders:
        for i, holder in enumerate(entries):
            yield from _table_references((section, i), holder.tables)


def _table_references(holder: Path, tables: tuple[Table, ...]) -> Iterator[tuple[Path, str, str]]:
    section = "processing_activities"
    for i, table in enumerate(tables):
        path = (*holder, "tables", i)
        yield from _each((*path, "activities"), table.activities, section)
        for name, field in table.fields.items():
            if isinstance(field, Field) and field.activity:
                yield (*path, "fields", name, "activity"), field.activity, section
        if table.consent and table.consent.activity:
            yield (*path, "consent", "activity"), table.consent.activity, section


def _each(path: Path, ids: Iterable[str], section: str) -> Iterator[tuple[Path, str, str]]:
    for index, value in enumerate(ids):
        yield (*path, index), value, section


def _claim_faults(index: int, claim: Claim, checks: Collection[str]) -> Iterator[Fault]:
    if isinstance(claim.covered_by, tuple):
        for place, check in enumerate(claim.covered_by):
            if check not in checks:
                path = ("claims", index, "covered_by", place)
                yield _dangling(path, check, "a known check", checks)


def _dangling(path: Path, value: str, wanted: str, known: Iterable[str]) -> Fault:
    guess = nearest(value, list(known))
    end = f"; did you mean {guess}?" if guess else ""
    return Fault(path=path, message=f"{shown(value)} is not {wanted}{end}")


def _attestation_faults(
    index: int,
    stated: Attestation,
    claims: Collection[str],
    subjects: Collection[str],
    checks: Collection[str],
) -> Iterator[Fault]:
    path = ("attestations", index, "covers")
    subject, _, check = stated.covers.rpartition(":")
    if not stated.covers or stated.covers in claims:
        return
    if subject not in subjects:
        words = "a declared subject or claim (write SUBJECT:CHECK or claim:ID)"
        yield _dangling(path, stated.covers, words, [*claims, *subjects])
    elif check not in checks:
        yield _dangling(path, check, "a known check", checks)


def _waiver_faults(
    index: int, waiver: Waiver, subjects: Collection[str], checks: Collection[str]
) -> Iterator[Fault]:
    if waiver.check and waiver.check not in checks:
        yield _dangling(("waivers", index, "check"), waiver.check, "a known check", checks)
    if waiver.subject and not any(matches(waiver.subject, subject) for subject in subjects):
        path = ("waivers", index, "subject")
        yield _dangling(path, waiver.subject, "a declared subject", subjects)
