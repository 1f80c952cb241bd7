"""From the files of open data, as their keepers write them, to what a run can ask quickly.

Everything in them is data of others: what is too long, or no host, is left out.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from auditor.hosts import HostPattern, parse_host_pattern
from auditor.knowledge.open_data import START, Named, OpenData, Owner
from auditor.knowledge.sources import Form, Source

_LONGEST = 200  # characters of a name
_MOST = 200_000  # entries
# What a category there says of use, as words of our vocabulary. No other word of theirs is a
# purpose: "functional" is not "necessary" here, and whether it is would be the site's to say.
_PURPOSES: Final[Mapping[str, tuple[str, ...]]] = {
    "ad": ("marketing.advertising",),
    "marketing": ("marketing",),
    "analytics": ("analytics",),
    "personalization": ("personalize",),
}
_CARRYING: Final = frozenset({"cdn", "hosting", "tag-manager"})
# A domain in a cell such as "doubleclick.net (3rd party) or advertiser's website domain".
_DOMAIN = re.compile(r"\.?([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)", re.IGNORECASE)
# JavaScript as it is written there: comments, strings, keys, regular expressions, the rest.
_TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|(?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
    r"""|(?P<key>[A-Za-z_$][\w$]*)\s*:|(?P<regex>/(?:[^/\\\n]|\\.)+/[a-z]*)"""
    r"""|(?P<mark>[\[\]{}:,])|(?P<word>-?\d+(?:\.\d+)?|true|false|null)""",
    re.DOTALL,
)


class _Entity(Struct):
    name: str
    company: str | None = None
    category: str = ""
    categories: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


class _Belongs(Struct, rename="camel"):
    entity_name: str
    display_name: str = ""


class _Making:
    """Owners, hosts and names as they come; each owner once."""

    def __init__(self) -> None:
        self.owners: dict[Owner, int] = {}
        self.alone: dict[str, int] = {}
        self.below: dict[str, int] = {}
        self.names: dict[Named, None] = {}
        self.entries = 0

    def owner(self, called: str, company: str, category: str) -> int:
        owner = Owner(
            called=_shown(called),
            company=_shown(company),
            purposes=_PURPOSES.get(category.strip().casefold(), ()),
            carries=category in _CARRYING,
        )
        return self.owners.setdefault(owner, len(self.owners))

    def host(self, pattern: HostPattern, owner: int) -> None:
        places = self.below if pattern.subdomains else self.alone
        places.setdefault(pattern.host, owner)


def compile_data(source: Source, version: str, digest: str, data: bytes) -> OpenData:
    """Compile one file; `ValueError` says what is wrong with one that has another form."""
    made = _Making()
    try:
        _READERS[source.form](data.decode("utf-8-sig"), made)
    except (csv.Error, msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)[:_LONGEST]) from error
    if not made.entries:
        raise ValueError("nothing is in it")
    exact: dict[str, tuple[Named, ...]] = {}
    begins: dict[str, tuple[Named, ...]] = {}
    short: list[Named] = []
    for one in made.names:
        if "*" not in one.name:
            exact[one.name] = (*exact.get(one.name, ()), one)
        elif len(one.name) > START:
            begins[one.name[:START]] = (*begins.get(one.name[:START], ()), one)
        else:
            short.append(one)
    return OpenData(
        source=source.id,
        version=version,
        digest=digest,
        licence=source.licence,
        entries=made.entries,
        owners=tuple(made.owners),
        alone=made.alone,
        below=made.below,
        exact=exact,
        begins=begins,
        short=tuple(short),
    )


def _entities(text: str, made: _Making) -> None:
    """Read third-party-web: JSON as it is published, or the JavaScript that it is made from."""
    json_text = text if text.lstrip().startswith("[") else _as_json(text)
    for entity in _few(msgspec.json.decode(json_text.encode(), type=tuple[_Entity, ...])):
        category = entity.category or next(iter(entity.categories), "")
        owner = made.owner(entity.name, entity.company or "", category)
        for domain in entity.domains:
            if pattern := _pattern(domain):
                made.host(pattern, owner)
                made.entries += 1


def _cookies(text: str, made: _Making) -> None:
    """Read the Open Cookie Database: one row for each name, `Wildcard match` 1 for beginnings."""
    rows = csv.DictReader(io.StringIO(text, newline=""), restval="")
    if missing := {"Platform", "Cookie / Data Key name"} - {*(rows.fieldnames or ())}:
        raise ValueError(f"no column {' or '.join(sorted(missing))}")
    for row in _few(rows):
        name = (row["Cookie / Data Key name"] or "").strip()
        if (row.get("Wildcard match") or "").strip() == "1":
            name = name.rstrip("*") + "*"
        platform = row["Platform"] or ""
        if not platform or not name.strip("*") or len(name) > _LONGEST:
            continue
        owner = made.owner(platform, row.get("Data Controller") or "", row.get("Category") or "")
        found = _DOMAIN.search(row.get("Domain") or "")
        domain = found[1].lower()[:_LONGEST] if found else ""
        made.names[Named(name=name, owner=owner, domain=domain)] = None
        made.entries += 1


def _domains(text: str, made: _Making) -> None:
    """Read Tracker Radar: whose each registrable domain is."""
    found = msgspec.json.decode(text.encode(), type=dict[str, _Belongs])
    for domain, belongs in _few(found.items()):
        if pattern := _pattern(f"*.{domain}"):
            called = belongs.display_name or belongs.entity_name
            made.host(pattern, made.owner(called, belongs.entity_name, ""))
            made.entries += 1


_READERS: Final[Mapping[Form, Callable[[str, _Making], None]]] = {
    "entities": _entities,
    "cookies": _cookies,
    "domains": _domains,
}


def _few(entries: Iterable[Any]) -> Iterator[Any]:
    for number, entry in enumerate(entries):
        if number >= _MOST:
            raise ValueError(f"more than {_MOST:,} entries")
        yield entry


def _pattern(domain: str) -> HostPattern | None:
    """Return a domain as a pattern; None for what covers nothing, or far too much."""
    try:
        pattern = parse_host_pattern(domain)
    except ValueError:
        return None
    return pattern if "." in pattern.host and not pattern.path else None


def _shown(text: str) -> str:
    """Return a name as it may be shown: one line, not long."""
    return "".join(c if c.isprintable() else " " for c in text).strip()[:_LONGEST]


def _as_json(text: str) -> str:
    """Return the first array of a JavaScript file as JSON; its regular expressions become null."""
    parts: list[str] = []
    for token in _TOKEN.finditer(text, max(text.find("["), 0)):
        match token.lastgroup:
            case "text":
                parts.append(_string(token[0][1:-1]))
            case "key":
                parts.append(f'"{token["key"]}":')
            case "regex":
                parts.append("null")
            case "mark" | "word":
                if token[0] in "]}" and parts and parts[-1] == ",":
                    parts.pop()
                parts.append(token[0])
            case _:
                continue
    return "".join(parts)


def _string(body: str) -> str:
    """Return a JavaScript string as JSON; of escapes, only the character itself is kept."""
    return json.dumps(re.sub(r"\\(.)", r"\1", body, flags=re.DOTALL))
