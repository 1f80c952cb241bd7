"""What a visit has said so far, and what it did not come to say."""

import re

from auditor.collect.progress import Progress
from auditor.collect.site import said
from auditor.collect.site.journeys.hiding import Hidden
from auditor.collect.site.plan import Plan
from auditor.collect.site.typing_in.masking import Mask, S
from auditor.collect.site.watchdog import End, Outcome
from auditor.evidence import (
    Gap,
    HostFacts,
    Reason,
    RequestSent,
    SiteObservation,
    WindowShown,
)
from auditor.names import url_shape
from auditor.policy import Site

_ERROR = re.compile(r"(?:[\w.]*\.)?(\w+(?:Error|Exception))\b")
_ENDED = {
    End.SILENT: (Reason.TIMEOUT, "a page that does not keep the browser from answering"),
    End.DEADLINE: (Reason.TIMEOUT, "fewer pages, or pages that load faster"),
    End.MEMORY: (Reason.CAP_REACHED, "a page that takes less memory"),
    End.CRASHED: (
        Reason.UNREACHABLE,
        "a browser that does not break down; `audit doctor` tests it",
    ),
    End.DONE: (Reason.TIMEOUT, "a page that answers"),
}


class Record:
    """The observations, gaps and facts of one visit, over all its attempts."""

    def __init__(self, site: Site, progress: Progress) -> None:
        """Begin with nothing; `progress` hears of each page."""
        self._site, self._progress = site, progress
        self.mask: Mask | None = None  # of what the visit types
        self.hidden = Hidden(())  # of the secrets that journeys type
        self.observations: list[SiteObservation] = []
        self.gaps: dict[Gap, None] = {}
        self.facts: dict[str, HostFacts] = {}
        self.conditions: dict[str, str] = {}
        self.turned = said.Turned(done=(), waiting=())
        self.hosts: set[str] = set()
        self.hung = False

    def take(self, line: bytes) -> None:
        """Take one line of the visit's process."""
        message: said.Said = said.decode(line)
        match message:
            case said.Saw(seen=seen):
                self.saw(seen)
            case said.Missed(gap=gap):
                self.missed(gap)
            case said.Met():
                met = self._masked(message)
                self.facts[met.host] = met.facts
            case said.Began(conditions=conditions):
                self.conditions = conditions
                self.hung = False
            case said.Turned() as turned:
                self.turned = turned
                self._tell(turned)
            case said.Hung():
                self.hung = True

    def saw(self, seen: SiteObservation) -> None:
        """Keep an observation."""
        is_picture = isinstance(seen, WindowShown)  # made before anything is typed; no text
        self.observations.append(seen if is_picture else self._masked(seen))
        if isinstance(seen, RequestSent):
            self.hosts.add(seen.host)

    def missed(self, gap: Gap) -> None:
        """Keep a gap, once."""
        self.gaps[self._masked(gap)] = None

    def ended(self, plan: Plan, outcome: Outcome, *, is_last: bool) -> None:
        """Keep what a visit that was ended did not show."""
        reason, needs = _ENDED[End.DONE if self.hung else outcome.end]
        if outcome.end is End.CRASHED and not self.hung:
            needs += _error(outcome.detail)
        turned = self.turned
        where = f"journey {turned.journey}" if turned.journey else ""
        where = where or url_shape(turned.current or plan.url)
        if not self.hung:  # a visit that knows that it is stuck has said where
            self.missed(Gap(what=where, reason=reason, needs=needs, state=plan.state))
        if is_last:
            what = f"pages of {plan.url} after the second that kept the browser from answering"
            self.missed(Gap(what=what, reason=reason, needs=needs, state=plan.state))

    def _masked(self, told: S) -> S:
        """Return it without what was typed, where something was."""
        told = self.mask(told) if self.mask else told
        return self.hidden(told)

    def _tell(self, turned: said.Turned) -> None:
        if turned.current:
            most = max(self._site.crawl.max_pages, 1)
            known = min(most, len(turned.done) + len(turned.waiting))
            done = (len(turned.done) - 1) / max(known, 1)
            self._progress(url_shape(turned.current), min(done, 0.99))


def _error(detail: str) -> str:
    """Return the kind of an error of ours; its text may quote the page."""
    found = _ERROR.match(last_line(detail))
    return f" ({found[1]})" if found else ""


def last_line(text: str) -> str:
    """Return the last line of what a process said, 500 characters at most."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:500] if lines else ""
