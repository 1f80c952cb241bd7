"""A stand-in for Airtable: bases, pages with offsets, five calls a second, and a few formulas."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from urllib.parse import parse_qsl, unquote, urlsplit

from fakes.serving import Reply, Serving

GOOD = "pat.good"
BASE = "appExample"
Record = Mapping[str, object]
Test = Callable[[Record], bool]
_SCOPES = {"meta": "schema.bases:read", "data": "data.records:read"}
_KNOWN = {"pageSize", "offset", "filterByFormula", "fields[]"}
_FIELD = r"(LAST_MODIFIED_TIME\(\)|\{(?:\\.|[^\\}])+\})"
_TEXT = r"'((?:\\.|[^\\'])*)'"


class FakeAirtable(Serving):
    """Holds `tables`: their fields by name with types, and their records.

    A record is `{"created": ..., "modified": ..., "fields": {...}}`. Refuses other bases and
    tables (404), parameters (422), tokens (401), scopes (403) and formulas (422) than it knows;
    says 429 as often as it is `busy`, without a time, as Airtable does. With `is_full` the last
    full page leads on to an empty one.
    """

    def __init__(
        self,
        tables: Mapping[str, tuple[Mapping[str, str], Sequence[Record]]],
        *,
        scopes: Sequence[str] = tuple(_SCOPES.values()),
        busy: int = 0,
        is_full: bool = False,
    ) -> None:
        """Begin to listen; tables get ids in their order."""
        self.tables, self.scopes, self.busy, self.is_full = tables, scopes, busy, is_full
        super().__init__()

    def answer(self, target: str, authorization: str) -> Reply:  # noqa: PLR0911 -- refusals
        """Return what Airtable's reference says."""
        parts = urlsplit(target)
        path, query = unquote(parts.path), parse_qsl(parts.query)
        part = "meta" if path.startswith("/v0/meta/") else "data"
        if authorization != f"Bearer {GOOD}":
            return 401, {"error": {"type": "AUTHENTICATION_REQUIRED"}}, {}
        if _SCOPES[part] not in self.scopes:
            return 403, {"error": {"type": "INVALID_PERMISSIONS", "message": "Ada Planted"}}, {}
        if self.busy:
            self.busy -= 1
            return 429, {"errors": [{"error": "RATE_LIMIT_REACHED"}]}, {}
        if path == f"/v0/meta/bases/{BASE}/tables" and not query:
            return 200, {"tables": self._schema()}, {}
        name = re.fullmatch(rf"/v0/{BASE}/tbl(\d+)", path)
        if part == "meta" or not name or int(name[1]) >= len(self.tables):
            return 404, {"error": "NOT_FOUND"}, {}
        try:
            return 200, self._page(list(self.tables.values())[int(name[1])][1], query), {}
        except (KeyError, ValueError):
            return 422, {"error": {"type": "INVALID_REQUEST"}}, {}

    def _schema(self) -> list[Record]:
        return [
            {
                "id": f"tbl{number}",
                "name": name,
                "fields": [
                    {"id": f"fld{place}", "name": field, "type": kind}
                    for place, (field, kind) in enumerate(fields.items())
                ],
            }
            for number, (name, (fields, _)) in enumerate(self.tables.items())
        ]

    def _page(self, records: Sequence[Record], query: Sequence[tuple[str, str]]) -> Record:
        if unknown := {name for name, _ in query} - _KNOWN:
            raise ValueError(unknown)
        asked = dict(query)
        wanted = [value for name, value in query if name == "fields[]"]
        fits = condition(asked.get("filterByFormula", "TRUE()"))
        found = [record for record in records if fits(record)]
        start, size = int(asked.get("offset", "0")), int(asked.get("pageSize", "100"))
        shown = [_shown(record, wanted) for record in found[start : start + size]]
        more = start + size < len(found) or (self.is_full and len(shown) == size)
        return {"records": shown, **({"offset": str(start + size)} if more else {})}


def _shown(record: Record, wanted: Sequence[str]) -> Record:
    fields = record["fields"]
    assert isinstance(fields, Mapping)
    kept = {name: value for name, value in fields.items() if not wanted or name in wanted}
    return {"id": "rec", "createdTime": record["created"], "fields": kept}


def condition(formula: str) -> Test:
    """Return what a formula asks of a record; ValueError for those that are not known here."""
    if formula == "TRUE()":
        return lambda _: True
    if inner := re.fullmatch(r"(AND|OR)\((.*)\)", formula, re.DOTALL):
        parts = [condition(part) for part in _parted(inner[2])]
        every = all if inner[1] == "AND" else any
        return lambda record: every(part(record) for part in parts)
    return _comparison(formula)


def _comparison(formula: str) -> Test:
    if found := re.fullmatch(rf"FIND\({_TEXT},LOWER\({_FIELD}&''\)\)>0", formula, re.DOTALL):
        return partial(_compare, _holds, found[2], _plain(found[1]))
    for pattern, test in _COMPARISONS.items():
        if found := re.fullmatch(pattern, formula, re.DOTALL):
            field, *rest = found.groups()
            return partial(_compare, test, field, _plain("".join(rest)))
    raise ValueError(formula)


def _compare(test: Callable[[object, str], bool], field: str, wanted: str, record: Record) -> bool:
    return test(_value(record, field), wanted)


def _parted(text: str) -> list[str]:
    """Split at the commas that stand in no brackets, braces or quotes."""
    parts, depth, quoted, start = [], 0, False, 0
    for place, letter in enumerate(text):
        if letter == "'" and text[place - 1 : place] != "\\":
            quoted = not quoted
        elif not quoted:
            depth += (letter in "({") - (letter in ")}")
            if letter == "," and not depth:
                parts.append(text[start:place])
                start = place + 1
    return [*parts, text[start:]]


def _value(record: Record, field: str) -> object:
    fields = record["fields"]
    assert isinstance(fields, Mapping)
    if field == "LAST_MODIFIED_TIME()":
        return record["modified"]
    return fields.get(_plain(field[1:-1]))


def _holds(value: object, text: str) -> bool:
    return text in str(value or "").lower()


def _is_before(value: object, moment: datetime) -> bool:
    return bool(value) and datetime.fromisoformat(str(value)) < moment


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), text)


_COMPARISONS: dict[str, Callable[[object, str], bool]] = {
    rf"IS_BEFORE\({_FIELD},{_TEXT}\)": lambda value, day: _is_before(
        value, datetime.fromisoformat(day)
    ),
    rf"{_FIELD}=BLANK\(\)": lambda value, _: not value,
    rf"{_FIELD}=(TRUE|FALSE)\(\)": lambda value, word: bool(value) == (word == "TRUE"),
    rf"{_FIELD}={_TEXT}": lambda value, text: value == text,
    rf"LOWER\(TRIM\({_FIELD}&''\)\)={_TEXT}": lambda value, text: (
        str(value or "").strip().lower() == text
    ),
    rf"REGEX_REPLACE\({_FIELD}&'','\[\^0-9\]',''\)={_TEXT}": lambda value, text: (
        re.sub("[^0-9]", "", str(value or "")) == text
    ),
}
