"""E-mail, on a real server where Dovecot is installed, and on one that drips everywhere."""

import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fakes.running import ask, gaps, settings, tables, whole_text
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.accounts import mailbox
from auditor.collect.accounts.connector import Asking, CanWrite, Part, Trace, Wanted
from auditor.collect.accounts.imap import IMAP
from auditor.collect.accounts.mailbox import _date, opened, quoted, readable
from auditor.collect.credentials import Secret
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Api
from auditor.evidence import Reason
from auditor.policy import Account

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/sbin")
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 0
first_valid_gid = 0
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password=right
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
MESSAGE = b"From: Ada Planted <%s>\r\nTo: privacy@example.org\r\nSubject: %s\r\n\r\nplanted\r\n"


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Return the port of a Dovecot of our own."""
    if DOVECOT is None:
        pytest.skip("Dovecot is not installed (Debian: dovecot-imapd)")
    folder = tmp_path_factory.mktemp("d")
    port, me = free_port(), pwd.getpwuid(os.getuid())
    if me.pw_uid == 0:  # Dovecot keeps no mail of root
        me = pwd.getpwnam("nobody")
        ours = [path for path in (folder, *folder.parents) if "pytest-" in str(path)]
        for path in ours:
            path.chmod(0o755)
        (folder / "mail").mkdir()
        os.chown(folder / "mail", me.pw_uid, me.pw_gid)
    uid, gid = me.pw_uid, me.pw_gid
    config = folder / "dovecot.conf"
    names = {"user": me.pw_name, "group": grp.getgrgid(gid).gr_name}
    config.write_text(CONFIG.format(folder=folder, port=port, uid=uid, gid=gid, **names))
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(config)])  # noqa: S603
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            pytest.skip(f"Dovecot does not start: {(folder / 'log').read_text()[-500:]}")
        yield port
    finally:
        process.terminate()
        process.wait(10)


def keep(port: int, user: str, folder: str, *messages: tuple[str, str, str]) -> None:
    """Put messages into a folder: sender, subject, and the day on which each arrived."""
    with imaplib.IMAP4("127.0.0.1", port) as box:
        box.login(user, "right")
        box.create(folder)
        for sender, subject, day in messages:
            moment = datetime.fromisoformat(f"{day}T12:00:00+00:00")
            body = MESSAGE % (sender.encode(), subject.encode())
            status, _ = box.append(folder, "", imaplib.Time2Internaldate(moment), body)
            assert status == "OK"


def asking_at(port: int, user: str, password: str = "right") -> Asking:  # noqa: S107 -- made up
    """Return what questions are given, for a server on this machine."""
    return Asking(
        account=Account(id="mail", connector="imap", host=f"127.0.0.1:{port}", user=user),
        api=Api(IMAP.service, {}),
        secret=Secret(text=password),
        as_of=date(2026, 1, 15),
    )


def seen_by(asking: Asking, *whats: str) -> list[Part]:
    """Return what the questions of these subjects yield, of all if none is named."""
    return ask(asking, [each for each in IMAP.questions if each.what in whats or not whats])


ADA = "ada@planted.example"
HOSTILE = ["&AOk-t&AOk-", '"a \\"quoted\\" b"', '"back\\\\slash"', "planted@example.org"]


def test_how_old_messages_are(server: int) -> None:
    """In each folder, whatever it is called; and none of it is marked as read or kept."""
    keep(server, "one", "INBOX", (ADA, "Hello", "2020-02-03"), (ADA, "Hi", "2025-01-01"))
    for name in HOSTILE:
        keep(server, "one", name, (ADA, "Old", "2019-01-01"))
    parts = seen_by(asking_at(server, "one"), "messages")
    found = tables(parts)
    assert found["INBOX"].ages[0].days == {date(2020, 2, 3): 1, date(2025, 1, 1): 1}
    assert len(found) == 1 + len(HOSTILE)
    assert "été" in found
    assert not gaps(parts)
    assert "planted" not in whole_text(parts)
    with imaplib.IMAP4("127.0.0.1", server) as box:
        box.login("one", "right")
        box.select("INBOX", readonly=True)
        assert box.search(None, "UNSEEN")[1] == [b"1 2"]


def test_requests_that_nobody_has_answered(server: int) -> None:
    """After 30 days; not those that are answered, young or about something else."""
    keep(
        server,
        "two",
        "INBOX",
        (ADA, "Please delete my account", "2025-12-01"),
        (ADA, "RGPD: mes donnees", "2025-12-15"),
        (ADA, "Delete my data", "2025-12-20"),
        (ADA, "Lunch?", "2025-01-01"),
        (ADA, "GDPR request", "2025-01-01"),
    )
    with imaplib.IMAP4("127.0.0.1", server) as box:
        box.login("two", "right")
        box.select("INBOX")
        box.store("5", "+FLAGS", "\\Answered")
    (one,) = settings(seen_by(asking_at(server, "two"), "requests about rights"))
    assert (one.name, one.value, one.effect) == ("requests in INBOX", "2", "unanswered")


def test_what_the_login_may_change(server: int) -> None:
    """Without ACL nobody can tell; with it, the letters say."""
    parts = seen_by(asking_at(server, "one"), "what the login may change")
    assert [gap.reason for gap in gaps(parts)] == [Reason.CANNOT_BE_SHOWN]
    assert not any(isinstance(part, CanWrite) for part in parts)


def test_a_person_is_found(server: int) -> None:
    """By sender or recipient, in each folder."""
    keep(
        server, "three", "INBOX", (ADA, "a", "2025-01-01"), ("bob@example.org", "b", "2025-01-01")
    )
    keep(server, "three", "Kept", (ADA, "a", "2025-01-01"))
    assert IMAP.find
    found = list(IMAP.find(asking_at(server, "three"), Wanted(keys={"email": f" {ADA}"})))
    assert sorted(found, key=lambda one: one.place) == [
        Trace(place="INBOX", number=1),
        Trace(place="Kept", number=1),
    ]


def test_a_wrong_password(server: int) -> None:
    """Is named as such, and not repeated."""
    (gap, *_) = gaps(seen_by(asking_at(server, "one", "hunter2"), "messages"))
    assert gap.reason is Reason.NO_CREDENTIAL
    assert "hunter2" not in str(gap)


def test_what_is_not_said(tmp_path: Path) -> None:
    """No host, and a server that is not there."""
    del tmp_path
    nameless = Asking(
        account=Account(id="mail", connector="imap"),
        api=Api(IMAP.service, {}),
        secret=Secret(text="x"),
        as_of=date(2026, 1, 15),
    )
    assert {gap.reason for gap in gaps(seen_by(nameless))} == {Reason.UNDECIDED}
    assert {gap.reason for gap in gaps(seen_by(asking_at(free_port(), "x")))} == {
        Reason.UNREACHABLE
    }


@pytest.mark.parametrize(
    "text", [b"", b"* BYE no\r\n", b"junk\r\n" * 3, b"* OK " + b"x" * 2_000_000]
)
def test_a_server_that_is_none(text: bytes) -> None:
    """Whatever it says, it is a gap."""
    with served(text) as port:
        parts = seen_by(asking_at(port, "x"), "messages")
    assert {gap.reason for gap in gaps(parts)} == {Reason.UNREACHABLE}


def test_a_server_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then is no answer; the clock is ours."""
    monkeypatch.setattr(mailbox, "TIMEOUT", 5.0)
    began = time.monotonic()
    with (
        served(b"* OK hello\r\n", drip=b"x") as port,
        pytest.raises(RefusedError),
        opened(f"127.0.0.1:{port}", "x", "y", 0.5),
    ):
        pytest.fail("it let us in")
    assert time.monotonic() - began < 4


class served:  # noqa: N801 -- reads as a word
    """A server that says one thing, and then a byte every now and then."""

    def __init__(self, text: bytes, drip: bytes = b"") -> None:
        self._text, self._drip, self._socket = text, drip, socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()
        self._ends = threading.Event()

    def __enter__(self) -> int:
        threading.Thread(target=self._serve, daemon=True).start()
        port: int = self._socket.getsockname()[1]
        return port

    def _serve(self) -> None:
        try:
            one, _ = self._socket.accept()
            with one:
                one.sendall(self._text)
                while self._drip and not self._ends.wait(0.05):
                    one.sendall(self._drip)
        except OSError:
            pass

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._socket.close()


@given(st.binary(max_size=200))
def test_no_line_breaks_a_date(line: bytes) -> None:
    """Nor any name a folder's."""
    found = _date(line)
    assert found is None or found.tzinfo is not None
    assert isinstance(readable(line), str)


def test_dates_of_the_protocol() -> None:
    """With a zone; what is no date of a calendar counts as unreadable."""
    line = b'1 (INTERNALDATE "%s")'
    good = _date(line % b" 3-Feb-2020 23:30:00 -0130")
    assert good is not None
    assert good.astimezone(UTC) == datetime(2020, 2, 4, 1, tzinfo=UTC)
    assert _date(line % b"31-Feb-2020 23:30:00 +0000") == datetime.min.replace(tzinfo=UTC)


def test_a_key_that_needs_a_literal() -> None:
    """Is not searched for as something else."""
    assert quoted('a"b\\') == '"a\\"b\\\\"'
    with pytest.raises(RefusedError):
        quoted("a\r\nb")
