"""`audit update-data`, and which open data a run consults: those that audit.lock names."""

import os
import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

from msgspec import structs

from auditor.cli.output import say
from auditor.errors import CollectError, UsageError
from auditor.knowledge import lock
from auditor.knowledge.changes import changes
from auditor.knowledge.lock import Lock, Locked
from auditor.knowledge.open_data import Consulted, OpenData
from auditor.knowledge.sources import RAW, SOURCES, Release, Source
from auditor.report.safe import visible
from auditor.vocabulary import suggestion

_MIRROR = "AUDIT_DATA_BASE_URL"
_MOST_CHANGES = 1000  # lines that are printed


def consulted_for(arguments: Namespace) -> Consulted:
    """Return the open data for a run; `CollectError` if they are locked and not there."""
    known, problems = lock.consulted_by(_folder(arguments), _cache())
    if problems and (arguments.locked or os.environ.get("CI", "").lower() == "true"):
        raise CollectError("\n".join(problems))
    for problem in problems:
        say(f"audit: {problem}; without it, fewer hosts and names are known")
    return known


def update_data(arguments: Namespace) -> bool:
    """Download open data, or say what would change; return whether all is as it should be."""
    path = _folder(arguments) / lock.NAME
    before = lock.read_lock(path) or Lock()
    sources = _asked_for(arguments, before)
    if arguments.check:
        current = [_is_current(source, before.of(source.id)) for source in sources]
        return all(current)
    kept = {one.source: one for one in before.sources}
    for source in sources:
        was = before.of(source.id)
        release = _locked_release(source, was) if arguments.locked else _release(source)
        old = _in_cache(was) if arguments.diff else None
        found, data = _retrieve(source, release, was)
        if arguments.locked and found != was:
            raise CollectError(
                f"{source.id} {found.version}: compiled otherwise than the lock says"
            )
        kept[source.id] = found
        say(f"{source.id} {found.version}: {found.entries:,} entries, {found.licence}")
        if arguments.diff:
            _print_changes(source, changes(old, data))
    if not (arguments.diff or arguments.locked):
        lock.write_lock(path, kept.values())
        sys.stdout.write(f"{path}: written; commit it\n")
    return True


def _asked_for(arguments: Namespace, before: Lock) -> list[Source]:
    """Return the sources that are named, else those of the lock, else all without an opt-in."""
    agreed = {*arguments.opt_in}
    for name in arguments.source:
        if name not in SOURCES:
            end = suggestion(name, SOURCES, f"there are {', '.join(SOURCES)}")
            raise UsageError(f"--source {name}: no such source; {end}")
        source = SOURCES[name]
        if source.opt_in and source.opt_in not in agreed and not before.of(name):
            raise UsageError(
                f"--source {name}: its licence is {source.licence}; if your use is"
                f" {source.opt_in}, say --opt-in {source.opt_in}"
            )
    default = [s.id for s in SOURCES.values() if not s.opt_in or s.opt_in in agreed]
    locked = [] if agreed else [one.source for one in before.sources]
    return [SOURCES[name] for name in dict.fromkeys(arguments.source or locked or default)]


def _is_current(source: Source, locked: Locked | None) -> bool:
    """Say, without the network, whether a source is locked, in the cache, and the newest known."""
    known = _release(source)
    problem = ""
    if locked is None:
        problem = "not in audit.lock; run `audit update-data`"
    elif locked.version not in {one.version for one in _releases(source)}:
        problem = f"this version of audit knows {known.version}; run `audit update-data`"
    else:
        try:
            lock.load(locked, _cache())
        except CollectError as error:
            problem = str(error)
    version = locked.version if locked else known.version
    sys.stdout.write(f"{source.id} {version}: {problem or 'good'}\n")
    return not problem


def _retrieve(source: Source, release: Release, was: Locked | None) -> tuple[Locked, OpenData]:
    from auditor.knowledge.retrieving import retrieve

    base = os.environ.get(_MIRROR) or RAW
    url = urljoin(f"{base.rstrip('/')}/", release.path)
    today = datetime.now(UTC).date()
    return retrieve(source, structs.replace(release, path=url), _cache(), was, today)


def _releases(source: Source) -> list[Release]:
    return [one for one in (source.release, source.mirrored) if one]


def _release(source: Source) -> Release:
    """Return what is downloaded: a mirror may have the same in another form."""
    return (os.environ.get(_MIRROR) and source.mirrored) or source.release


def _locked_release(source: Source, locked: Locked | None) -> Release:
    """Return the release that the lock names, from where the lock says, or from the mirror."""
    known = [one for one in _releases(source) if locked and one.version == locked.version]
    if locked is None or not known:
        wrong = "is not one that this version of audit knows" if locked else "is not in it"
        raise UsageError(f"{lock.NAME}: {source.id} {wrong}; update it without --locked")
    path = known[0].path if os.environ.get(_MIRROR) else locked.url
    return Release(version=locked.version, path=path, digest=locked.digest, member=known[0].member)


def _in_cache(locked: Locked | None) -> OpenData | None:
    try:
        return lock.load(locked, _cache()) if locked else None
    except CollectError as error:
        raise CollectError(f"nothing to compare with: {error}") from error


def _print_changes(source: Source, lines: tuple[str, ...]) -> None:
    for line in lines[:_MOST_CHANGES]:
        sys.stdout.write(f"{source.id}  {visible(line, 500)}\n")
    if len(lines) > _MOST_CHANGES:
        sys.stdout.write(f"{source.id}  and {len(lines) - _MOST_CHANGES:,} more\n")


def _folder(arguments: Namespace) -> Path:
    return Path(arguments.policy).parent


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "audit" / "knowledge"
