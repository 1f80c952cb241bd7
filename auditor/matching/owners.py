"""To whom a host belongs, without trying each processor on each request."""

from collections.abc import Iterable

from auditor.hosts import HostPattern
from auditor.matching.places import and_parents, host_patterns
from auditor.policy import Processor

Owned = tuple[HostPattern, Processor]


class Owners:
    """Processors by the hosts and paths that are theirs (contract, meaning 1).

    A host is looked up with the domains above it, a path at each length that a pattern has: so a
    request costs no more, however many processors there are.
    """

    def __init__(self, processors: Iterable[Processor]) -> None:
        """Keep what covers a host alone apart from what also covers all below it."""
        self._alone: dict[str, dict[str, Owned]] = {}
        self._below: dict[str, dict[str, Owned]] = {}
        self._near: dict[str, tuple[dict[str, Owned], ...]] = {}
        for processor in processors:
            for pattern in host_patterns(processor.domains):
                places = self._below if pattern.subdomains else self._alone
                by_path = places.setdefault(pattern.host, {})
                by_path.setdefault(pattern.path, (pattern, processor))
        paths = (
            path for places in (self._alone, self._below) for by in places.values() for path in by
        )
        self._lengths = sorted({len(path) for path in paths}, reverse=True)

    @property
    def look_at_paths(self) -> bool:
        """Return whether it matters on which path a host is talked to."""
        return any(self._lengths)

    def find(self, host: str, path: str) -> Owned | None:
        """Return whose a page is: longest host, then longest path, then the host alone."""
        for by_path in self._covering(host):
            for length in self._lengths:
                owned = by_path.get(path[:length])
                if owned and (not length or path[length : length + 1] in {"", "/"}):
                    return owned
        return None

    def _covering(self, host: str) -> tuple[dict[str, Owned], ...]:
        """Return what covers a host on some path, the longest host first."""
        known = self._near.get(host)
        if known is None:
            alone = self._alone.get(host, {})
            below = [self._below.get(parent, {}) for parent in and_parents(host)]
            own = {**(below[0] if below else {}), **alone}
            known = tuple(filter(None, (own, *below[1:])))
            self._near[host] = known
        return known
