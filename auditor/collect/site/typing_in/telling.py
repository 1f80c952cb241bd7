"""What was found again is told: once on a page, and only if it really left the browser."""

from collections import defaultdict
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from auditor.collect.site.story import Story
from auditor.collect.site.typing_in.search import Search
from auditor.evidence import Aspect, LeakSeen, Reason

Moment = Literal["typed", "left"]


class Where(Struct, frozen=True, kw_only=True):
    """Where to look: as in `LeakSeen`; `request` is the browser's id of it, "" for none."""

    host: str
    place: str
    moment: Moment
    name: str = ""
    by: str = ""
    request: str = ""


class Telling:
    """Looks into what goes out or is kept, and tells.

    A page's own policy may forbid a request (CSP): the browser tells of it, and then that it was
    not sent. So what is found in one waits until it is known to have gone.
    """

    def __init__(self, story: Story, search: Search) -> None:
        """Begin with nothing told."""
        self._story, self._search = story, search
        self._told: set[LeakSeen] = set()
        self._waiting: dict[str, list[LeakSeen]] = defaultdict(list)
        self._gone: set[str] = set()
        self._refused: set[str] = set()

    def look(self, data: bytes | str, where: Where) -> None:
        """Tell of whatever is in there that was typed, at once or when it has gone."""
        result = self._search.find(
            data.encode(errors="replace") if isinstance(data, str) else data
        )
        if not result.is_complete:
            needs = "less to look through: what is wrapped deeper, or stands further on, is missed"
            self.missed(f"{where.place} for {where.host}", Reason.CAP_REACHED, needs)
        for found in result.found:
            leak = LeakSeen(
                data=found.datum.data,
                category=found.datum.category,
                host=where.host,
                place=where.place,
                name=where.name,
                by=where.by,
                encoding=found.encoding,
                moment=where.moment if found.is_whole else "typed",
            )
            if not where.request or where.request in self._gone:
                self._tell(leak)
            else:
                self._waiting[where.request].append(leak)

    def went(self, request: str) -> None:
        """Tell of what is in a request: it has gone."""
        self._gone.add(request)
        for leak in self._waiting.pop(request, ()):
            self._tell(leak)

    def refused(self, request: str) -> None:
        """Forget what is in a request: the browser did not send it."""
        self._refused.add(request)
        self._waiting.pop(request, None)

    def is_refused(self, request: str) -> bool:
        """Return whether the browser did not send a request."""
        return request in self._refused

    def finish(self) -> None:
        """Tell of what nobody refused; a page is done with."""
        for request in list(self._waiting):
            if request not in self._refused:
                self.went(request)
        for past in (self._told, self._waiting, self._gone, self._refused):
            past.clear()

    def missed(self, what: str, reason: Reason, needs: str) -> None:
        """Tell what could not be looked into."""
        self._story.missed(what, reason, needs, (Aspect.INPUT,))

    def _tell(self, leak: LeakSeen) -> None:
        key = replace(leak, by="")
        if key not in self._told:
            self._told.add(key)
            self._story.saw(leak)
