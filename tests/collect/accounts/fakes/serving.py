"""The part of a stand-in that is the same for all: HTTP on this machine, JSON out."""

import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self

Reply = tuple[int, object, Mapping[str, str]]  # status, what is written as JSON, headers


class Serving:
    """Answers GET by `answer`, which a stand-in has; remembers what was `asked`."""

    def __init__(self) -> None:
        """Take a free port; answer once the stand-in is entered."""
        self.asked: list[str] = []
        serving = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                serving.asked.append(self.path)
                said = serving.answer(self.path, self.headers.get("Authorization", ""))
                status, body, headers = said
                data = json.dumps(body).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(data))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def do_POST(self) -> None:
                """Take a form as the query that it means: clients of others send one."""
                form = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
                self.path = f"{self.path}?{form}"
                self.do_GET()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, target: str, authorization: str) -> Reply:
        """Answer a path with its query."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        """Listen."""
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
