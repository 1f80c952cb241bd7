"""A stand-in for a service that answers as its own document says, and refuses all else.

Unknown paths are 404, unknown parameters and values 400, a wrong token 401, a missing scope 403.
What a test says that the service holds must fit the document, else the stand-in does not start.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from fakes.documents import Document, Json, Operation

GOOD = "good-key"
MOST = 100  # records of a page, where pages have numbers


class Said(NamedTuple):
    """An answer that a test puts in, and for which requests: a part of path and query."""

    place: str
    status: int
    body: bytes = b"{}"
    headers: Mapping[str, str] = {}
    times: int = 1_000_000


class Fake:
    """Holds `answers` by path, some by path and query: `/orgs/x/members?filter=2fa_disabled`.

    Lists come in pages, with a `Link` to the next. `needs` are scopes by the document's path, and
    `scopes` those of the token. `also` are parameters that the document does not name. `text` is
    put wherever the document has a text that no test gives. With `is_sparse` every second page is
    empty; with `is_full` the last full page still links to one more; `turns` leads in a circle.
    """

    def __init__(  # noqa: PLR0913 -- each is a way to be difficult
        self,
        document: Document,
        answers: Mapping[str, Json],
        *,
        credential: str = GOOD,
        needs: Mapping[str, str] = {},
        scopes: Sequence[str] = (),
        also: Mapping[str, Sequence[str]] = {},
        headers: Mapping[str, str] = {},
        says: Sequence[Said] = (),
        text: str = "",
        is_sparse: bool = False,
        is_full: bool = False,
        turns: bool = False,
    ) -> None:
        """Check the answers against the document; ValueError says what does not fit."""
        self.document, self.credential, self.headers = document, credential, headers
        self.needs, self.scopes, self.also, self.says = needs, scopes, also, list(says)
        self.is_sparse, self.is_full, self.turns = is_sparse, is_full, turns
        self.answers = {place: self._fitting(place, each, text) for place, each in answers.items()}
        self.asked: list[str] = []

    def _fitting(self, place: str, answer: Json, text: str) -> Json:
        method, _, where = place.rpartition(" ")
        operation = self.document.operation(where.partition("?")[0], method.lower() or "get")
        if operation is None:
            raise ValueError(f"the document has no {place}")
        if callable(answer):
            return answer
        answer = self.document.filled(operation.schema, answer, text)
        for error in self.document.validator(operation.schema).iter_errors(answer):
            raise ValueError(f"{place} does not fit at {error.json_path}: {error.message[:200]}")
        return answer

    def __enter__(self) -> Self:
        """Start on a free port of this machine."""
        handler = type("Handler", (_Handler,), {"fake": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, method: str, target: str, authorization: str, body: bytes = b"") -> Said:
        """Return what a request is answered."""
        self.asked.append(f"{method} {target}")
        url = urlsplit(target)
        path, query = url.path.removeprefix(self.document.base), dict(parse_qsl(url.query))
        for number, said in enumerate(self.says):
            if said.times and said.place in f"{path}?{url.query}":
                self.says[number] = said._replace(times=said.times - 1)
                return said
        if method != "GET" and f"{method} {path}" not in self.answers:
            return Said(path, 405)  # nothing but questions is answered
        operation = self.document.operation(path, method.lower())
        if operation is None or not url.path.startswith(self.document.base):
            return Said(path, 404)
        if status := self._refusal(operation, authorization, query):
            return Said(path, status, headers=self.headers)
        if method != "GET":
            return self._told(operation, self.answers[f"{method} {path}"], body)
        return self._found(operation, path, query)

    def _refusal(self, operation: Operation, authorization: str, query: Mapping[str, str]) -> int:
        """Return the status that refuses a request, 0 if nothing is wrong with it."""
        if authorization != f"Bearer {self.credential}":
            return 401
        scope = self.needs.get(operation.template, "")
        if scope and scope not in self.scopes:
            return 403
        if operation.scopes and not set(operation.scopes) & set(self.scopes):
            return 403
        return 0 if self._knows(operation, query) else 400

    def _told(self, operation: Operation, answer: Callable[[Json], Json], body: bytes) -> Said:
        """Return what a question gets that travels as a body; both fit the document."""
        asked = msgspec.json.decode(body)
        if not self.document.validator(operation.body).is_valid(asked):
            return Said("", 400)
        told = answer(asked)
        self.document.validator(operation.schema).validate(told)
        return Said("", 200, msgspec.json.encode(told))

    def _knows(self, operation: Operation, query: Mapping[str, str]) -> bool:
        also = self.also.get(operation.template, ())
        return all(
            name in also
            or (name in operation.query and value in (operation.query[name] or [value]))
            for name, value in query.items()
        )

    def _found(self, operation: Operation, path: str, query: Mapping[str, str]) -> Said:
        fitting = [
            place
            for place in self.answers
            if place.partition("?")[0] == path
            and dict(parse_qsl(place.partition("?")[2])).items() <= query.items()
        ]
        if not fitting:
            return Said(path, 404)
        answer, headers = self.answers[max(fitting, key=len)], dict(self.headers)
        if {"pageToken", "nextPageToken"} & set(operation.query):
            answer = self._part(answer, query)
            if answer is None:
                return Said(path, 400)
        if fields := query.get("fields", ""):
            answer = _masked(answer, fields)
        if "per_page" in operation.query and "page" in operation.query:
            answer, more = self._page(answer, query)
            if more:
                url = f"{self.base}{self.document.base}{path}?{urlencode({**query, 'page': more})}"
                headers["Link"] = f'<{url}>; rel="next", <{url}>; rel="last"'
        return Said(path, 200, msgspec.json.encode(answer), headers)

    def _part(self, answer: Json, query: Mapping[str, str]) -> Json:
        """Return a page with the token of the next, as Google has them; None for a wrong token."""
        lists = [key for key, value in answer.items() if isinstance(value, list)]
        token = query.get("pageToken") or query.get("nextPageToken", "page-1")
        if not lists or token[:5] != "page-":
            return None if lists else answer
        wanted = {
            "page": token[5:],
            "per_page": query.get("pageSize") or query.get("maxResults", "10"),
        }
        page, more = self._page(answer[lists[0]], wanted, 1000)
        rest = {key: value for key, value in answer.items() if key != lists[0]}
        tokens = {"nextPageToken": f"page-{more}"} if more else {}
        return {**rest, **({lists[0]: page} if page else {}), **tokens}

    def _page(self, answer: Json, query: Mapping[str, str], most: int = MOST) -> tuple[Json, int]:
        """Return a page, and the number of the next, 0 if there is none."""
        if isinstance(answer, dict):
            (name,) = (key for key, value in answer.items() if isinstance(value, list))
            page, more = self._page(answer[name], query, most)
            return {**answer, name: page}, more
        number, size = int(query.get("page", 1)), min(int(query.get("per_page", 30)), most)
        each = 2 if self.is_sparse else 1
        place, empty = divmod(number - 1, each)
        page = [] if empty else answer[place * size : (place + 1) * size]
        end = len(answer) if not self.is_full else len(answer) + (len(answer) % size == 0)
        if self.turns:
            return page, number % 2 + 1
        return page, number + 1 if (place + 1) * size < end else 0


def _masked(answer: dict[str, Json], fields: str) -> dict[str, Json]:
    """Return the fields that were asked for: `nextPageToken,files(id,mimeType)`."""
    found = {}
    for name, inner in re.findall(r"(\w+)(?:\(([\w,]*)\))?", fields):
        if name in answer and inner:
            kept = inner.split(",")
            found[name] = [{k: v for k, v in each.items() if k in kept} for each in answer[name]]
        elif name in answer:
            found[name] = answer[name]
    return found


class _Handler(BaseHTTPRequestHandler):
    fake: Fake
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        token, size = (
            self.headers.get("Authorization", ""),
            self.headers.get("Content-Length", "0"),
        )
        said = self.fake.answer(self.command, self.path, token, self.rfile.read(int(size)))
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said.body)))
        self.end_headers()
        self.wfile.write(said.body)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""
