"""From the address of a warehouse to a connection, opened so that it can do as little as possible.

BigQuery gets a credential that only reads. Snowflake and Trino have no session that only reads:
there the role decides, and the audit sends nothing but SELECT. None of these was run against its
service; what is sent to them is held by tests, as text.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import ibis
from ibis.backends.sql import SQLBackend
from ibis.expr.types import Table

from auditor.collect.stores.reader import RefusedError
from auditor.collect.stores.warehouse import Warehouse
from auditor.collect.stores.warehouse_opened import BATCH, Opened, Rows
from auditor.evidence import Reason

READ_ONLY: Final = "https://www.googleapis.com/auth/cloud-platform.read-only"


def open_warehouse(address: str, folder: Path, seconds: float) -> Warehouse:
    """Connect to BigQuery, Snowflake, Trino or Spark; `RefusedError` if it does not answer."""
    scheme = address.partition("://")[0]
    try:
        parts = urlsplit(address)
        if scheme == "spark":
            from auditor.collect.stores import spark  # noqa: PLC0415 -- an extra of its own

            return Warehouse(spark.connect(address, folder, seconds=seconds))
        return Warehouse(_WAYS[scheme](parts, seconds))
    except (ImportError, RefusedError):
        raise
    except Exception as error:
        needs = f"a {scheme} that answers to this address; it raises {type(error).__name__}"
        raise RefusedError(Reason.UNREACHABLE, needs) from error


def _bigquery(parts: SplitResult, seconds: float) -> Opened:
    """Open bigquery://project/dataset with the credential that Google finds (ADC), to read."""
    project, (dataset,) = parts.netloc, _path(parts, 1, "bigquery://project/dataset")
    import google.auth  # noqa: PLC0415 -- each driver when it is used
    from google.cloud import bigquery  # noqa: PLC0415

    credentials, _ = google.auth.default(scopes=[READ_ONLY])
    client = bigquery.Client(project=project, credentials=credentials)
    backend = ibis.bigquery.connect(
        project_id=project, dataset_id=dataset, client=client, credentials=credentials
    )
    limits = bigquery.QueryJobConfig(job_timeout_ms=round(seconds * 1000))

    def rows(expression: Table) -> Rows:
        answer = client.query_and_wait(
            backend.compile(expression), job_config=limits, wait_timeout=seconds
        )
        return (row.values() for row in answer)

    return Opened(
        backend=backend,
        seconds=seconds,
        names=lambda: [table.table_id for table in client.list_tables(dataset)],
        rows=rows,
        close=client.close,
    )


def _snowflake(parts: SplitResult, seconds: float) -> Opened:
    """Open snowflake://user:password@account/database/schema?warehouse=w&role=r."""
    form = "snowflake://user:password@account/database/schema"
    database, schema = _path(parts, 2, form)
    backend = ibis.snowflake.connect(
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        account=parts.hostname,
        database=f"{database}/{schema}",
        create_object_udfs=False,  # else ibis makes a database of its own there
        session_parameters={"STATEMENT_TIMEOUT_IN_SECONDS": max(1, round(seconds))},
        **{name: text for name, text in parse_qsl(parts.query) if name in {"warehouse", "role"}},
    )
    return _by_cursor(backend, seconds)


def _trino(parts: SplitResult, seconds: float) -> Opened:
    """Open trino://user:password@host:8443/catalog/schema; without a password, over plain HTTP."""
    catalog, schema = _path(parts, 2, "trino://user@host/catalog/schema")
    from trino.auth import BasicAuthentication  # noqa: PLC0415 -- the driver when it is used

    user, password = unquote(parts.username or "audit"), unquote(parts.password or "")
    backend = ibis.trino.connect(
        user=user,
        auth=BasicAuthentication(user, password) if password else None,
        http_scheme="https" if password else "http",
        host=parts.hostname,
        port=parts.port or (443 if password else 8080),
        database=catalog,
        schema=schema,
        source="policy-auditor",
        session_properties={"query_max_run_time": f"{seconds:g}s"},
    )
    return _by_cursor(backend, seconds)


_WAYS: Final[dict[str, Callable[[SplitResult, float], Opened]]] = {
    "bigquery": _bigquery,
    "snowflake": _snowflake,
    "trino": _trino,
}


def _by_cursor(backend: SQLBackend, seconds: float) -> Opened:
    """Return what runs compiled expressions with a cursor, so that rows come as they are read."""

    def rows(expression: Table) -> Rows:
        cursor = backend.con.cursor()
        try:
            cursor.execute(backend.compile(expression))
            while some := cursor.fetchmany(BATCH):
                yield from some
        finally:
            cursor.close()

    return Opened(
        backend=backend,
        seconds=seconds,
        names=backend.list_tables,
        rows=rows,
        close=backend.disconnect,
    )


def _path(parts: SplitResult, steps: int, form: str) -> list[str]:
    """Return the steps of an address's path; an address may be a secret, and is not quoted."""
    found = [unquote(step) for step in parts.path.strip("/").split("/") if step]
    if len(found) != steps or not parts.hostname:
        raise RefusedError(Reason.NOT_VERIFIED, f"an address such as {form}")
    return found
