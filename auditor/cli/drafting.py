"""`audit init`: a first policy.yaml, from a notice, a site, or recordings of one."""

import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec import structs

from auditor.cli.looking import looking_from
from auditor.cli.output import progress_for, say
from auditor.collect.notices.collecting import read_notice
from auditor.collect.notices.fetching import fetch, read_file
from auditor.collect.refused import RefusedError
from auditor.collect.site.planning import Looking
from auditor.discovery import discover, scopes_by_id
from auditor.draft import Entry, Told, Written, from_findings, from_notice, hosts_of, write_draft
from auditor.draft.entries import comment, slug
from auditor.draft.seen import DECLARING
from auditor.engine import AnyCheck
from auditor.errors import PolicyError, UsageError
from auditor.evidence import Gap
from auditor.files import write_safely
from auditor.gather import Subjects, look
from auditor.inspect.bundle import site_at
from auditor.policy import Policy
from auditor.policy_file import read_policy
from auditor.policy_file.strict_yaml import MAX_BYTES
from auditor.report.safe import visible
from auditor.run import Options, report_on

SITE = "www"
_COUNTED = ("processors", "processing_activities", "device_storage", "claims", "rights")
_MOST_GAPS = 8


class _File(NamedTuple):
    """The policy.yaml that is drafted, what it says before ("" for a new one), and the checks."""

    path: Path
    existing: str
    checks: tuple[AnyCheck, ...]

    def with_entries(self, entries: Iterable[Entry]) -> tuple[Written, Policy]:
        """Return the file with entries, which must load."""
        written = write_draft(entries, self.existing, str(self.path))
        known = scopes_by_id(self.checks)
        try:
            return written, read_policy(
                written.text.encode(), str(self.path), self.path.parent, known
            )
        except PolicyError as error:
            message = f"nothing was written: the draft would not load:\n{error}"
            raise UsageError(message) from error


def draft(arguments: Namespace) -> bool:
    """Draft, write and tell; return whether all that was named could be read."""
    if not (arguments.notice or arguments.site or arguments.har):
        raise UsageError("nothing to draft from: name a notice (--notice) or a site (--site)")
    if arguments.har and not arguments.site:
        raise UsageError("--har: also say of which site, with --site URL")
    path = Path(arguments.output or arguments.policy)
    file = _File(path, _existing(path), discover())
    looking = looking_from(arguments)
    told = [_told(text, path, looking, arguments.notice) for text in arguments.notice]
    entries = [entry for one in told for entry in from_notice(one)]
    if not told:
        undecided = {"name": "TODO", "country": "TODO"}
        entries.append(Entry(section="controller", value=undecided))
    gaps = [gap for one in told for gap in one.evidence.gaps]
    if arguments.site:
        entries.append(_site(arguments.site, told))
        entries, unseen = _with_site(arguments, file, entries, looking, told)
        gaps += unseen
    written, policy = file.with_entries(entries)
    if written.added or not file.existing:
        write_safely(path, written.text.encode())
    _tell(file, written, policy, gaps)
    return not gaps


def _existing(path: Path) -> str:
    try:
        return path.read_bytes()[: MAX_BYTES + 1].decode()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be added to ({type(error).__name__})") from error


def _told(text: str, policy: Path, looking: Looking, all_of: Sequence[str]) -> Told:
    """Read one notice; a file is named as policy.yaml has to name it."""
    is_address = text.startswith(("http://", "https://"))
    name = "privacy" if len(all_of) == 1 else slug(Path(text).stem or "notice")
    try:
        got = fetch(text, looking.network) if is_address else read_file(".", text)
        evidence = read_notice(name, got, datetime.now(UTC))
    except RefusedError as error:
        raise UsageError(f"{text}: not read; it takes {error.needs}") from error
    if is_address:
        return Told(evidence=evidence, shown=urlsplit(text).path.strip("/") or text, url=text)
    folder, file = policy.resolve().parent, Path(text).resolve()
    inside = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else ""
    return Told(evidence=evidence, shown=Path(text).name, path=inside)


def _site(address: str, told: Sequence[Told]) -> Entry:
    site = site_at(address)
    value: dict[str, str | list[str]] = {"id": SITE, "url": site.url}
    if told:
        value["notices"] = [one.evidence.notice for one in told]
    return Entry(
        section="sites",
        value=value,
        above=(comment(f"as named: {address}"),),
        same={"url": {site.url}},
    )


def _with_site(
    arguments: Namespace,
    file: _File,
    entries: Sequence[Entry],
    looking: Looking,
    told: Sequence[Told],
) -> tuple[list[Entry], Sequence[Gap]]:
    """Look at the site once; return entries with what was seen: hosts first, then what is kept."""
    _, policy = file.with_entries(entries)
    address = site_at(arguments.site).url
    site = next(one for one in policy.sites if one.url == address)
    wanted = Subjects() if arguments.har else Subjects(sites=(site,))
    seen = look(policy, list(arguments.har), progress_for(arguments), wanted, looking)
    found = next((item for item in seen.evidence.sites if item.site == site.id), None)
    if found is None:
        raise UsageError(f"nothing was seen of {site.id}: write --har {site.id}:before=FILE.har")
    notices = [one.evidence for one in told]
    drafted = list(_with_domains(entries, hosts_of(policy, found)))
    for only in (DECLARING[:1], DECLARING[1:]):  # what is kept is somebody's who is declared
        _, policy = file.with_entries(drafted)
        report = report_on(policy, file.checks, seen, Options(scope=("site",), only=only))
        drafted += from_findings(report, found, notices)
    return drafted, found.gaps


def _with_domains(
    entries: Iterable[Entry], hosts: Mapping[str, tuple[str, ...]]
) -> Iterator[Entry]:
    """Yield entries; a processor whose service pages talked to owns the hosts seen."""
    for entry in entries:
        mine = hosts.get(str(entry.value.get("id"))) if entry.section == "processors" else None
        if mine:
            value = {**entry.value, "domains": list(mine)}
            beside = {**entry.beside, "domains": "pages were seen to talk to it"}
            yield structs.replace(entry, value=value, beside=beside)
        else:
            yield entry


def _tell(file: _File, written: Written, policy: Policy, gaps: Sequence[Gap]) -> None:
    counted = [
        f"{number} {section.replace('_', ' ')}"
        for section in _COUNTED
        if (number := sum(one == section for one, _ in written.added))
    ]
    what = ", ".join(counted) or "nothing new"
    done = "added" if file.existing else "drafted"
    undecided, conflicts = len(policy.origin.undecided), written.text.count("# CONFLICT")
    sys.stdout.write(f"{visible(str(file.path))}: {done}: {what}\n")
    sys.stdout.write(f"  {undecided} TODO to decide, {conflicts} CONFLICT to look into\n")
    for gap in gaps[:_MOST_GAPS]:
        say(f"  not seen: {gap.what}: {gap.needs}")
    if len(gaps) > _MOST_GAPS:
        say(f"  and {len(gaps) - _MOST_GAPS} more; `audit` lists all")
    sys.stdout.write("next: audit validate (what is to decide), then audit\n")
