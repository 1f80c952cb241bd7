"""The statements that stores are asked, built from a question and what an engine calls things.

Every name is quoted, since tables and columns are as hostile as any other text; everything else
that a policy says is bound. An age is asked for as the day (UTC) of the record's anchor: so the
engine counts, and which days are too old is judged later, from the answer.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from auditor.collect.stores.reader import AgesQuestion, ConsentQuestion, Kind
from auditor.policy import AnchorField

Bound = str | int | float | bool


class Statement(Struct, frozen=True, kw_only=True):
    """A statement and what is bound to its placeholders, in order."""

    text: str
    bound: tuple[Bound, ...] = ()


class Dialect(Struct, frozen=True, kw_only=True):
    """What differs between engines.

    `day` gives SQL for the day (UTC) of a column, NULL where it holds no date that can be read;
    `mark` is the engine's placeholder, `quote_mark` surrounds names.
    """

    day: Callable[[str, Kind, AnchorField], Statement]
    mark: str = "?"
    quote_mark: str = '"'
    random_rows: str = "SELECT {columns} FROM {table} ORDER BY random() LIMIT {most}"

    def quoted(self, name: str) -> str:
        """Return a name that means itself, whatever is in it."""
        mark = self.quote_mark
        return f"{mark}{name.replace(mark, mark * 2)}{mark}"


def ages_statement(
    dialect: Dialect, question: AgesQuestion, kinds: Callable[[str, str], Kind]
) -> Statement:
    """Return rows of (day, whether there is no date at all, number of records).

    `kinds` tells the kind of a table's column. An anchor in another table is the newest of the
    records there that the key points to.
    """
    columns: list[str] = []
    joins: list[str] = []
    days: list[Statement] = []
    for number, field in enumerate(question.columns):
        column = f"t.{dialect.quoted(field.field)}"
        if field.table:
            column = f"o{number}.v"
            joins.append(_join(dialect, field, f"o{number}"))
        columns.append(column)
        kind = kinds(field.table or question.table, field.field)
        days.append(dialect.day(column, kind, field))
    cases = [
        f"WHEN {column} IS NOT NULL THEN {day.text}"
        for column, day in zip(columns, days, strict=True)
    ]
    missing = " AND ".join(f"{column} IS NULL" for column in columns)
    holding = " OR ".join(f"t.{dialect.quoted(name)} IS NOT NULL" for name in question.holding)
    where = f" WHERE {holding}" if holding else ""
    inner = (
        f"SELECT CASE {' '.join(cases)} END AS d, CASE WHEN {missing} THEN 1 ELSE 0 END AS m"
        f" FROM {dialect.quoted(question.table)} t{''.join(joins)}{where}"
    )
    bound = tuple(value for day in days for value in day.bound)
    return Statement(text=f"SELECT d, m, count(*) FROM ({inner}) r GROUP BY d, m", bound=bound)


def _join(dialect: Dialect, field: AnchorField, alias: str) -> str:
    there, column = dialect.quoted(field.references or field.key), dialect.quoted(field.field)
    newest = (
        f"SELECT {there} AS k, max({column}) AS v FROM {dialect.quoted(field.table)}"
        f" GROUP BY {there}"
    )
    return f" LEFT JOIN ({newest}) {alias} ON {alias}.k = t.{dialect.quoted(field.key)}"


def consent_statement(dialect: Dialect, question: ConsentQuestion) -> Statement:
    """Return one row: who is in the audience, without consent, with one that was taken back.

    Consent is taken back where the date of that is there, and not older than that of giving it.
    """
    given = dialect.quoted(question.given_at)
    back = dialect.quoted(question.withdrawn_at) if question.withdrawn_at else "NULL"
    gone = f"{given} IS NOT NULL AND {back} IS NOT NULL AND {back} >= {given}"
    text = (
        f"SELECT count(*), count(CASE WHEN {given} IS NULL THEN 1 END),"
        f" count(CASE WHEN {gone} THEN 1 END) FROM {dialect.quoted(question.table)}"
    )
    audience = question.audience
    if audience is None:
        return Statement(text=text)
    text += f" WHERE {dialect.quoted(audience.field)} = {dialect.mark}"
    return Statement(text=text, bound=(audience.equals,))


def counts_statement(dialect: Dialect, table: str, columns: Sequence[str]) -> Statement:
    """Return one row: how many records there are, and how many hold each column."""
    filled = "".join(f", count({dialect.quoted(name)})" for name in columns)
    return Statement(text=f"SELECT count(*){filled} FROM {dialect.quoted(table)}")


def sample_statement(
    dialect: Dialect, table: str, columns: Sequence[str], most: int, *, filled: bool = False
) -> Statement:
    """Return rows drawn at random; with `filled`, only of those that hold the one column."""
    names = ", ".join(map(dialect.quoted, columns))
    source = dialect.quoted(table)
    if filled:
        source = f"(SELECT {names} FROM {source} WHERE {names} IS NOT NULL) s"
    text = dialect.random_rows.format(columns=names, table=source, most=most)
    return Statement(text=text)


def scan_statement(dialect: Dialect, table: str, column: str) -> Statement:
    """Return every value of a column that is there."""
    name = dialect.quoted(column)
    return Statement(text=f"SELECT {name} FROM {dialect.quoted(table)} WHERE {name} IS NOT NULL")
