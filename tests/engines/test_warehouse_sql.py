"""What BigQuery, Snowflake and Trino are sent: held as text, since none of them is run.

`GOLDEN=write make test-engines` writes the statements anew, to be read before they are kept.
"""

import os
import re
from pathlib import Path

import pytest

from auditor.collect.stores.reader import AgesQuestion, Column, ConsentQuestion
from auditor.policy import AnchorField, Audience

ibis = pytest.importorskip("ibis", reason="ibis is not installed: make test-engines")
sqlglot = pytest.importorskip("sqlglot", reason="sqlglot is not installed: make test-engines")

from auditor.collect.stores import warehouse_asking as asking  # noqa: E402 -- an extra

GOLDEN = Path(__file__).parent / "golden"
DIALECTS = ("bigquery", "snowflake", "trino")
KINDS = {
    "id": "int64",
    "mail": "string",
    "seen": "timestamp('UTC')",
    "made": "timestamp",
    "born": "date",
    "said": "string",
    "took": "int64",
    "is_on": "boolean",
    "who": "struct<name: string, tags: array<string>>",
}
TABLE = ibis.table(KINDS, name="users")
KNOWN = asking.Known(
    table=TABLE, kinds={name: asking.kind_of(type_) for name, type_ in TABLE.schema().items()}
)
WHEN = {
    name: AnchorField(field=name, format="epoch_ms" if name == "took" else "iso") for name in KINDS
}


def ages(*columns: AnchorField, **more: object) -> object:
    """Return what is asked for ages."""
    question = AgesQuestion(table="users", anchor="last_used", columns=columns, **more)  # type: ignore[arg-type]
    return asking.ages_asked(question, lambda _: KNOWN)


def consent() -> object:
    """Return what is asked for consents."""
    question = ConsentQuestion(
        table="users",
        activity="news",
        given_at=WHEN["seen"],
        withdrawn_at=WHEN["made"],
        audience=Audience(field="is_on", equals=True),
    )
    return asking.consent_asked(question, lambda _: KNOWN)


COLUMNS = [Column(name=name, type="", kind=KNOWN.kinds[name]) for name in ("mail", "made", "who")]
ASKED = {
    "ages_of_times": ages(WHEN["seen"], WHEN["made"], holding=("mail", "who.tags[]")),
    "ages_of_dates": ages(WHEN["born"], WHEN["took"]),
    "ages_of_texts": ages(WHEN["said"]),
    "ages_in_paris": ages(AnchorField(field="made", timezone="Europe/Paris")),
    "ages_by_form": ages(AnchorField(field="said", format="%d/%m/%Y")),
    "ages_elsewhere": ages(AnchorField(field="born", table="users", key="took", references="id")),
    "consent": consent(),
    "counts": asking.counts_asked(TABLE, ["mail", "who"]),
    "sample": asking.sample_asked(TABLE, COLUMNS, 1500, 1_000_000),
    "sample_of_filled": asking.sample_asked(TABLE, COLUMNS[:1], 1000, 500, filled=True),
    "scan": asking.scan_asked(KNOWN, COLUMNS[0]),
}


def written(asked: object, dialect: str) -> str:
    """Return an expression as its engine gets it, put in order by sqlglot."""
    (statement,) = sqlglot.parse(str(ibis.to_sql(asked, dialect=dialect)), read=dialect)
    text: str = statement.sql(dialect, pretty=True, normalize_functions="upper")
    return f"{text}\n"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", ASKED)
def test_what_is_sent(dialect: str, name: str) -> None:
    """Each question is one SELECT, word for word what somebody has read."""
    path = GOLDEN / dialect / f"{name}.sql"
    found = written(ASKED[name], dialect)
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(found.encode())
    assert found.startswith("SELECT")
    assert found == path.read_bytes().decode()


def test_patterns_keep_to_what_every_engine_knows() -> None:
    """No pattern has an escape, a class of its own, a flag, or a group that takes nothing."""
    forbidden = re.compile(r"\\[bdwsAzZ]|\(\?|[*+?]\?")
    for dialect in DIALECTS:
        for name in ("ages_of_texts", "ages_by_form"):
            text = written(ASKED[name], dialect)
            patterns = re.findall(r"'(\^[^']*)'", text)
            assert patterns
            assert not [pattern for pattern in patterns if forbidden.search(pattern)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_names_that_mean_more(dialect: str) -> None:
    """A quotation mark in a name ends nothing: it stays a name."""
    hostile = 'x" y` ; DROP TABLE users --'
    table = ibis.table({hostile: "string"}, name="users")
    text = str(ibis.to_sql(asking.counts_asked(table, [hostile]), dialect=dialect))
    (statement,) = sqlglot.parse(text, read=dialect)
    assert isinstance(statement, sqlglot.exp.Select)
    assert [one.name for one in statement.find_all(sqlglot.exp.Table)] == ["users"]
