"""The deploy preview of one commit: which address, once it is there.

Vercel and others tell GitHub of a *deployment* with its address. Netlify sets a *commit status*
`netlify/SITE/deploy-preview` whose target is the preview. Both are asked for by the commit, so
what an earlier push left is never taken for this one's. Source: GitHub REST API, "Deployments"
and "Commit statuses"; Netlify and Vercel for GitHub.
"""

import re
import time
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from auditor.ci.github import GitHub
from auditor.errors import AuditError

NETLIFY: Final = re.compile(r"netlify/(?P<site>[^/]+)/deploy-preview")
PAUSE: Final = 10.0  # seconds between two questions
FAILED: Final = frozenset({"failure", "error"})


class Preview(Struct, frozen=True, kw_only=True):
    """What is known of one: `name` is its site or environment, `url` "" until it is there."""

    name: str
    state: str
    url: str


class NoPreviewError(AuditError):
    """There is none: it failed, or did not come in time."""


def wait_for_preview(  # noqa: PLR0913 -- each is a bound or a clock
    github: GitHub,
    commit: str,
    *,
    name: str = "",
    seconds: float = 600,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> str:
    """Return the address; `name` chooses among several, and is part of its name."""
    end = clock() + seconds
    while True:
        found = [
            one for one in _previews(github, commit) if name.casefold() in one.name.casefold()
        ]
        ready = {one.url: one.name for one in found if one.url}
        if len(ready) > 1:
            names = ", ".join(sorted(ready.values()))
            raise NoPreviewError(f"{commit[:8]} has several previews: {names}; name one")
        if ready and not any(one.state == "pending" for one in found):
            return next(iter(ready))
        if found and all(one.state in FAILED for one in found):
            raise NoPreviewError(f"the preview of {commit[:8]} was not built: see {found[0].name}")
        if clock() + PAUSE > end:
            break
        sleep(PAUSE)
    if ready:
        return next(iter(ready))
    told = ", ".join(f"{one.name}: {one.state}" for one in found) or "nobody announced one"
    raise NoPreviewError(f"no preview of {commit[:8]} within {seconds:.0f} seconds ({told})")


def _previews(github: GitHub, commit: str) -> Iterator[Preview]:
    for deployment in github.all("deployments", sha=commit):
        if deployment.get("production_environment"):
            continue
        newest = next(github.all(f"deployments/{deployment['id']}/statuses"), {})
        state = str(newest.get("state") or "pending")
        if state != "inactive":  # a newer one of the same environment stands in its place
            name = str(deployment.get("environment") or "")
            yield _preview(name, state, newest.get("environment_url"))
    for status in github.get(f"commits/{commit}/status").get("statuses", ()):
        if site := NETLIFY.fullmatch(str(status.get("context"))):
            yield _preview(site["site"], str(status.get("state")), status.get("target_url"))


def _preview(name: str, state: str, url: object) -> Preview:
    if state == "success":
        return Preview(name=name, state=state, url=_website(str(url or "")))
    return Preview(name=name, state=state if state in FAILED else "pending", url="")


def _website(url: str) -> str:
    """Return an address that can be visited, "" for any other; one of a site, not of its log."""
    parts = urlsplit(url)
    is_log = parts.hostname in {"app.netlify.com", "vercel.com"}
    is_web = parts.scheme == "https" and parts.hostname and url.isascii() and url.isprintable()
    return "" if is_log or not is_web or " " in url else url
