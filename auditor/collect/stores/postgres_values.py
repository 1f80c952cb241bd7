"""What PostgreSQL's types amount to, and how their values are asked for: as days, and as texts."""

import re

from auditor.collect.refused import RefusedError
from auditor.collect.stores.reader import Kind
from auditor.collect.stores.statements import Statement
from auditor.evidence import Reason
from auditor.policy import AnchorField

LONGEST = 100_000  # characters of a value that leave the engine
_BY_NAME: dict[str, Kind] = {
    "int2": "integer",
    "int4": "integer",
    "int8": "integer",
    "float4": "real",
    "float8": "real",
    "numeric": "real",
    "date": "date",
    "timestamp": "timestamp",
    "timestamptz": "timestamptz",
    "bool": "boolean",
    "json": "json",
    "jsonb": "json",
    "bytea": "blob",
    "uuid": "text",
    "xml": "text",
    "macaddr": "text",
    "macaddr8": "text",
    "tsvector": "text",
}
# https://www.postgresql.org/docs/current/catalog-pg-type.html, table 51.65
_BY_CATEGORY: dict[str, Kind] = {
    "A": "json",  # arrays
    "C": "json",  # rows
    "E": "text",
    "S": "text",
}

# A cast that fails ends the statement: hence first the shape, then each part in its range
_TIME = "([01][0-9]|2[0-3]):([0-5][0-9])(:([0-5][0-9])([.][0-9]+)?)?"
_OFFSET = "(Z|([+-])([01][0-9]|2[0-3]):?([0-5][0-9])?)?"
_DAY = "([12][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
ISO = f"^{_DAY}([T ]{_TIME}{_OFFSET})?$"
_PARTS = {
    "%Y": "([12][0-9]{3})",
    "%m": "(1[0-2]|0?[1-9])",
    "%d": "(3[01]|[12][0-9]|0?[1-9])",
    "%H": "(2[0-3]|[01]?[0-9])",
    "%M": "([0-5]?[0-9])",
    "%S": "([0-5]?[0-9])",
    "%f": "([0-9]{1,6})",
    "%%": "%",
}
_SPLIT = re.compile("(%.)", re.DOTALL)
_RANGE = "BETWEEN '1000-01-02' AND '2999-12-30'"


def kind_of(name: str, category: str) -> Kind:
    """Return what a type amounts to; `name` is that of the type below any domain."""
    return _BY_NAME.get(name) or _BY_CATEGORY.get(category, "other")


def cut(column: str, kind: Kind) -> str:
    """Return a value as text, arrays and rows as JSON."""
    if kind == "other":  # as it is written: a cast would tell of each host that it is a network
        return f"CASE WHEN {column} IS NOT NULL THEN left(concat({column}), {LONGEST + 1}) END"
    value = f"to_json({column})" if kind == "json" else column
    return f"left(CAST({value} AS text), {LONGEST + 1})"


def inside(column: str, kind: Kind, path: str, *, knows_json: bool) -> Statement:
    """Return what a path within a column leads to: the first that is there, and is not null.

    Whether a text is JSON can be asked since PostgreSQL 16 (`knows_json`).
    """
    if '"' in path or "\\" in path:
        raise RefusedError(Reason.NOT_VERIFIED, f"a name without quotes instead of {path}")
    if kind != "json" and not knows_json:
        needs = f"a column of JSON: before version 16 a text cannot be asked for {path}"
        raise RefusedError(Reason.NOT_VERIFIED, needs)
    value = f"to_jsonb({column})"
    if kind != "json":
        text = f"CAST({column} AS text)"
        value = f"CASE WHEN {text} IS JSON THEN CAST({text} AS jsonb) END"
    steps = path.replace("[]", ".[]").split(".")
    keys = "".join("[*]" if step == "[]" else f'."{step}"' for step in steps if step)
    text = f"jsonb_path_query_first({value}, CAST(%s AS jsonpath))"
    return Statement(text=text, bound=(f"${keys} ? (@ != null)",))


def day(column: str, kind: Kind, field: AnchorField) -> Statement:
    """Return the day (UTC), NULL for what is no date of these thousand years: so for infinity."""
    if kind == "date":
        return Statement(text=f"CASE WHEN {column} {_RANGE} THEN {column} END")
    if kind in {"timestamp", "timestamptz"}:
        moment = column
        if kind == "timestamptz":
            moment = f"({column} AT TIME ZONE 'UTC')"
        elif field.timezone:
            moment = f"({column} AT TIME ZONE '{_zone(field)}' AT TIME ZONE 'UTC')"
        return Statement(text=f"CASE WHEN {column} {_RANGE} THEN CAST({moment} AS date) END")
    is_number = field.format in {"epoch_s", "epoch_ms"}
    if kind in {"integer", "real"} and is_number:
        return Statement(text=_of_seconds(column, field))
    if kind == "text" and is_number:
        text = f"btrim(CAST({column} AS text))"
        number = _of_seconds(f"CAST({text} AS numeric)", field)
        return Statement(
            text=f"CASE WHEN {text} ~ '^-?[0-9]{{1,30}}([.][0-9]+)?$' THEN {number} END"
        )
    if kind == "text":
        return _text_day(column, field)
    return Statement(text="CAST(NULL AS date)")


def _of_seconds(number: str, field: AnchorField) -> str:
    """Return the day of a number; one that is beyond any calendar, or none at all, has none."""
    more = 1000 if field.format == "epoch_ms" else 1
    lowest, highest = -30_000_000_000 * more, 30_000_000_000 * more
    moment = f"to_timestamp(CAST({number} AS float8) / {more}) AT TIME ZONE 'UTC'"
    return f"CASE WHEN {number} BETWEEN {lowest} AND {highest} THEN CAST({moment} AS date) END"


def _text_day(column: str, field: AnchorField) -> Statement:
    """Return the day of a text: by its parts, which are taken apart once (`m`)."""
    is_iso = field.format == "iso"
    shape, place = (ISO, _ISO_PLACES) if is_iso else _shape(field.format)
    year, month, day_ = (_part(place, name) for name in ("%Y", "%m", "%d"))
    clock = (_part(place, name) for name in ("%H", "%M", "%S"))
    moment = there = f"make_timestamp({year}, {month}, {day_}, {', '.join(clock)})"
    if _zone(field) != "UTC":
        moment = f"({there} AT TIME ZONE '{_zone(field)}' AT TIME ZONE 'UTC')"
    if is_iso:
        away = f"make_interval(hours => {_part(place, '+h')}, mins => {_part(place, '+m')})"
        moment = (
            f"CASE m[{place['+']}] WHEN '-' THEN {there} + {away} WHEN '+' THEN {there} - {away}"
            f" ELSE CASE m[{place['z']}] WHEN 'Z' THEN {there} ELSE {moment} END END"
        )
    last = f"extract(day FROM make_date({year}, {month}, 1) + interval '1 month - 1 day')"
    found = f"regexp_match(btrim(CAST({column} AS text), E' \\t\\r\\n'), %s)"
    text = (
        f"(SELECT CASE WHEN m IS NOT NULL THEN CASE WHEN {day_} <= {last}"
        f" THEN CAST({moment} AS date) END END FROM (SELECT {found} AS m OFFSET 0) p)"
    )
    return Statement(text=text, bound=(shape,))


# In which group of `ISO` each part is
_DATE_AND_TIME = {"%Y": 1, "%m": 2, "%d": 3, "%H": 5, "%M": 6, "%S": 8}
_ISO_PLACES = {**_DATE_AND_TIME, "z": 10, "+": 11, "+h": 12, "+m": 13}


def _part(place: dict[str, int], name: str) -> str:
    return f"coalesce(CAST(m[{place[name]}] AS int), 0)" if name in place else "0"


def _shape(form: str) -> tuple[str, dict[str, int]]:
    """Return a pattern for a form of `strptime`, and at which place it has each part."""
    shape, place = "", dict[str, int]()
    for part in filter(None, _SPLIT.split(form)):
        if part.startswith("%") and (part not in _PARTS or part in place):
            needs = f"a form of %Y, %m, %d, %H, %M and %S, each once: not {form}"
            raise RefusedError(Reason.NOT_VERIFIED, needs)
        if part in _PARTS and part != "%%":
            place[part] = len(place) + 1
        shape += _PARTS.get(part) or "".join(map(_literal, part))
    if not {"%Y", "%m", "%d"} <= place.keys():
        raise RefusedError(Reason.NOT_VERIFIED, f"a form with %Y, %m and %d: not {form}")
    return f"^{shape}$", place


def _literal(letter: str) -> str:
    if letter.isspace():
        return "[[:space:]]+"
    return f"\\{letter}" if letter in "^\\[]" else f"[{letter}]"


def _zone(field: AnchorField) -> str:
    return (field.timezone or "UTC").replace("'", "''").replace("%", "%%")
