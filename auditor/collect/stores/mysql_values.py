"""What MySQL's types amount to, and how their values are asked for: as days, and as texts."""

import re

from auditor.collect.refused import RefusedError
from auditor.collect.stores.reader import Kind
from auditor.collect.stores.statements import Statement
from auditor.evidence import Reason
from auditor.policy import AnchorField

LONGEST = 100_000  # characters of a value that leave the engine
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("tinyint", "smallint", "mediumint", "int", "bigint"), "integer"),
    **dict.fromkeys(("decimal", "float", "double"), "real"),
    **dict.fromkeys(("char", "varchar", "tinytext", "text", "mediumtext", "longtext"), "text"),
    **dict.fromkeys(("enum", "set", "uuid", "inet4", "inet6"), "text"),
    **dict.fromkeys(("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"), "blob"),
    "date": "date",
    "datetime": "timestamp",
    "timestamp": "timestamptz",  # kept in UTC, shown in the session's zone
    "json": "json",
}
# No backslashes: what they mean depends on how a server is set up
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?"
_OFFSET = "(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?"
_DAY = "[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
ISO = f"^{_DAY}([T ]{_TIME}{_OFFSET})?$"
# A form of Python's, as MySQL writes it, and what it takes
_PARTS = {
    "%Y": ("%Y", "[12][0-9]{3}"),
    "%m": ("%m", "(1[0-2]|0?[1-9])"),
    "%d": ("%d", "(3[01]|[12][0-9]|0?[1-9])"),
    "%H": ("%H", "(2[0-3]|[01]?[0-9])"),
    "%M": ("%i", "[0-5]?[0-9]"),
    "%S": ("%s", "[0-5]?[0-9]"),
    "%f": ("%f", "[0-9]{1,6}"),
    "%%": ("%%", "%"),
}
_SPLIT = re.compile("(%.)", re.DOTALL)
_RANGE = "BETWEEN '1000-01-02' AND '2999-12-30'"


def kind_of(name: str, whole: str) -> Kind:
    """Return what a type amounts to; `whole` tells a yes or no (`tinyint(1)`) from a number."""
    if whole.startswith(("tinyint(1)", "bit(1)")):
        return "boolean"
    return _KINDS.get(name.lower(), "other")


def cut(column: str, kind: Kind) -> str:
    """Return a value as text; `LEFT` makes one of anything, and of bits their number."""
    return f"LEFT({column}{' + 0' if kind == 'boolean' else ''}, {LONGEST + 1})"


def inside(column: str, _kind: Kind, path: str) -> Statement:
    """Return what a path within a column leads to, NULL where that is nothing but nulls."""
    if '"' in path or "\\" in path:
        raise RefusedError(Reason.NOT_VERIFIED, f"a name without quotes instead of {path}")
    steps = path.replace("[]", ".[]").split(".")
    keys = "".join("[*]" if step == "[]" else f'."{step}"' for step in steps if step)
    value = f"CASE WHEN JSON_VALID({column}) THEN JSON_EXTRACT({column}, %s) END"
    nothing = f"CAST({value} AS CHAR) REGEXP '^([[](null(, ?)?)*[]]|null)$'"
    return Statement(
        text=f"CASE WHEN {nothing} THEN NULL ELSE {value} END", bound=(f"${keys}", f"${keys}")
    )


def day(column: str, kind: Kind, field: AnchorField) -> Statement:
    """Return the day (UTC), NULL for what is no date of these thousand years: so for zeros."""
    if kind in {"date", "timestamp", "timestamptz"}:
        moment = _moved(column, field) if kind == "timestamp" else column
        return Statement(text=f"CASE WHEN {column} {_RANGE} THEN DATE({moment}) END")
    is_number = field.format in {"epoch_s", "epoch_ms"}
    if kind in {"integer", "real"} and is_number:
        return Statement(text=_of_seconds(column, field))
    text = f"TRIM(CONVERT({column} USING utf8mb4))"
    if kind == "text" and is_number:
        number = _of_seconds(f"CAST({text} AS DECIMAL(50, 6))", field)
        is_one = f"{text} REGEXP '^-?[0-9]{{1,30}}([.][0-9]+)?$'"
        return Statement(text=f"CASE WHEN {is_one} THEN {number} END")
    if kind == "text" and field.format == "iso":
        return Statement(text=_iso(text, field))
    if kind == "text":
        return _by_form(text, field)
    return Statement(text="CAST(NULL AS DATE)")


def _of_seconds(number: str, field: AnchorField) -> str:
    """Return the day of a number: `FROM_UNIXTIME` knows none before 1970."""
    more = 1000 if field.format == "epoch_ms" else 1
    lowest, highest = -30_000_000_000 * more, 30_000_000_000 * more
    days = f"CAST(FLOOR({number} / {86_400 * more}) AS SIGNED)"
    return (
        f"CASE WHEN {number} BETWEEN {lowest} AND {highest}"
        f" THEN DATE_ADD(DATE '1970-01-01', INTERVAL {days} DAY) END"
    )


def _iso(text: str, field: AnchorField) -> str:
    """Return the day of an ISO text; what is no day of the calendar casts to NULL."""
    # Seconds change no day
    whole = f"CAST(REPLACE(CONCAT(LEFT({text}, 16), ':00'), 'T', ' ') AS DATETIME)"
    only = f"CAST({text} AS DATE)"
    away = f"REPLACE(REGEXP_SUBSTR(SUBSTR({text}, 17), '[+-][0-9:]+$'), ':', '')"
    minutes = f"(SUBSTR({away}, 2, 2) * 60 + CONCAT('0', SUBSTR({away}, 4, 2)))"
    return (
        f"CASE WHEN {text} REGEXP '{ISO}' THEN"
        f" CASE WHEN CHAR_LENGTH({text}) = 10 THEN DATE({_moved(only, field)})"
        f" WHEN {text} LIKE '%%Z' THEN DATE({whole})"
        f" WHEN {away} LIKE '-%%' THEN DATE(DATE_ADD({whole}, INTERVAL {minutes} MINUTE))"
        f" WHEN {away} LIKE '+%%' THEN DATE(DATE_SUB({whole}, INTERVAL {minutes} MINUTE))"
        f" ELSE DATE({_moved(whole, field)}) END END"
    )


def _by_form(text: str, field: AnchorField) -> Statement:
    """Return the day of a text by a form of `strptime`."""
    form, shape, seen = "", "", list[str]()
    for part in filter(None, _SPLIT.split(field.format)):
        if part.startswith("%") and (part not in _PARTS or part in seen):
            needs = f"a form of %Y, %m, %d, %H, %M and %S, each once: not {field.format}"
            raise RefusedError(Reason.NOT_VERIFIED, needs)
        if part in _PARTS:
            seen += [part] if part != "%%" else []
            form, shape = form + _PARTS[part][0], shape + _PARTS[part][1]
        else:
            form, shape = form + part, shape + "".join(_literal(letter) for letter in part)
    if not {"%Y", "%m", "%d"} <= set(seen):
        raise RefusedError(Reason.NOT_VERIFIED, f"a form with %Y, %m and %d: not {field.format}")
    # Written out and read again, since a 31 February is a date to STR_TO_DATE
    moment = _moved(f"CAST(CAST(STR_TO_DATE({text}, %s) AS CHAR) AS DATETIME)", field)
    return Statement(
        text=f"CASE WHEN {text} REGEXP %s THEN DATE({moment}) END", bound=(f"^{shape}$", form)
    )


def _literal(letter: str) -> str:
    if letter in "^\\[]":
        raise RefusedError(Reason.NOT_VERIFIED, f"a form of dates without {letter}")
    return f"[{letter}]"


def _moved(moment: str, field: AnchorField) -> str:
    """Return a moment in UTC; before 1970 and after 2037 the server leaves it as it is."""
    zone = zone_of(field)
    return f"CONVERT_TZ({moment}, '{zone}', '+00:00')" if zone else moment


def zone_of(field: AnchorField) -> str:
    """Return a time zone as SQL has it, "" for UTC."""
    zone = "" if field.timezone == "UTC" else field.timezone
    return zone.replace("\\", "").replace("'", "''").replace("%", "%%")
