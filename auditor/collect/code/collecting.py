"""The code scope: every file that can name a third party is read, or said not to be."""

import json
import os
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final

from auditor.collect.behind import behind_host, behind_service
from auditor.collect.code.files import MOST_FILES, files_below
from auditor.collect.code.kinds import is_aside, is_manifest, readers_of
from auditor.collect.code.places import IDS, Place
from auditor.evidence import Behind, Gap, Reason, Source
from auditor.evidence.code import MOST_MENTIONS, CodeEvidence, Mention
from auditor.knowledge.attribution import by_package
from auditor.knowledge.catalogue import Service, services
from auditor.knowledge.public_suffixes import registrable_domain
from auditor.policy import Code
from auditor.revisions import added_lines, commit_of

Progress = Callable[[str, float], None]

LARGEST: Final = 2 * 2**20  # bytes of one file
LARGEST_MANIFEST: Final = 16 * 2**20  # lock files are long
LONGEST_NAME: Final = 1000  # characters of a path


def collect_code(code: Code, folder: str, since: str, progress: Progress) -> CodeEvidence:
    """Read what the policy names; `since` a revision, only lines that are new.

    Cost: each file is read once; a syntax tree takes some thirty times its bytes while it is read.
    """
    top, moment = Path(folder), datetime.now(UTC)
    added = added_lines(commit_of(since, top), top) if since else None
    names, outside = files_below(top, tuple(code.paths), tuple(code.exclude))
    mentions: list[Mention] = []
    readable = [name for name in names[:MOST_FILES] if readers_of(name)]
    gaps = [*_too_many(len(names)), *_nothing(code, readable), *map(_unread, outside)]
    wanted = [name for name in readable if added is None or name in added]
    for number, name in enumerate(wanted):
        progress("code", number / len(wanted))
        shown = _shown(name)
        places, problem = _read(top / name, shown)
        if problem:
            gaps.append(problem)
        lines = added[name] if added is not None else None
        mentions += (
            _mention(shown, place) for place in places if lines is None or place.line in lines
        )
    progress("code", 1.0)
    if len(mentions) > MOST_MENTIONS:
        gaps.append(_gap("code", Reason.CAP_REACHED, f"fewer than {MOST_MENTIONS} places"))
    kept = tuple(dict.fromkeys(mentions[:MOST_MENTIONS]))
    conditions = {"since": since} if since else {}
    return CodeEvidence(
        sources=(Source(kind="code", path=".", collected_at=moment, conditions=conditions),),
        files=len(wanted),
        mentions=kept,
        behind=dict(_behind(kept)),
        hosts=dict(_hosts(kept)),
        domains={host: registrable_domain(host) for host in _named_hosts(kept)},
        since=since,
        gaps=tuple(gaps),
    )


def _read(file: Path, name: str) -> tuple[list[Place], Gap | None]:
    """Return what a file names, and what could not be read of it."""
    largest = LARGEST_MANIFEST if is_manifest(name) else LARGEST
    try:
        with file.open("rb") as opened:
            data = opened.read(largest + 1)
    except OSError as error:
        return [], _gap(name, Reason.UNREACHABLE, f"a file that can be read ({error.strerror})")
    if len(data) > largest:
        needs = f"files below {largest // 2**20} MiB, or its name under `exclude` of `code`"
        return [], _gap(name, Reason.CAP_REACHED, needs)
    understood = True
    places: list[Place] = []
    try:
        for read in readers_of(name):
            more, is_whole = read(data)
            places += more
            understood = understood and is_whole
    except (json.JSONDecodeError, tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        understood = False
    if understood:
        return places, None
    return places, _gap(name, Reason.NOT_VERIFIED, "a file without syntax errors")


def _gap(what: str, reason: Reason, needs: str) -> Gap:
    return Gap(what=what, reason=reason, needs=needs)


def _too_many(number: int) -> Iterator[Gap]:
    if number > MOST_FILES:
        needs = f"fewer than {MOST_FILES} files: `exclude` of `code`"
        yield _gap("code", Reason.CAP_REACHED, needs)


def _nothing(code: Code, readable: Iterable[str]) -> Iterator[Gap]:
    """Yield a gap for each path at which there is nothing that is read: it would pass unseen."""
    there = {str(part) for name in readable for part in (name, *PurePosixPath(name).parents)}
    for path in code.paths:
        if str(PurePosixPath(path)) not in there:
            needs = f"a file at {path} that is read: pages, scripts, styles, manifests, headers"
            yield _gap(path, Reason.NOT_IN_EVIDENCE, needs)


def _unread(name: str) -> Gap:
    needs = "a file of this repository, or its name under `exclude` of `code`"
    return _gap(_shown(name), Reason.FORBIDDEN, needs)


def _shown(name: str) -> str:
    """Return a name that evidence can hold, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")[:LONGEST_NAME]


def _mention(file: str, place: Place) -> Mention:
    return Mention(
        name=place.name,
        how=place.how,
        file=file,
        line=place.line,
        column=place.column,
        path=place.path,
        while_developing=place.while_developing or is_aside(file),
    )


def _behind(mentions: Iterable[Mention]) -> Iterator[tuple[str, Behind]]:
    """Yield who is known to be behind each name."""
    paths: dict[str, dict[str, None]] = {}
    for one in mentions:
        paths.setdefault(one.name, {})[one.path] = None
    for name, seen in paths.items():
        kind, _, rest = name.partition(":")
        if kind == "host":
            found = behind_host(rest, [f"https://{rest}{path}" for path in seen])
            if found.owner or found.service:
                yield name, found
        elif service := _service_of(name):
            yield name, behind_service(service)


def _named_hosts(mentions: Iterable[Mention]) -> Iterator[str]:
    names = dict.fromkeys(one.name for one in mentions)
    yield from (name.removeprefix("host:") for name in names if name.startswith("host:"))


def _hosts(mentions: Iterable[Mention]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in dict.fromkeys(one.name for one in mentions):
        if service := _service_of(name):
            yield name, service.hosts


def _service_of(name: str) -> Service | None:
    """Return the service of a package or an id, None for a host and what nobody knows."""
    kind, _, rest = name.partition(":")
    if kind == "id":
        known = (service for form, service in IDS.items() if form.fullmatch(rest))
        return services().get(next(known, ""))
    return by_package(rest) if kind == "package" else None
