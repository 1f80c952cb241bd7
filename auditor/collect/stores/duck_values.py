"""What DuckDB's types amount to, and how their values are asked for: as days, and as texts."""

from auditor.collect.stores.reader import Kind, RefusedError
from auditor.collect.stores.statements import Statement
from auditor.evidence import Reason
from auditor.policy import AnchorField

LONGEST = 100_000  # characters of a value that leave the engine
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("TIMESTAMP WITH TIME ZONE", "timestamptz"),
    ("TIMESTAMP", "timestamp"),
    ("DATE", "date"),
    ("STRUCT", "json"),
    ("MAP", "json"),
    ("JSON", "json"),
    ("VARCHAR", "text"),
    ("BOOL", "boolean"),
    ("BLOB", "blob"),
    ("DOUBLE", "real"),
    ("FLOAT", "real"),
    ("DECIMAL", "real"),
    ("TINYINT", "integer"),
    ("SMALLINT", "integer"),
    ("INTEGER", "integer"),
    ("BIGINT", "integer"),
    ("HUGEINT", "integer"),
    ("UTINYINT", "integer"),
    ("USMALLINT", "integer"),
    ("UINTEGER", "integer"),
    ("UBIGINT", "integer"),
    ("UHUGEINT", "integer"),
    ("UNION", "json"),
    ("ENUM", "text"),
    ("UUID", "text"),
)


def word_of(type_: str) -> str:
    """Return a type without what is in its brackets: values of an ENUM, keys of a STRUCT."""
    word = type_.partition("(")[0]
    return f"{word}[]" if type_.endswith("]") and not word.endswith("]") else word


def cut(column: str, kind: Kind) -> str:
    """Return a value as text: of some types Python can have none (`pytz`), or no infinity."""
    text = f"to_json({column})" if kind == "json" else column
    return f"left(CAST({text} AS VARCHAR), {LONGEST + 1})"


def matches(column: str, kind: Kind) -> str:
    """Return whether a column has a pattern: DuckDB's are those of RE2."""
    del kind
    return f"regexp_matches(CAST({column} AS VARCHAR), ?)"


def inside(column: str, kind: Kind, path: str) -> Statement:
    """Return what a path within a column leads to; in a list, whether there is any."""
    if '"' in path:
        raise RefusedError(Reason.NOT_VERIFIED, f"a name without quotes instead of {path}")
    steps = path.replace("[]", ".[]").split(".")
    keys = "".join("[*]" if step == "[]" else f'."{step}"' for step in steps if step)
    value = f"CASE WHEN json_valid({column}) THEN {column} END"
    if kind != "text":
        value = f"to_json({column})"
    text = f"json_extract_string({value}, ?)"
    if "[]" in path:  # a list of texts: is there any?
        text = f"nullif(list_aggregate({text}, 'count'), 0)"
    return Statement(text=text, bound=(f"${keys}",))


def kind_of(type_: str) -> Kind:
    """Return what a type amounts to, by the word that it begins with."""
    word = word_of(type_).upper()
    if word.endswith("]"):
        return "json"
    return next((kind for start, kind in _KINDS if word.startswith(start)), "other")


def day(column: str, kind: Kind, field: AnchorField) -> Statement:
    """Return the day, NULL for what is no date; infinity is none (`isfinite`)."""
    if kind == "date" or (kind == "timestamp" and not field.timezone):
        moment = column
    elif kind == "timestamptz":
        moment = f"make_timestamp(epoch_us({column}))"  # in UTC, without asking a calendar
    elif kind == "timestamp":
        moment = f"timezone('{_zone(field)}', {column})"
    elif kind in {"integer", "real"} and field.format in {"epoch_s", "epoch_ms"}:
        seconds = f"({column})::DOUBLE" + (" / 1000" if field.format == "epoch_ms" else "")
        return Statement(
            text=f"CASE WHEN abs({seconds}) < 100000000000"
            f" THEN CAST(to_timestamp({seconds}) AS DATE) END"
        )
    elif kind == "text":
        return _text_day(column, field)
    else:
        return Statement(text="CAST(NULL AS DATE)")
    return Statement(text=f"CASE WHEN isfinite({column}) THEN CAST({moment} AS DATE) END")


def _text_day(column: str, field: AnchorField) -> Statement:
    zone, text = _zone(field), f"trim({column})"
    if field.format in {"epoch_s", "epoch_ms"}:
        seconds = f"try_cast({text} AS DOUBLE)" + (" / 1000" if field.format == "epoch_ms" else "")
        return Statement(
            text=f"CASE WHEN abs({seconds}) < 100000000000"
            f" THEN CAST(to_timestamp({seconds}) AS DATE) END"
        )
    if field.format != "iso":
        parsed = f"timezone('{zone}', try_strptime({text}, ?))"
        return Statement(text=f"CAST({parsed} AS DATE)", bound=(field.format,))
    naive = f"timezone('{zone}', try_cast({text} AS TIMESTAMP))"
    return Statement(
        text=f"CASE WHEN regexp_matches({text}, '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') THEN CAST("
        f"CASE WHEN regexp_matches({text}, '(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$')"
        f" AND length({text}) > 10 THEN try_cast({text} AS TIMESTAMPTZ) ELSE {naive} END"
        " AS DATE) END"
    )


def _zone(field: AnchorField) -> str:
    return (field.timezone or "UTC").replace("'", "''")
