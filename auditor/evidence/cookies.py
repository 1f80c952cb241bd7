"""Cookies as a visitor has them, put together from each time one was set or travelled."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from auditor.evidence.observations import CookieSent, CookieSet, SiteObservation


class Cookie(Struct, frozen=True, kw_only=True):
    """One cookie as a visitor has it: every time it was set, and every time it travelled.

    `domain` is the host it travelled to where nobody saw it being set.
    """

    name: str
    domain: str
    sets: tuple[CookieSet, ...]
    sent: tuple[CookieSent, ...]

    @property
    def label(self) -> str:
        """Return the object name used in reports and waivers."""
        return f"cookie:{self.name}@{self.domain}"

    @property
    def sightings(self) -> tuple[CookieSet | CookieSent, ...]:
        """Return where it was seen, settings first."""
        return (*self.sets, *self.sent)

    @property
    def identifier(self) -> bool:
        """Return whether one of its values could single out a visitor."""
        return any(seen.value.identifier for seen in self.sightings)

    @property
    def is_kept(self) -> bool:
        """Return whether it was on the device: one that is only deleted or refused never is."""
        return any(seen.is_kept for seen in self.sightings)


def cookies_of(observations: Iterable[SiteObservation]) -> tuple[Cookie, ...]:
    """Return the cookies, sorted by name and domain; each one sent is given to whose it must be.

    Cost: linear, whatever the hosts and names are.
    """
    sets: dict[tuple[str, str], list[CookieSet]] = {}
    sent: list[CookieSent] = []
    for seen in observations:
        if isinstance(seen, CookieSet):
            sets.setdefault((seen.name, seen.domain), []).append(seen)
        elif isinstance(seen, CookieSent):
            sent.append(seen)
    wide = {key for key, seen in sets.items() if not all(one.host_only for one in seen)}
    travelled: dict[tuple[str, str], list[CookieSent]] = {}
    for item in sent:
        above = (parent for parent in _parents(item.host) if (item.name, parent) in wide)
        exact = (item.name, item.host) in sets
        home = item.host if exact else next(above, item.host)
        travelled.setdefault((item.name, home), []).append(item)
    return tuple(
        Cookie(
            name=name,
            domain=domain,
            sets=tuple(sets.get((name, domain), ())),
            sent=tuple(travelled.get((name, domain), ())),
        )
        for name, domain in sorted({*sets, *travelled})
    )


def _parents(host: str) -> Iterator[str]:
    """Yield the domains whose cookies travel to the host, nearest first (RFC 6265 §5.1.3)."""
    _, dot, rest = host.partition(".")
    while dot:
        yield rest
        _, dot, rest = rest.partition(".")
