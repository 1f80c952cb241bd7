"""Connections to services that nobody runs here: with which rights they are asked for."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import RefusedError
from auditor.evidence import Reason
from auditor.policy import Store

ibis = pytest.importorskip("ibis", reason="ibis is not installed: make test-engines")


class Backend:
    """A backend that answers everything with one row."""

    name = "fake"

    def __init__(self, **asked: object) -> None:
        self.asked, self.ran = asked, list[str]()
        self.con = SimpleNamespace(cursor=lambda: self)

    def list_tables(self) -> list[str]:
        return ["users"]

    def table(self, name: str) -> Any:  # noqa: ANN401 -- ibis has no types here
        return ibis.table({"id": "int64"}, name=name)

    def compile(self, asked: object) -> str:
        return str(ibis.to_sql(asked, dialect="trino"))

    def execute(self, text: str) -> None:
        self.ran.append(text)
        self.left: list[list[tuple[int, ...]]] = [[(3, 2)], []]

    def fetchmany(self, _size: int) -> list[tuple[int, ...]]:
        return self.left.pop(0)

    def close(self) -> None:
        pass

    disconnect = close


def opened(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> Any:  # noqa: ANN401
    """Open an address with a stand-in for ibis' own backend."""
    made: list[Backend] = []

    def connect(**asked: object) -> Backend:
        made.append(Backend(**asked))
        return made[-1]

    monkeypatch.setitem(ibis.__dict__, name, SimpleNamespace(connect=connect))
    reader = open_store(Store(id="s", connector="sql", url=url), folder, {}, seconds=60)
    return reader, made[0]


def module(name: str, **held: object) -> ModuleType:
    """Return a module that holds something."""
    found = ModuleType(name)
    found.__dict__.update(held)
    return found


def test_snowflake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is made there, statements end, and rows are counted."""
    url = "snowflake://jo%40x:p%2Fw@acc/db/sch?warehouse=w&role=r&autocommit=1"
    reader, backend = opened(url, tmp_path, monkeypatch, "snowflake")
    assert backend.asked == {
        "user": "jo@x",
        "password": "p/w",
        "account": "acc",
        "database": "db/sch",
        "warehouse": "w",
        "role": "r",
        "create_object_udfs": False,
        "session_parameters": {"STATEMENT_TIMEOUT_IN_SECONDS": 60},
    }
    (table,) = reader.tables()
    assert reader._opened.rows is not None
    with pytest.raises(RefusedError) as refused:
        reader.can_write()
    assert refused.value.reason is Reason.CANNOT_BE_SHOWN
    backend.fetchmany = lambda _size: []
    assert [*reader.scan(table, "id")] == [[]]
    assert [text[:6] for text in backend.ran] == ["SELECT"]


def test_trino(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password goes over HTTPS only."""
    monkeypatch.setitem(sys.modules, "trino", module("trino"))
    auth = module("trino.auth", BasicAuthentication=lambda *told: told)
    monkeypatch.setitem(sys.modules, "trino.auth", auth)
    _, backend = opened("trino://jo:pw@host/cat/sch", tmp_path, monkeypatch, "trino")
    assert (backend.asked["http_scheme"], backend.asked["port"]) == ("https", 443)
    assert backend.asked["auth"] == ("jo", "pw")
    assert backend.asked["session_properties"] == {"query_max_run_time": "60s"}
    _, backend = opened("trino://jo@host:8081/cat/sch", tmp_path, monkeypatch, "trino")
    assert (backend.asked["http_scheme"], backend.asked["port"]) == ("http", 8081)
    assert (backend.asked["database"], backend.asked["schema"]) == ("cat", "sch")


def test_bigquery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token only reads, and a query ends by itself."""
    scopes: list[str] = []
    ran: list[tuple[str, object, float]] = []

    def default(scopes: list[str], seen: list[str] = scopes) -> tuple[str, str]:
        seen += scopes
        return "token", "project"

    class Client:
        def __init__(self, **asked: object) -> None:
            assert asked == {"project": "project", "credentials": "token"}

        def list_tables(self, dataset: str) -> list[SimpleNamespace]:
            return [SimpleNamespace(table_id=f"{dataset}_users")]

        def query_and_wait(
            self, text: str, job_config: object, wait_timeout: float
        ) -> list[SimpleNamespace]:
            ran.append((text, job_config, wait_timeout))
            return [SimpleNamespace(values=lambda: (5,))]

        def close(self) -> None:
            pass

    google = module("google")
    google.auth = module("google.auth", default=default)  # type: ignore[attr-defined]
    bigquery = module("google.cloud.bigquery", Client=Client, QueryJobConfig=dict)
    cloud = module("google.cloud", bigquery=bigquery)
    for one in (google, google.auth, cloud, bigquery):
        monkeypatch.setitem(sys.modules, one.__name__, one)
    reader, backend = opened("bigquery://project/data", tmp_path, monkeypatch, "bigquery")
    assert scopes == ["https://www.googleapis.com/auth/cloud-platform.read-only"]
    assert (backend.asked["project_id"], backend.asked["dataset_id"]) == ("project", "data")
    (table,) = reader.tables()
    assert table.name == "data_users"
    assert [*reader.scan(table, "id")] == [["5"]]
    assert ran[0][1:] == ({"job_timeout_ms": 60_000}, 60)


@pytest.mark.parametrize(
    ("url", "reason", "needs"),
    [
        ("bigquery://project", "not_verified", "an address such as bigquery://project/dataset"),
        ("snowflake://u:secret@acc/db", "not_verified", "such as snowflake://user"),
        ("trino://host/catalog", "not_verified", "such as trino://user@host"),
        ("trino://host:port/a/b", "unreachable", "it raises ValueError"),
        ("trino://[::1/a/b", "unreachable", "it raises ValueError"),
    ],
)
def test_addresses(
    url: str, reason: str, needs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is not whole is refused, and not quoted."""
    monkeypatch.setitem(sys.modules, "trino", module("trino"))
    auth = module("trino.auth", BasicAuthentication=lambda *told: told)
    monkeypatch.setitem(sys.modules, "trino.auth", auth)
    with pytest.raises(RefusedError) as refused:
        opened(url, tmp_path, monkeypatch, "trino")
    assert refused.value.reason is Reason(reason)
    assert needs in refused.value.needs
    assert "secret" not in refused.value.needs
