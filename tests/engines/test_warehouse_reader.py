"""Warehouses: consents, samples and scans are those of the built-in engine on the same files."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import ConsentQuestion, RefusedError
from auditor.policy import AnchorField, Audience, Store

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

Open = Callable[..., Any]
Write = Callable[[Path, Any], None]
MOMENTS = st.one_of(
    st.none(),
    st.builds(
        datetime,
        st.just(2024),
        st.just(5),
        st.integers(1, 3),
        st.sampled_from([0, 12, 23]),
        st.just(0),
    ),
)
ROWS = st.lists(
    st.tuples(MOMENTS, MOMENTS, st.sampled_from([True, False, None]), st.sampled_from("ab")),
    min_size=1,
    max_size=30,
)
AUDIENCES = [
    None,
    Audience(field="news", equals=True),
    Audience(field="news", equals=False),
    Audience(field="plan", equals="a"),
]


def asked(kind: str, audience: Audience | None) -> ConsentQuestion:
    """Return a question about columns of one kind."""
    back = AnchorField(field=f"back_{kind}")
    given_at = AnchorField(field=f"given_{kind}")
    return ConsentQuestion(
        table="t", activity="news", given_at=given_at, withdrawn_at=back, audience=audience
    )


@pytest.mark.parametrize("kind", ["times", "texts"])
@given(rows=ROWS, audience=st.sampled_from(AUDIENCES))
@settings(max_examples=20, deadline=None, suppress_health_check=[*HealthCheck], database=None)
def test_consents_are_counted_alike(  # noqa: PLR0913, PLR0917 -- fixtures
    tmp_path: Path,
    on_duckdb: Open,
    parquet: Write,
    kind: str,
    rows: list[tuple[datetime | None, datetime | None, bool | None, str]],
    audience: Audience | None,
) -> None:
    """Who is asked for, who never agreed, and who took it back: as our own statements say."""
    check_consents(tmp_path, on_duckdb, parquet, rows, asked(kind, audience))


@pytest.mark.parametrize("kind", ["times", "texts"])
def test_consents_on_spark(tmp_path: Path, on_spark: Open, parquet: Write, kind: str) -> None:
    """The same with many at once."""
    days = [None, *(datetime(2024, 5, day, hour) for day in (1, 2) for hour in (1, 5))]  # noqa: DTZ001
    rows = [(first, other, True, "a") for first in days for other in days]
    check_consents(tmp_path, on_spark, parquet, rows, asked(kind, AUDIENCES[1]))


def check_consents(
    folder: Path,
    opened: Open,
    parquet: Write,
    rows: list[Any],
    question: ConsentQuestion,
) -> None:
    """Ask both for the same."""
    given_at, back, news, plan = zip(*rows, strict=True)
    texts = [[at and at.isoformat() for at in moments] for moments in (given_at, back)]
    parquet(
        folder,
        {
            "t": {
                "given_times": ("TIMESTAMP", given_at),
                "back_times": ("TIMESTAMP", back),
                "given_texts": ("VARCHAR", texts[0]),
                "back_texts": ("VARCHAR", texts[1]),
                "news": ("BOOLEAN", news),
                "plan": ("VARCHAR", plan),
            }
        },
    )
    ours = open_store(Store(id="s", connector="files", path="."), folder, {}, seconds=20)
    ours.tables()
    wanted = ours.consent(question)
    ours.close()
    reader = opened(folder)
    reader.tables()
    assert reader.consent(question) == wanted


def test_two_time_zones_are_not_compared(tmp_path: Path, on_duckdb: Open, parquet: Write) -> None:
    """Nor is a date in another table."""
    parquet(tmp_path, {"t": {"given_times": ("DATE", []), "back_times": ("DATE", [])}})
    reader = on_duckdb(tmp_path)
    reader.tables()
    there = AnchorField(field="given_times", timezone="Asia/Tokyo")
    back = AnchorField(field="back_times")
    apart = ConsentQuestion(table="t", activity="news", given_at=there, withdrawn_at=back)
    with pytest.raises(RefusedError, match="one time zone"):
        reader.consent(apart)
    elsewhere = AnchorField(field="given_times", table="u", key="id")
    with pytest.raises(RefusedError, match="is elsewhere"):
        reader.consent(ConsentQuestion(table="t", activity="news", given_at=elsewhere))


def test_samples_are_random(tmp_path: Path, engine: Open, parquet: Write) -> None:
    """Values come from everywhere in a table, also those of a column that is almost empty."""
    count = 6000
    ids = list(range(count))
    parquet(
        tmp_path,
        {
            "t": {
                "id": ("BIGINT", ids),
                "rare": ("VARCHAR", [str(one) if one % 20 == 0 else None for one in ids]),
                "photo": ("BLOB", [b"x"] * count),
                "who": ("STRUCT(name VARCHAR)", [{"name": f"n{one}"} for one in ids]),
            }
        },
    )
    reader = engine(tmp_path)
    (table,) = reader.tables()
    found = reader.sample(table, 250)
    assert (found["id"].rows, found["id"].filled, found["id"].is_all) == (count, count, False)
    for name, cut in (("id", 0), ("rare", 0), ("who.name", 1)):
        drawn = [int(value[cut:]) for value in found[name].values]
        assert len(drawn) == len(set(drawn)) == 250, name
        assert abs(sum(drawn) / 250 - count / 2) < 6 * count / 12**0.5 / 250**0.5, name
    assert (found["rare"].filled, found["rare"].is_all) == (300, False)
    assert (found["photo"].filled, found["photo"].values) == (count, ())
    assert reader.sample(table, 300)["rare"].is_all


def test_every_value_is_scanned(tmp_path: Path, engine: Open, parquet: Write) -> None:
    """Each comes once, what is empty not at all; what is too long to be seen whole is refused."""
    values = [*map(str, range(5000)), None]
    long = ["x" * 100_001, *[None] * 5000]
    nested = [{"ip": "192.0.2.7"}, *[None] * 5000]
    columns = {"a": ("VARCHAR", values), "b": ("VARCHAR", long)}
    parquet(tmp_path, {"t": {**columns, "who": ("STRUCT(ip VARCHAR)", nested)}})
    reader = engine(tmp_path)
    (table,) = reader.tables()
    found = [value for batch in reader.scan(table, "a") for value in batch]
    assert sorted(found) == sorted(map(str, range(5000)))
    with pytest.raises(RefusedError, match="values of b with at most 100,000"):
        list(reader.scan(table, "b"))
    assert [*reader.scan(table, "who")] == [['{"ip": "192.0.2.7"}']]


def test_statements_are_shown(tmp_path: Path, engine: Open, parquet: Write) -> None:
    """Each is a SELECT; nothing is run for them."""
    parquet(tmp_path, {"t": {"a": ("VARCHAR", ["x"]), "b": ("BLOB", [b"x"])}})
    reader = engine(tmp_path)
    (table,) = reader.tables()
    texts = list(reader.statements(table))
    assert len(texts) == 3
    assert all(text.startswith("SELECT") for text in texts)


def test_what_is_forbidden(tmp_path: Path, on_duckdb: Open, parquet: Write) -> None:
    """A grant that is missing is told as such, without the engine's own text."""
    parquet(tmp_path, {"t": {"a": ("VARCHAR", ["x"])}})
    reader = on_duckdb(tmp_path)
    (table,) = reader.tables()

    class Forbidden(Exception):  # noqa: N818 -- what BigQuery raises
        pass

    def denied(_asked: object) -> object:
        raise Forbidden("jo.doe@example.org")

    from msgspec import structs  # noqa: PLC0415

    reader._opened = structs.replace(reader._opened, rows=denied)
    with pytest.raises(RefusedError, match="a grant to read this") as refused:
        reader.sample(table, 1)
    assert "example" not in str(refused.value)
