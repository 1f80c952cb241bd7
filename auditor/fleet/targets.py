"""What a fleet audits: policy files, folders that hold one, and addresses of websites."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from auditor.errors import UsageError

POLICY = "policy.yaml"
WEB = ("http://", "https://")
MOST = 100_000
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9.-]+")


class Target(Struct, frozen=True, kw_only=True):
    """One audit of a fleet. `name` names its folder; of `policy` (a path) and `url` one is ""."""

    name: str
    policy: str = ""
    url: str = ""


def read_targets(given: Iterable[str], listed: str = "") -> tuple[Target, ...]:
    """Return the targets in order, each once, with names of their own.

    `listed` is a file with one target a line; `#` begins a comment, and paths are relative to it.
    UsageError names what is neither a policy, nor a folder with one, nor an address.
    """
    texts = [*given, *(_lines(Path(listed)) if listed else ())]
    found = list(dict.fromkeys(_place(text) for text in texts))
    if not found:
        raise UsageError("a fleet of nothing: name policies, folders or addresses, or --from FILE")
    if len(found) > MOST:
        raise UsageError(f"more than {MOST:,} targets; make several fleets of them")
    return tuple(_named(found))


def _lines(file: Path) -> Iterator[str]:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise UsageError(f"--from {file}: {why}") from error
    for line in text.splitlines():
        if target := line.partition(" #")[0].strip():
            if target.startswith(WEB):
                yield target
            elif not target.startswith("#"):
                yield str(file.parent / target)


def _place(text: str) -> str:
    if text.startswith(WEB):
        if not urlsplit(text).hostname:
            raise UsageError(f"{text}: an address without a host")
        return text
    path = Path(text)
    path = path / POLICY if path.is_dir() else path
    if not path.is_file():
        raise UsageError(f"{text}: neither a policy, nor a folder with {POLICY}, nor an address")
    return str(path)


def _named(places: Iterable[str]) -> Iterator[Target]:
    """Yield targets named by what tells them apart: the host, the folder or the file."""
    used: Counter[str] = Counter()
    for place in places:
        name = _NOT_IN_NAMES.sub("-", _short(place)).strip("-.") or "target"
        used[name.lower()] += 1
        times = used[name.lower()]
        name = name if times == 1 else f"{name}~{times}"
        is_url = place.startswith(WEB)
        yield Target(name=name, url=place) if is_url else Target(name=name, policy=place)


def _short(place: str) -> str:
    if place.startswith(WEB):
        parts = urlsplit(place)
        port = f"-{parts.port}" if parts.port else ""
        return f"{parts.hostname}{port}{parts.path.rstrip('/')}"[:100]
    path = Path(place).resolve()
    return path.parent.name if path.name == POLICY else path.stem
