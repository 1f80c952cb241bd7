"""Who records visits: told by what scripts listen to and send, not by what they are called.

A recorder follows the changes of the whole document, listens to several of the things that
visitors do on all of it, and sends away much, or again and again. A menu that listens to clicks
does not, nor does a form that is checked while it is filled in. The numbers are ours: nobody has
published any.
"""

from collections.abc import Iterator

from msgspec import Struct, field

from auditor.collect.web.address import Address
from auditor.evidence import InputHeard

CHANGES = "changes"  # of the document
KINDS = 3  # of pointer, scroll, keys, text, clicks, selection
TIMES = 2  # bodies that are sent
MUCH = 5_000  # characters or bytes of one body: a document, written out
MOST_HOSTS = 20  # that are told


class _Follower(Struct):
    """What the scripts of one host do in one frame."""

    by: str = ""
    hears: set[str] = field(default_factory=set)
    sent_to: dict[str, int] = field(default_factory=dict)  # bodies, by host
    biggest: int = 0


class Followers:
    """What is heard and sent on one page."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._found: dict[tuple[str, str], _Follower] = {}

    def hears(self, frame: str, script: Address, what: str) -> None:
        """Take that a script listens to one kind of thing that visitors do, or to changes."""
        follower = self._of(frame, script)
        follower.hears.add(what)
        if what == CHANGES:
            follower.by = script.shape

    def sends(self, frame: str, script: Address, host: str, size: int) -> None:
        """Take that a script sends something to a host."""
        follower = self._of(frame, script)
        follower.sent_to[host] = follower.sent_to.get(host, 0) + 1
        follower.biggest = max(follower.biggest, size)

    def recorders(self) -> Iterator[InputHeard]:
        """Yield who records, by what was sent since this was last asked."""
        for (frame, host), follower in self._found.items():
            if signs := _signs(follower):
                hosts = tuple(sorted(follower.sent_to)[:MOST_HOSTS])
                yield InputHeard(
                    by=follower.by, frame=frame, writer=host, signs=signs, sent_to=hosts
                )
            follower.sent_to, follower.biggest = {}, 0

    def _of(self, frame: str, script: Address) -> _Follower:
        return self._found.setdefault((frame, script.host), _Follower(by=script.shape))


def _signs(follower: _Follower) -> tuple[str, ...]:
    """Return by what a recorder is recognised, () for what is none."""
    kinds = sorted(follower.hears - {CHANGES})
    times = sum(follower.sent_to.values())
    if CHANGES not in follower.hears or len(kinds) < KINDS:
        return ()
    if times < TIMES and follower.biggest < MUCH:
        return ()
    return (*kinds, "changes of the document", "sent repeatedly" if times >= TIMES else "sent")
