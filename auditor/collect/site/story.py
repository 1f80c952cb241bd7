"""Where a visit is: its page, its clock, and the way by which all that is seen goes out."""

import time
from collections.abc import Callable, Collection
from typing import Any

from msgspec.structs import replace

from auditor.collect.site.said import Met, Missed, Said, Saw
from auditor.evidence import Aspect, Gap, HostFacts, Reason, SiteObservation, State

Say = Callable[[Said], None]
Heed = Callable[[str, str, str, str], None]  # what is kept: its kind, name, host and value


def nobody(*_: str) -> None:
    """Heed nothing."""


class Story:
    """Tells what is seen, with its page, visitor state and time; each gap once."""

    def __init__(self, say: Say, state: State, most: int) -> None:
        """Begin the clock; after `most` observations nothing more is told, and that is a gap."""
        self._say = say
        self.state = state
        self._most = most
        self._began = time.monotonic()
        self._gaps: set[Gap] = set()
        self._hosts: set[str] = set()
        self.page = ""
        self.told = 0

    @property
    def is_full(self) -> bool:
        """Return whether no more is told."""
        return self.told >= self._most

    def now(self) -> int:
        """Return the milliseconds since the visit began."""
        return round((time.monotonic() - self._began) * 1000)

    def saw(self, seen: SiteObservation, t: int | None = None) -> None:
        """Tell what was seen; `t` where that was earlier than now."""
        if self.is_full:
            self.missed(
                "what pages do after that",
                Reason.CAP_REACHED,
                f"fewer pages at a time: {self._most:,} things were seen, and no more are kept",
            )
            return
        self.told += 1
        page = seen.page or self.page
        when = self.now() if t is None else t
        self._say(Saw(seen=replace(seen, page=page, state=self.state, t=when)))

    def missed(
        self, what: str, reason: Reason, needs: str, aspects: Collection[Aspect] = ()
    ) -> None:
        """Tell what could not be seen."""
        gap = Gap(what=what, reason=reason, needs=needs, aspects=tuple(aspects), state=self.state)
        if gap not in self._gaps:
            self._gaps.add(gap)
            self._say(Missed(gap=gap))

    def careful(self, hear: Callable[[Any], None]) -> Callable[[Any], None]:
        """Return a listener that tells when it could not make sense of what it heard.

        An error in an event's listener would otherwise go by unheard, and with it what was seen.
        """

        def heard(event: Any) -> None:  # noqa: ANN401 -- as different as the events
            try:
                hear(event)
            except Exception as error:  # noqa: BLE001 -- what pages cause is not foreseen
                self.missed(
                    f"something that the browser told on {self.page}",
                    Reason.NOT_VERIFIED,
                    f"a collector that understands it ({type(error).__name__})",
                )

        return heard

    def is_new(self, host: str) -> bool:
        """Return whether a host was not met before; from now on it was."""
        known = host in self._hosts
        self._hosts.add(host)
        return not known

    def met(self, host: str, facts: HostFacts) -> None:
        """Tell what is known of a host that answered."""
        self._say(Met(host=host, facts=facts))
