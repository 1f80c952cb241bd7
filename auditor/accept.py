"""Write a finding's way out into policy.yaml: a declaration, or a waiver with an end.

Only ever adds: the text is inserted, every other character stays, and the result is read back
before anything is written. A declaration leaves what a person must decide as `TODO`.
"""

import json
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import chain, count
from pathlib import Path

from msgspec import Struct

from auditor.errors import AuditError, PolicyError, UsageError
from auditor.files import write_safely
from auditor.findings import JudgedFinding, Report, Result
from auditor.names import is_only_an_id
from auditor.policy import Policy
from auditor.policy_file import load_policy, read_policy
from auditor.policy_file.strict_yaml import Document, read_document
from auditor.report.json import decode_report

DEFAULT_DAYS = 90
SHORTEST_PREFIX = 4


class WaiverTerms(Struct, frozen=True, kw_only=True):
    """What a waiver says beside what it covers."""

    justification: str
    owner: str
    approved_by: str
    created: date
    expires: date | None = None
    planned_fix: str = ""


class Addition(Struct, frozen=True, kw_only=True):
    """What is written: the section, and the entry as YAML lines without indentation."""

    section: str
    entry: str


def read_report(path: Path) -> Report:
    """Read a `report.json`; `AuditError` says what is wrong with another file."""
    try:
        return decode_report(path.read_bytes(), str(path))
    except OSError as error:
        message = f"{path}: {error.strerror}; write one with --format json={path}"
        raise AuditError(message) from error


def read_report_about(policy: Policy, given: str, last: Path) -> Report:
    """Read the report that is given, else the last run's; refuse one about another policy."""
    report = read_report(Path(given) if given else last)
    if report.policy.sha256 != policy.origin.sha256:
        called = given or "the last run's report"
        message = (
            f"{called} is about another {policy.origin.path}: that has changed since; run `audit`"
            " again, or give this policy's report with --report FILE"
        )
        raise UsageError(message)
    return report


def find(report: Report, fingerprint: str) -> tuple[Result, JudgedFinding]:
    """Return the finding whose fingerprint begins so; it must be the only one."""
    if len(fingerprint) < SHORTEST_PREFIX:
        raise UsageError(f"{fingerprint}: give at least {SHORTEST_PREFIX} characters")
    fitting = [
        (result, finding)
        for result in report.results
        for finding in result.findings
        if finding.fingerprint.startswith(fingerprint.lower())
    ]
    if len(fitting) != 1:
        found = "no finding" if not fitting else f"{len(fitting)} findings"
        message = f"{fingerprint}: {found} of the last report begins so; run the audit again"
        raise UsageError(message if not fitting else f"{fingerprint}: {found}; give more of it")
    return fitting[0]


def declaration(finding: JudgedFinding) -> Addition:
    """Return the entry that declares what was found."""
    stanza = next((remedy.yaml for remedy in finding.remedies if remedy.is_entry), "")
    if not stanza:
        message = (
            f"{finding.fingerprint[:8]} ({finding.object}) cannot be declared away: change what"
            " happens, correct the entry by hand, or accept it for a time with --waive"
        )
        raise UsageError(message)
    head, _, body = stanza.partition("\n")
    return Addition(section=head.rstrip(":"), entry=_dedent(body))


def free_id(finding: JudgedFinding, taken: Collection[str]) -> str:
    """Return an id for a waiver that no other one has: an earlier one may have run out."""
    first = f"W-{finding.fingerprint[:8]}"
    others = (f"{first}-{number}" for number in count(2))
    return next(one for one in chain((first,), others) if one not in taken)


def is_nameable(finding: JudgedFinding) -> bool:
    """Return whether a waiver can name what a finding is about, and nothing else.

    A cookie whose name is nothing but an id is kept as `*`: a waiver of it would cover all.
    """
    name = finding.object.partition(":")[2]
    alone = name.rpartition("@")[0] or name
    return finding.object.isprintable() and not ("*" in alone and is_only_an_id(alone))


def waiver(result: Result, finding: JudgedFinding, terms: WaiverTerms, name: str = "") -> Addition:
    """Return a waiver for one finding; 90 days where no end is given. `name` is its id.

    `UsageError` where it cannot be named (`is_nameable`).
    """
    if not is_nameable(finding):
        what = "a waiver of that would cover nearly everything, or cannot be written"
        raise UsageError(f"{finding.object!r}: {what}; stop it instead")
    expires = terms.expires or terms.created + timedelta(days=DEFAULT_DAYS)
    said = {
        "id": name or free_id(finding, ()),
        "check": result.check,
        "subject": result.subject,
        "object": finding.object,
        "justification": terms.justification,
        "planned_fix": terms.planned_fix,
        "owner": terms.owner,
        "approved_by": terms.approved_by,
        "created": terms.created.isoformat(),
        "expires": expires.isoformat(),
    }
    # a JSON string is a YAML string: whatever was seen stays a value
    lines = [f"{key}: {json.dumps(value)}" for key, value in said.items() if value]
    return Addition(section="waivers", entry="- " + "\n  ".join(lines))


def add(path: Path, additions: Sequence[Addition], known_checks: Collection[str]) -> None:
    """Insert entries into policy.yaml; nothing is written unless the result reads back well."""
    before = load_policy(path, known_checks)
    text = before.origin.text
    for addition in additions:
        text = insert(text, addition, str(path))
    try:
        after = read_policy(text.encode(), str(path), path.parent, known_checks)
    except PolicyError as error:
        message = f"the policy would not be valid:\n{error}"
        raise UsageError(message) from error
    if len(after.origin.sections) < len(before.origin.sections):
        raise UsageError("a section would be lost; add the entry by hand")
    write_safely(path, text.encode())


def insert(text: str, addition: Addition, shown_as: str) -> str:
    """Return the text with an entry at the end of its section, or with a new section."""
    document = read_document(text.encode(), shown_as)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    key = document.keys.get((addition.section,))
    if key is None:
        body = [*lines, "", f"{addition.section}:", *_indented(addition.entry, 2)]
        return newline.join(body) + newline
    entries = document.tree[addition.section]
    if not entries:
        head = f"{addition.section}:"
        lines[key.line - 1 : key.line] = [head, *_indented(addition.entry, 2)]
        return newline.join(lines) + newline
    first = document.values[(addition.section,)]
    if lines[first.line - 1][first.column - 1] == "[":
        message = (
            f"{shown_as}:{first.line}: {addition.section} is written in one line; write it as a"
            f" list with `-`, or add by hand:\n{addition.entry}"
        )
        raise UsageError(message)
    last = _last_line(document, addition.section, lines)
    lines[last:last] = _indented(addition.entry, first.column - 1)
    return newline.join(lines) + newline


def _last_line(document: Document, section: str, lines: list[str]) -> int:
    """Return the section's last line; comments before the next key belong to that one."""
    start = document.keys[(section,)].line
    later = [at.line for path, at in document.keys.items() if len(path) == 1 and at.line > start]
    last = min(later) - 1 if later else len(lines)
    while last > start and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
        last -= 1
    return last


def _indented(entry: str, columns: int) -> list[str]:
    return [" " * columns + line for line in entry.splitlines()]


def _dedent(body: str) -> str:
    return "\n".join(line.removeprefix("  ") for line in body.splitlines())
