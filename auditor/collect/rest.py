"""Asking a service over HTTP, so that nothing can be changed, leaked or waited for without end.

Only GET, and the POSTs that a connector lists as questions; only the connector's own hosts; no
redirects, no `.netrc`, no cookies. Answers are decoded to the types that are asked for: what these
do not name is dropped unread.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeVar
from urllib.parse import quote, urlsplit

import msgspec
import requests
from msgspec import Struct
from requests.utils import parse_header_links
from tenacity import RetryCallState, Retrying, retry_if_exception_type, retry_if_result
from urllib3.exceptions import HTTPError

from auditor import __version__
from auditor.collect.refused import RefusedError
from auditor.evidence import Reason

T = TypeVar("T")
Params = Mapping[str, str | int | bool | tuple[str, ...]]

LARGEST: Final = 64 * 2**20  # bytes of an answer
MOST_PAGES: Final = 100_000
_TIMEOUT: Final = (10.0, 30.0)  # seconds to connect, and between bytes
_PIECE: Final = 2**16
_RETRIES: Final = 4
_SLOWEST: Final = 60.0  # seconds before asking again
_BROKEN: Final = (requests.RequestException, HTTPError, OSError)
_BUSY: Final = frozenset({429, 500, 502, 503, 504})
_REASONS: Final = {
    400: Reason.NOT_VERIFIED,
    401: Reason.NO_CREDENTIAL,
    402: Reason.FORBIDDEN,
    403: Reason.FORBIDDEN,
    404: Reason.NOT_IN_EVIDENCE,
    429: Reason.RATE_LIMITED,
}


class Service(Struct, frozen=True, kw_only=True):
    """Where a connector may ask, and how.

    `hosts` are addresses such as `https://api.example.com`. `reads` are the paths (regular
    expressions, matched whole) of POSTs that only read. Two requests are `pause` seconds apart at
    least, and after a 429 that names no time it waits `rest` seconds.
    """

    name: str
    hosts: tuple[str, ...]
    reads: tuple[str, ...] = ()
    pause: float = 0.0
    rest: float = 1.0


class Answer(Struct, frozen=True, kw_only=True):
    """What came back: its status, its headers (names in lower case), its body as bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Api:
    """One credential at one service, for a bounded time.

    `base` stands in for every host of the service (an emulator). `headers` carry the credential.
    """

    def __init__(  # noqa: PLR0913 -- each is a bound or a place
        self,
        service: Service,
        headers: Mapping[str, str],
        *,
        base: str = "",
        seconds: float = 600.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask nothing yet; all questions together may take `seconds`."""
        self._service, self._base = service, base.rstrip("/")
        self._reads = tuple(re.compile(pattern) for pattern in service.reads)
        self._sleep, self._clock = sleep, clock
        self._end, self._next = clock() + seconds, clock()
        self._session = requests.Session()
        self._session.trust_env = False  # a .netrc would replace our credential
        self._session.headers.update(
            {
                "User-Agent": f"policy-auditor/{__version__}",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                **headers,
            }
        )
        self.requests = 0

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def get(self, address: str, kind: type[T], params: Params | None = None) -> T:
        """Return what an address answers, as the type that is asked for."""
        return decoded(self.answer("GET", address, params=params), kind)

    def ask(self, address: str, kind: type[T], body: object) -> T:
        """Return what a question that travels as a POST answers."""
        return decoded(self.answer("POST", address, body=body), kind)

    def pages(
        self, fetch: Callable[[str], tuple[T, str]], *, most: int = MOST_PAGES
    ) -> Iterator[T]:
        """Yield pages until there is no token for another; `fetch` takes "" for the first.

        An empty page with a token is no end. `RefusedError` on a token that comes again, and after
        `most` pages.
        """
        token, seen = "", set()
        for _ in range(most):
            page, token = fetch(token)
            yield page
            if not token:
                return
            if token in seen:
                needs = "pages that end: a token for the next page has come twice"
                raise RefusedError(Reason.NOT_VERIFIED, needs)
            seen.add(token)
        raise RefusedError(Reason.CAP_REACHED, f"an answer of fewer than {most:,} pages")

    def linked(self, address: str, kind: type[T], params: Params | None = None) -> Iterator[T]:
        """Yield the pages that `Link: <...>; rel="next"` leads through (RFC 8288)."""
        first = self._url(address)

        def fetch(url: str) -> tuple[T, str]:
            answer = self._send("GET", url or first, params=None if url else params)
            return decoded(answer, kind), self._following(answer)

        yield from self.pages(fetch)

    def answer(
        self, method: str, address: str, *, params: Params | None = None, body: object = None
    ) -> Answer:
        """Return what came back with a status below 300; `RefusedError` says why nothing did."""
        return self._send(method, self._url(address), params=params, body=body)

    def _following(self, answer: Answer) -> str:
        links = parse_header_links(answer.headers.get("link", ""))
        url = next((link["url"] for link in links if link.get("rel") == "next"), "")
        if url and not self._is_own(url):
            raise RefusedError(Reason.NOT_VERIFIED, "a next page at the service's own host")
        return url

    def _is_own(self, url: str) -> bool:
        hosts = (self._base,) if self._base else self._service.hosts
        return any(urlsplit(url)[:2] == urlsplit(host)[:2] for host in hosts)

    def _url(self, address: str) -> str:
        """Return where an address of the service is asked: at `base`, where one stands in."""
        host = next((h for h in self._service.hosts if address.startswith(f"{h}/")), "")
        if not host:
            raise ValueError(f"{address} is not at {' or '.join(self._service.hosts)}")
        return self._base + address.removeprefix(host) if self._base else address

    def _send(
        self, method: str, url: str, *, params: Params | None = None, body: object = None
    ) -> Answer:
        self._allow(method, url)
        try:
            answer: Answer = Retrying(
                retry=retry_if_result(_is_busy) | retry_if_exception_type(_BROKEN),
                wait=self._pause,
                stop=lambda state: state.attempt_number > _RETRIES or not self._has_time(state),
                sleep=self._sleep,
                retry_error_callback=lambda state: state.outcome and state.outcome.result(),
            )(self._once, method, url, params, body)
        except _BROKEN as error:
            is_late = isinstance(error, requests.Timeout)
            needs = f"an answer of {self._service.name} ({type(error).__name__})"
            raise RefusedError(
                Reason.TIMEOUT if is_late else Reason.UNREACHABLE, needs
            ) from None  # its text may quote the address, and what is in it
        return self._good(answer)

    def _pause(self, state: RetryCallState) -> float:
        """Return how long to wait before asking again, in seconds: as the service says."""
        outcome = state.outcome
        answer = None if outcome is None or outcome.failed else outcome.result()
        told = answer.headers.get("retry-after", "") if isinstance(answer, Answer) else ""
        if told.strip().isdecimal():
            return float(told)
        return self._service.rest * 2.0 ** (state.attempt_number - 1)

    def _has_time(self, state: RetryCallState) -> bool:
        pause = self._pause(state)
        return pause <= _SLOWEST and self._clock() + pause < self._end

    def _allow(self, method: str, url: str) -> None:
        """Refuse, before anything is sent, what is not a question."""
        path = urlsplit(url).path
        if self._base:
            path = path.removeprefix(urlsplit(self._base).path)
        if method == "GET" or (method == "POST" and any(p.fullmatch(path) for p in self._reads)):
            return
        raise PermissionError(f"{method} {path} is not among the questions of a connector")

    def _once(self, method: str, url: str, params: Params | None, body: object) -> Answer:
        self._pace()
        self.requests += 1
        data = None if body is None else msgspec.json.encode(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        with self._session.request(
            method,
            url,
            params=_plain_params(params),
            data=data,
            headers=kind,
            timeout=_TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as answer:
            self._session.cookies.clear()
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(status=answer.status_code, headers=headers, body=self._body(answer))

    def _pace(self) -> None:
        now = self._clock()
        if now < self._next:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + self._service.pause
        if self._clock() > self._end:
            raise RefusedError(Reason.TIMEOUT, f"more time for {self._service.name}")

    def _body(self, answer: requests.Response) -> bytes:
        """Return the body; a drip of bytes and a flood both end."""
        body = bytearray()
        while piece := answer.raw.read1(_PIECE):
            body += piece
            if len(body) > LARGEST:
                needs = f"answers of {self._service.name} below {LARGEST // 2**20} MiB"
                raise RefusedError(Reason.CAP_REACHED, needs)
            if self._clock() > self._end:
                raise RefusedError(Reason.TIMEOUT, f"more time for {self._service.name}")
        return bytes(body)

    def _good(self, answer: Answer) -> Answer:
        if answer.status < 300:  # noqa: PLR2004 -- the class of success
            return answer
        reason = _REASONS.get(answer.status, Reason.UNREACHABLE)
        if _is_busy(answer):
            reason = Reason.UNREACHABLE if answer.status >= 500 else Reason.RATE_LIMITED  # noqa: PLR2004
        needs = f"an answer of {self._service.name}, which said {answer.status}"
        raise RefusedError(reason, needs)


def decoded(answer: Answer, kind: type[T]) -> T:
    """Return a body as a type; `RefusedError` where it is something else."""
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        needs = "an answer in the form that is documented"
        raise RefusedError(Reason.NOT_VERIFIED, needs) from error


def segment(text: str) -> str:
    """Return a text as one segment of a path: nothing in it leads elsewhere."""
    return "%2E" * len(text) if set(text) <= {"."} else quote(text, safe="")


def _plain_params(params: Params | None) -> list[tuple[str, str]] | None:
    if params is None:
        return None
    found: list[tuple[str, str]] = []
    for name, value in params.items():
        values = value if isinstance(value, tuple) else (value,)
        found += [(name, str(v).lower() if isinstance(v, bool) else str(v)) for v in values]
    return found


def _is_busy(answer: Answer) -> bool:
    """Return whether to ask again: Google words some limits as a 403 of their own."""
    is_limit = answer.status == 403 and b"ateLimitExceeded" in answer.body  # noqa: PLR2004
    return answer.status in _BUSY or is_limit
