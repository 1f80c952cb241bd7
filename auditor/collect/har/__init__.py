"""HAR files: what a browser's network panel, or a proxy, recorded of a visit.

`read_har` is all that the rest of the house sees. The way through the package:

    reader -> dialects -> exchanges -> visits -> pages -> observations
    a stream  of exporters  nothing personal from here on
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from auditor.collect.har import gaps
from auditor.collect.har.exchanges import Exchange, read_exchange
from auditor.collect.har.observations import Choose, Story, tell
from auditor.collect.har.reader import HarFile
from auditor.collect.progress import Progress, quiet
from auditor.errors import CollectError
from auditor.evidence import Gap, SiteObservation, Source, State
from auditor.names import template

MAX_KEPT = 250_000  # requests, cookies and links of one file

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_TOOL = 60  # characters
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9.-]+")


class HarRecording(Struct, frozen=True, kw_only=True):
    """What one HAR file shows, whichever site it is of.

    `visited` are the shapes of the pages that were opened, in order, also of those that failed.
    """

    source: Source
    visited: tuple[str, ...]
    observations: tuple[SiteObservation, ...]
    gaps: tuple[Gap, ...]


class _Draft:
    """What is gathered while a file is read."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.unusable: list[tuple[int, str]] = []
        self.tools: dict[str, str] = {}
        self.kept = 0
        self.entries = 0

    def add(self, kind: str, value: object) -> None:
        """Take one part of the file; beyond the cap it is read and left."""
        if kind != "entry":
            self.tools[kind] = _tool(value)
            return
        self.entries += 1
        if self.kept > MAX_KEPT:
            return
        self.kept += 1
        try:
            exchange = read_exchange(value, self.entries)
        except ValueError as error:
            self.unusable.append((self.entries, str(error)[:200]))
            return
        if exchange:
            self.exchanges.append(exchange)
            self.kept += len(exchange.cookies) + len(exchange.links or ())


def read_har(
    path: Path,
    state: State | None = None,
    progress: Progress = quiet,
    choose: Choose | None = None,
) -> HarRecording:
    """Read a recording. `CollectError` names the file and what to do if it cannot be used.

    `choose` gets the pages visited and returns what tells the site's own URLs: what others' pages
    did by themselves is then left out, and counted in a gap.
    """
    draft = _Draft()
    try:
        with path.open("rb") as file:
            har = HarFile(file, path.name, progress)
            for kind, value in har.parts():
                draft.add(kind, value)
    except OSError as error:
        raise CollectError(f"{path}: {error.strerror or error}") from error
    began = _began(draft, path.name)
    story = tell(draft.exchanges, began, state, choose)
    tools = [draft.tools[kind] for kind in ("creator", "browser") if draft.tools.get(kind)]
    return HarRecording(
        source=Source(
            kind="har",
            path=path.name,
            sha256=har.sha256,
            tool=", ".join(tools),
            collected_at=_EPOCH + timedelta(milliseconds=began),
            state=state,
        ),
        visited=story.visited,
        observations=story.observations,
        gaps=tuple(_gaps(path.name, draft, story, state)),
    )


def _began(draft: _Draft, name: str) -> float:
    """Return when the first request was sent, in milliseconds since 1970."""
    if not draft.exchanges and draft.unusable:
        number, why = draft.unusable[0]
        raise CollectError(f"{name}: none of its entries can be read; entry {number}: {why}")
    if not draft.exchanges:
        raise CollectError(
            f"{name}: holds no request to a website;"
            " open the network panel before you load the page, then export it again"
        )
    moments = [seen.started for seen in draft.exchanges if seen.started is not None]
    if not moments:
        raise CollectError(f"{name}: does not say when it was recorded; record it again")
    return min(moments)


def _gaps(name: str, draft: _Draft, story: Story, state: State | None) -> Iterator[Gap]:
    if draft.kept > MAX_KEPT:
        yield gaps.too_much(name, MAX_KEPT)
    yield from gaps.unusable_entries(name, draft.unusable)
    yield from gaps.unanswered_hosts(story.unanswered, state)
    if story.left_out:
        yield gaps.other_pages(name, story.left_out, state)
    if blocked := sum(seen.blocked for seen in draft.exchanges):
        yield gaps.blocked_requests(name, blocked, state)
    if not any(seen.cookies for seen in draft.exchanges):
        yield gaps.no_cookies(name, state)
    if state is State.BEFORE and story.began_with_cookies:
        yield gaps.used_profile(name)


def _tool(value: object) -> str:
    """Return the name and version of a program: its plain words, without what may be personal."""
    said = value if isinstance(value, dict) else {}
    texts = [text[:200] for key in ("name", "version") if isinstance(text := said.get(key), str)]
    words = [word for word in " ".join(texts).split() if template(word) == word]
    return " ".join(filter(None, (_NOT_PLAIN.sub("", word) for word in words)))[
        :_LONGEST_TOOL
    ].strip()
