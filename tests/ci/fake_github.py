"""A repository of GitHub on this machine: deployments, statuses, and comments that are kept."""

import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

OWN = "github-actions[bot]"
Json = dict[str, Any]


class Repository:
    """Answers as GitHub does: pages of at most a hundred, 403 to what a fork's job may not."""

    def __init__(self) -> None:
        """Listen; nothing is there."""
        self.deployments: list[Json] = []
        self.statuses: list[Json] = []
        self.comments: list[Json] = []
        self.written: list[str] = []
        self.may_write = True
        repository = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                url = urlsplit(self.path)
                asked = {name: each[0] for name, each in parse_qs(url.query).items()}
                found = repository.read(url.path.removeprefix("/repos/o/r/"), asked)
                self.reply(403 if found is None else 200, found)

            def do_POST(self) -> None:
                self.write()

            def do_PATCH(self) -> None:
                self.write()

            def write(self) -> None:
                size = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(size))["body"]
                if repository.may_write:
                    repository.wrote(self.command, self.path, body)
                self.reply(200 if repository.may_write else 403, {})

            def reply(self, status: int, body: object) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def read(self, path: str, asked: Json) -> object:
        """Return what is there, a page of it if it is a list."""
        if path == "deployments":
            return [one for one in self.deployments if one["sha"] == asked["sha"]]
        if number := re.fullmatch(r"deployments/(\d+)/statuses", path):
            return self.deployments[int(number[1])]["said"]
        if commit := re.fullmatch(r"commits/(\w+)/status", path):
            return {"statuses": [one for one in self.statuses if one["sha"] == commit[1]]}
        if path == "issues/7/comments":
            size = int(asked["per_page"])
            start = (int(asked["page"]) - 1) * size
            return self.comments[start : start + size]
        return None  # /user: the token of a job is no user's

    def wrote(self, method: str, path: str, body: str) -> None:
        """Keep a comment."""
        self.written.append(method)
        if method == "POST":
            self.comments.append(comment(body, id=len(self.comments)))
        else:
            self.comments[int(path.rpartition("/")[2])]["body"] = body

    def deploy(self, environment: str, state: str, url: str, **more: Any) -> None:  # noqa: ANN401
        """Announce a deployment of commit `c1`."""
        said = [{"state": state, "environment_url": url}] if state else []
        number = len(self.deployments)
        here = {"id": number, "sha": "c1", "environment": environment, "said": said}
        self.deployments.append({**here, **more})

    def status(self, context: str, state: str, url: str, sha: str = "c1") -> None:
        """Set a commit status."""
        self.statuses.append({"context": context, "state": state, "target_url": url, "sha": sha})


def comment(body: str, login: str = OWN, **more: object) -> Json:
    """Return a comment as GitHub lists it."""
    return {"body": body, "user": {"login": login}, **more}
