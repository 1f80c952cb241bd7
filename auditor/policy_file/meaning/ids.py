"""Every id is unique in its list, and every reference names something that is declared."""

from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

from auditor.policy import SELF, Account, Claim, Field, Policy, Store, Table, Waiver
from auditor.policy_file.messages import Fault, shown
from auditor.policy_file.strict_yaml import JSON, Path
from auditor.policy_file.todo import TODO
from auditor.vocabulary import CHECK_SCOPES, SCOPES, nearest

Ids: TypeAlias = dict[str, None]  # in the order of the file; quick to look up

LISTS = (
    "notices",
    "claims",
    "processors",
    "processing_activities",
    "sites",
    "stores",
    "accounts",
    "detectors",
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
    """Yield repeated ids and references to what is not there.

    `written` is the file's tree with its `TODO`s: an id counts as declared even where its entry
    is unfinished, and where an id or a whole list is `TODO`, every id may yet be declared there.
    """
    ids = {section: _declared_ids(written, section) for section in LISTS}
    yield from _repeated(policy)
    for path, value, section in _references(policy):
        if value not in ids[section] and TODO not in ids[section]:
            yield _dangling(path, value, f"declared under {section}", ids[section])
    for index, claim in enumerate(policy.claims):
        yield from _claim_faults(index, claim, checks)
    subjects = _subjects(written, ids)
    claims = dict.fromkeys(f"claim:{claim}" for claim in ids["claims"])
    for index, stated in enumerate(policy.attestations):
        path = ("attestations", index, "covers")
        yield from _attestation_faults(path, stated.covers, claims, subjects, checks)
    for index, waiver in enumerate(policy.waivers):
        yield from _waiver_faults(index, waiver, subjects, checks)


def _declared_ids(written: JSON, section: str) -> Ids:
    """Return the ids that a list declares, and `TODO` where some are not decided yet."""
    entries = written.get(section, []) if isinstance(written, dict) else []
    found = [
        entry.get("id") if isinstance(entry, dict) else entry
        for entry in (entries if isinstance(entries, list) else [entries])
    ]
    ids = [SELF, *found] if section == "processors" else found
    return dict.fromkeys(item for item in ids if isinstance(item, str))


def _subjects(written: JSON, ids: dict[str, Ids]) -> Ids:
    """Return every subject, unfinished entries included."""
    entries = [f"{prefix}:{i}" for section, prefix in PREFIXES.items() for i in ids[section]]
    has_code = isinstance(written, dict) and "code" in written
    return dict.fromkeys([*entries, *(["code"] if has_code else []), "policy"])


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


def _is_open(subject: str, subjects: Ids) -> bool:
    """Return whether a subject may yet be declared: some id of its kind is `TODO`."""
    return f"{subject.partition(':')[0]}:{TODO}" in subjects


def _attestation_faults(
    path: Path, covers: str, claims: Ids, subjects: Ids, checks: Collection[str]
) -> Iterator[Fault]:
    subject, _, check = covers.rpartition(":")
    if not covers or covers in claims or _is_open(covers, claims):
        return
    if not subject:
        yield Fault(path=path, message=f"{shown(covers)} is neither SUBJECT:CHECK nor claim:ID")
    elif subject == "claim":
        yield _dangling(path, covers, "a declared claim", claims)
    elif subject not in subjects and not _is_open(subject, subjects):
        yield _dangling(path, subject, "a declared subject", subjects)
    elif check not in checks:
        yield _dangling(path, check, "a known check", checks)
    elif (scopes := CHECK_SCOPES.get(check)) and _scope(subject) not in scopes:
        message = f"{check} does not look at {shown(subject)}; it looks at: {', '.join(scopes)}"
        yield Fault(path=path, message=message)


def _scope(subject: str) -> str:
    """Return the scope to which a subject belongs."""
    kind = subject.partition(":")[0]
    return next((scope for scope in SCOPES if scope.removesuffix("s") == kind), kind)


def _waiver_faults(
    index: int, waiver: Waiver, subjects: Ids, checks: Collection[str]
) -> Iterator[Fault]:
    if waiver.check and waiver.check not in checks:
        yield _dangling(("waivers", index, "check"), waiver.check, "a known check", checks)
    # A pattern is not looked up here: one that fits nothing is told by waiver-unused.
    subject = waiver.subject
    if not subject or "*" in subject or subject in subjects:
        return
    if not _is_open(subject, subjects):
        path = ("waivers", index, "subject")
        yield _dangling(path, subject, "a declared subject", subjects)
