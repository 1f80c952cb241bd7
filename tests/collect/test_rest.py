"""Asking a service: only questions, only its own hosts, never without end."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from auditor.collect.refused import RefusedError
from auditor.collect.rest import Api, Service, segment
from auditor.evidence import Reason

SERVICE = Service(
    name="Example", hosts=("https://api.example.com",), reads=(r"/v1/[^/]+:query",), rest=0.01
)
Reply = tuple[int, Mapping[str, str], bytes]


class Page(Struct, frozen=True):
    """What is asked for; everything else in an answer is dropped."""

    items: tuple[int, ...] = ()
    next: str = ""


class Fake:
    """A server that answers as it is told, and remembers what it was asked."""

    def __init__(self, reply: Callable[[str, str], Reply]) -> None:
        fake, self.asked, self.headers = self, [], []  # type: ignore[var-annotated]

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                fake.asked.append(f"{self.command} {self.path}")
                fake.headers.append(dict(self.headers))
                status, headers, body = reply(self.command, self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 -- http.server's names

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def served() -> Iterator[Callable[[Callable[[str, str], Reply]], Fake]]:
    """Return what starts a fake; each is stopped in the end."""
    fakes: list[Fake] = []

    def start(reply: Callable[[str, str], Reply]) -> Fake:
        fakes.append(Fake(reply))
        return fakes[-1]

    yield start
    for fake in fakes:
        fake.server.shutdown()
        fake.server.server_close()


Served = Callable[[Callable[[str, str], Reply]], Fake]


def api_at(fake: Fake, **facts: Any) -> Api:  # noqa: ANN401 -- of Api
    """Return a client whose service is the fake."""
    return Api(SERVICE, {"Authorization": "Bearer t"}, base=fake.base, **facts)


def ok(**body: object) -> Reply:
    """Return an answer of JSON."""
    return 200, {}, json.dumps(body).encode()


def test_what_is_not_asked_for_is_dropped(served: Served) -> None:
    """Only the fields of the type are kept."""
    api = api_at(served(lambda *_: ok(items=[1], email="a@example.org")))
    assert api.get("https://api.example.com/v1/x", Page) == Page(items=(1,))


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, Reason.NO_CREDENTIAL),
        (403, Reason.FORBIDDEN),
        (404, Reason.NOT_IN_EVIDENCE),
        (302, Reason.UNREACHABLE),
        (429, Reason.RATE_LIMITED),
        (503, Reason.UNREACHABLE),
    ],
)
def test_a_refusal_has_its_reason_and_no_text(served: Served, status: int, reason: Reason) -> None:
    """What the service says may hold somebody's name."""
    location = {"Location": "https://elsewhere.example"}
    fake = served(lambda *_: (status, location, b'{"error": "Ada Lovelace"}'))
    with pytest.raises(RefusedError) as caught:
        api_at(fake).get("https://api.example.com/v1/x", Page)
    assert caught.value.reason is reason
    assert "Ada" not in caught.value.needs
    assert str(status) in caught.value.needs


def test_it_asks_again_when_the_service_is_busy(served: Served) -> None:
    """After the time that it names."""
    numbers, pauses = count(), list[float]()

    def reply(*_: str) -> Reply:
        return (429, {"Retry-After": "7"}, b"") if next(numbers) == 0 else ok(items=[2])

    api = api_at(served(reply), sleep=pauses.append)
    assert api.get("https://api.example.com/v1/x", Page).items == (2,)
    assert pauses == [7.0]
    assert api.requests == 2


def test_googles_limit_is_a_403_that_is_asked_again(served: Served) -> None:
    """`rateLimitExceeded` passes; no other 403 does."""
    numbers = count()

    def reply(*_: str) -> Reply:
        limit = b'{"error": {"errors": [{"reason": "rateLimitExceeded"}]}}'
        return (403, {}, limit) if next(numbers) == 0 else ok(items=[3])

    api = api_at(served(reply), sleep=lambda _: None)
    assert api.get("https://api.example.com/v1/x", Page).items == (3,)


def test_it_does_not_wait_for_ever(served: Served) -> None:
    """A pause of an hour is a gap."""
    api = api_at(served(lambda *_: (429, {"Retry-After": "3600"}, b"")), sleep=pytest.fail)
    with pytest.raises(RefusedError) as caught:
        api.get("https://api.example.com/v1/x", Page)
    assert caught.value.reason is Reason.RATE_LIMITED


def test_only_questions_are_asked(served: Served) -> None:
    """Nothing else is sent at all: no other method, no other POST, no other host."""
    fake = served(lambda *_: ok())
    api = api_at(fake)
    assert api.ask("https://api.example.com/v1/people:query", Page, {}) == Page()
    for method, path in (
        ("DELETE", "/v1/people"),
        ("POST", "/v1/people"),
        ("POST", "/v1/people:query/x"),
        ("PATCH", "/v1/people:query"),
    ):
        with pytest.raises(PermissionError):
            api.answer(method, f"https://api.example.com{path}")
    for address in ("https://elsewhere.example/v1/x", "https://api.example.com.evil.example/x"):
        with pytest.raises(ValueError, match="is not at"):
            api.get(address, Page)
    assert fake.asked == ["POST /v1/people:query"]


def test_the_next_page_is_at_the_same_host(served: Served) -> None:
    """A link that leads elsewhere would take the credential along."""
    fake = served(lambda *_: (200, {"Link": '<https://evil.example/2>; rel="next"'}, b"{}"))
    with pytest.raises(RefusedError):
        list(api_at(fake).linked("https://api.example.com/v1/x", Page))
    assert len(fake.asked) == 1


def test_links_are_followed(served: Served) -> None:
    """Until there is no next one (RFC 8288)."""

    def reply(_: str, path: str) -> Reply:
        if "page=2" in path:
            return ok(items=[2])
        return 200, {"Link": f'<{fake.base}/v1/x?page=2>; rel="next"'}, b'{"items": [1]}'

    fake = served(reply)
    pages = list(api_at(fake).linked("https://api.example.com/v1/x", Page, {"per_page": 100}))
    assert [page.items for page in pages] == [(1,), (2,)]
    assert fake.asked == ["GET /v1/x?per_page=100", "GET /v1/x?page=2"]


def fetching(pages: Mapping[str, Page]) -> Callable[[str], tuple[Page, str]]:
    """Return what fetches prepared pages by their token."""

    def fetch(token: str) -> tuple[Page, str]:
        return pages[token], pages[token].next

    return fetch


def test_an_empty_page_is_not_the_end(served: Served) -> None:
    """Only the lack of a token is."""
    pages = {"": Page(next="a"), "a": Page(items=(1,), next="b"), "b": Page()}
    found = api_at(served(lambda *_: ok())).pages(fetching(pages))
    assert [page.items for page in found] == [(), (1,), ()]


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ({"": Page(next="a"), "a": Page(next="a")}, Reason.NOT_VERIFIED),
        ({"": Page(next="a"), "a": Page(next="b"), "b": Page(next="c")}, Reason.CAP_REACHED),
    ],
)
def test_pages_that_do_not_end(served: Served, pages: dict[str, Page], reason: Reason) -> None:
    """A token that comes again, and more pages than are read, are refused."""
    with pytest.raises(RefusedError) as caught:
        list(api_at(served(lambda *_: ok())).pages(fetching(pages), most=3))
    assert caught.value.reason is reason


def test_a_netrc_changes_nothing(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does a proxy of the environment: we ask as who we are."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    fake = served(lambda *_: ok())
    api_at(fake).get("https://api.example.com/v1/x", Page)
    assert fake.headers[0]["Authorization"] == "Bearer t"


def test_a_drip_of_bytes_ends(served: Served) -> None:
    """The clock is ours, whatever comes between two bytes."""
    ticks = count(0, 100)
    fake = served(lambda *_: (200, {}, b" " * 1_000_000))
    api = api_at(fake, clock=lambda: float(next(ticks)), seconds=350)
    with pytest.raises(RefusedError) as caught:
        api.get("https://api.example.com/v1/x", Page)
    assert caught.value.reason is Reason.TIMEOUT


@pytest.mark.parametrize("body", [b"", b"[1]", b'{"items": "no"}', b"\xff", b"[" * 100_000])
def test_what_is_no_answer_is_a_gap(served: Served, body: bytes) -> None:
    """Whatever stands there, it is not a crash."""
    with pytest.raises(RefusedError) as caught:
        api_at(served(lambda *_: (200, {}, body))).get("https://api.example.com/v1/x", Page)
    assert caught.value.reason is Reason.NOT_VERIFIED


def test_nobody_listens() -> None:
    """A refused connection is a gap, after some tries."""
    api = Api(SERVICE, {}, base="http://127.0.0.1:1", sleep=lambda _: None)
    with pytest.raises(RefusedError) as caught:
        api.get("https://api.example.com/v1/x", Page)
    assert caught.value.reason is Reason.UNREACHABLE
    assert api.requests == 5


@given(st.text())
def test_a_segment_leads_nowhere_else(text: str) -> None:
    """Neither up nor down, nor into the query."""
    made = segment(text)
    assert not set(made) & set("/?#\\")
    assert made not in {".", ".."}
