"""The statements that stores are asked, built from a question and what an engine calls things.

Every name is quoted, since tables and columns are as hostile as any other text; everything else
that a policy says is bound. An age is asked for as the day (UTC) of the record's anchor: so the
engine counts, and which days are too old is judged later, from the answer.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from auditor.collect.stores.reader import AgesQuestion, Column, ConsentQuestion, Kind
from auditor.policy import AnchorField, Audience

SPARE = 1.5  # as many rows as are wanted, since chance may bring fewer

UNDATED = -9_000_000  # is no day

Bound = str | int | float | bool


class Statement(Struct, frozen=True, kw_only=True):
    """A statement and what is bound to its placeholders, in order."""

    text: str
    bound: tuple[Bound, ...] = ()


class Dialect(Struct, frozen=True, kw_only=True):
    """What differs between engines.

    `day` gives SQL for the day (UTC) of a column, NULL where it holds no date that can be read;
    `inside` gives SQL for what a path within a column leads to, NULL if nothing; `cut` shortens a
    long text. `mark` is the engine's placeholder, `quote_mark` surrounds names, and `place` is
    what a table is called in SQL (its quoted name, unless told). `as_text` makes a text of a
    column. `chance` is a random number from 0 to 1 for each row, where the engine needs that to
    draw some without sorting all. `matches` says whether a column has a pattern that is bound,
    where the engine reads RE2's. What is not `is_counting` sorts all rows to count by day: then
    it gives the day of each.
    """

    day: Callable[[str, Kind, AnchorField], Statement]
    inside: Callable[[str, Kind, str], Statement]
    cut: Callable[[str, Kind], str]
    place: Callable[[str], str] | None = None
    mark: str = "?"
    quote_mark: str = '"'
    as_text: str = "CAST({} AS TEXT)"
    chance: str = ""
    is_counting: bool = True
    matches: Callable[[str, Kind], str] | None = None
    random_rows: str = "SELECT {columns} FROM {table} ORDER BY random() LIMIT {most}"

    def quoted(self, name: str) -> str:
        """Return a name that means itself, whatever is in it.

        Where a placeholder begins with a percent sign, one in a name is doubled as well.
        """
        mark = self.quote_mark
        name = name.replace("%", "%%") if self.mark.startswith("%") else name
        return f"{mark}{name.replace(mark, mark * 2)}{mark}"

    def table(self, name: str) -> str:
        """Return a table as SQL names it."""
        return self.place(name) if self.place else self.quoted(name)

    def column(self, name: str) -> str:
        """Return a column of the table `t`: what is not there is an error, and never a text.

        Without the table SQLite reads a quoted name that it does not know as a text.
        """
        return f"t.{self.quoted(name)}"


Place = tuple[str, Kind, str]  # a column, its kind, and the path within it ("" for itself)


def ages_statement(
    dialect: Dialect,
    question: AgesQuestion,
    kinds: Callable[[str, str], Kind],
    holding: Sequence[Place] = (),
) -> Statement:
    """Return rows of (day, whether there is no date at all, number of records).

    What does not count gives a number for each record: the day, `UNDATED`, or 0 for no date.

    `kinds` tells the kind of a table's column. An anchor in another table is the newest of the
    records there that the key points to.
    """
    days: list[str] = []
    missing: list[str] = []
    joins: list[str] = []
    bound: list[Bound] = []
    more: list[Bound] = []
    for number, field in enumerate(question.columns):
        column = dialect.column(field.field)
        day = dialect.day(column, kinds(field.table or question.table, field.field), field)
        if field.table:
            alias = f"o{number}"
            joins.append(_join(dialect, field, day, alias))
            more += day.bound
            is_there, day = f"{alias}.f = 1", Statement(text=f"{alias}.d")
        else:
            is_there = f"{column} IS NOT NULL"
        days.append(f"WHEN {is_there} THEN {day.text}")
        missing.append(f"WHEN {is_there} THEN 0")
        bound += day.bound
    where, held = _holding(dialect, holding)
    inner = (
        f"SELECT CASE {' '.join(days)} END AS d, CASE {' '.join(missing)} ELSE 1 END AS m"
        f" FROM {dialect.table(question.table)} t{''.join(joins)}{where}"
    )
    counted = f"SELECT d, m, count(*) FROM ({inner}) r GROUP BY d, m"
    return Statement(
        text=counted
        if dialect.is_counting
        else f"SELECT coalesce(d, m * {UNDATED}) FROM ({inner}) r",
        bound=(*bound, *more, *held),
    )


def _join(dialect: Dialect, field: AnchorField, day: Statement, alias: str) -> str:
    """Join the newest day of each key (`d`), and whether any date is there (`f`)."""
    there, column = dialect.column(field.references or field.key), dialect.column(field.field)
    newest = (
        f"SELECT {there} AS k, max({day.text}) AS d,"
        f" max(CASE WHEN {column} IS NOT NULL THEN 1 ELSE 0 END) AS f"
        f" FROM {dialect.table(field.table)} t GROUP BY {there}"
    )
    return f" LEFT JOIN ({newest}) {alias} ON {alias}.k = {dialect.column(field.key)}"


def _holding(dialect: Dialect, holding: Sequence[Place]) -> tuple[str, tuple[Bound, ...]]:
    held = [
        dialect.inside(dialect.column(name), kind, path)
        if path
        else Statement(text=dialect.column(name))
        for name, kind, path in holding
    ]
    text = " OR ".join(f"{one.text} IS NOT NULL" for one in held)
    return (f" WHERE {text}" if text else ""), tuple(value for one in held for value in one.bound)


def consent_statement(
    dialect: Dialect, question: ConsentQuestion, kinds: Callable[[str, str], Kind]
) -> Statement:
    """Return one row: who is in the audience, without consent, with one that was taken back.

    Who has no day of consent that can be read has none on record. It is taken back, unless it was
    given on a later day; on the same day the engine compares times, where it has any.
    """
    given, back = question.given_at, question.withdrawn_at
    kind = kinds(question.table, given.field)
    column = dialect.column(given.field)
    day = dialect.day(column, kind, given)
    parts, bound = [f"{day.text} AS g"], [*day.bound]
    again = "g > b"
    if back is None:
        parts.append("0 AS f, CAST(NULL AS DATE) AS b")
    else:
        other = dialect.column(back.field)
        other_kind = kinds(question.table, back.field)
        there = dialect.day(other, other_kind, back)
        parts.append(f"CASE WHEN {other} IS NOT NULL THEN 1 ELSE 0 END AS f, {there.text} AS b")
        bound += there.bound
        if kind == other_kind and kind in {"timestamp", "timestamptz", "integer", "real"}:
            parts.append(f"CASE WHEN {column} > {other} THEN 1 ELSE 0 END AS later")
            again = "(g > b OR (g = b AND later = 1))"
    where = ""
    if question.audience is not None:
        audience = question.audience
        chosen = _is(dialect, audience, kinds(question.table, audience.field))
        where = f" WHERE {chosen.text}"
        bound += chosen.bound
    inner = f"SELECT {', '.join(parts)} FROM {dialect.table(question.table)} t{where}"
    gone = f"g IS NOT NULL AND f = 1 AND CASE WHEN {again} THEN 0 ELSE 1 END = 1"
    return Statement(
        text="SELECT count(*), count(CASE WHEN g IS NULL THEN 1 END),"
        f" count(CASE WHEN {gone} THEN 1 END) FROM ({inner}) r",
        bound=tuple(bound),
    )


def _is(dialect: Dialect, audience: Audience, kind: Kind) -> Statement:
    """Ask for a value; yes and no are written in several ways where the engine has no word."""
    column, wanted = dialect.column(audience.field), audience.equals
    text = dialect.as_text.format(column)
    if isinstance(wanted, bool) and kind != "boolean":
        words = ("true", "t", "1", "yes") if wanted else ("false", "f", "0", "no")
        marks = ", ".join([dialect.mark] * len(words))
        return Statement(text=f"lower({text}) IN ({marks})", bound=words)
    if kind in {"text", "other"} and not isinstance(wanted, bool):
        return Statement(text=f"{text} = {dialect.mark}", bound=(str(wanted),))
    return Statement(text=f"{column} = {dialect.mark}", bound=(wanted,))


def counts_statement(dialect: Dialect, table: str, columns: Sequence[str]) -> Statement:
    """Return one row: how many records there are, and how many hold each column."""
    filled = "".join(f", count({dialect.column(name)})" for name in columns)
    return Statement(text=f"SELECT count(*){filled} FROM {dialect.table(table)} t")


def sample_statement(  # noqa: PLR0913 -- what is drawn, and out of what
    dialect: Dialect,
    table: str,
    columns: Sequence[Column],
    most: int,
    *,
    filled: bool = False,
    among: int = 0,
) -> Statement:
    """Return rows drawn at random; with `filled`, only of those that hold the one column.

    Out of how many they are drawn (`among`) is bound, where an engine draws by chance: each row
    gets one of its own, so that half as many again come out, and of those some at random.
    """
    parts = ", ".join(
        f"{dialect.cut(dialect.column(column.name), column.kind)} AS c{number}"
        for number, column in enumerate(columns)
    )
    source = f"SELECT {parts} FROM {dialect.table(table)} t"
    chosen = [f"{dialect.column(columns[0].name)} IS NOT NULL"] if filled else []
    bound: list[Bound] = []
    if dialect.chance:
        chosen.append(f"{dialect.chance} < {dialect.mark}")
        bound.append(min(1.0, SPARE * most / among) if among else 1.0)
    if chosen:
        source += f" WHERE {' AND '.join(chosen)}"
    text = dialect.random_rows.format(columns="*", table=f"({source}) s", most=most)
    return Statement(text=text, bound=tuple(bound))


def scan_statement(dialect: Dialect, table: str, column: Column) -> Statement:
    """Return every value of a column that is there, shortened if it is very long."""
    name = dialect.column(column.name)
    value = dialect.cut(name, column.kind)
    return Statement(text=f"SELECT {value} FROM {dialect.table(table)} t WHERE {name} IS NOT NULL")
