"""What the policy wants to be looked at, and the evidence of a site does not show.

Asked again whenever evidence is judged: the policy may have changed since it was collected.
"""

from collections.abc import Collection, Iterable, Iterator
from urllib.parse import urljoin

from auditor.evidence import (
    FIRST_ERROR,
    Gap,
    PageLoaded,
    Reason,
    RequestSent,
    SiteEvidence,
    SiteObservation,
    State,
    StepTaken,
)
from auditor.matching.places import host_of, normal_host, path_of
from auditor.matching.states import unseen_states
from auditor.names import matches, url_shape
from auditor.policy import Policy, Site

_BROKEN = 500  # HTTP status


def missing(policy: Policy, site: Site, seen: SiteEvidence) -> Iterator[Gap]:
    """Yield a gap for each thing that the policy asks for and the evidence does not show."""
    yield from _elsewhere(site, seen)
    yield from unseen_states(policy, site, seen)
    yield from _journeys(site, seen)
    yield from missing_pages(site, seen.observations, {page.state for page in seen.pages})


def _elsewhere(site: Site, seen: SiteEvidence) -> Iterator[Gap]:
    """Yield a gap where the evidence is of another host than the policy's."""
    wanted, found = (normal_host(host_of(url)) for url in (site.url, seen.url))
    if wanted != found:
        needs = f"evidence of {wanted}: this is of {found or 'no host'}"
        if found:
            needs += f"; --site-url {site.id}={seen.url} if that stands for it"
        yield Gap(what=seen.subject, reason=Reason.NOT_IN_EVIDENCE, needs=needs)


def _journeys(site: Site, seen: SiteEvidence) -> Iterator[Gap]:
    """Yield a gap for each journey and state of which nothing shows that it was made."""
    made = {
        (step.journey, step.state) for step in seen.observations if isinstance(step, StepTaken)
    }
    told = {(gap.what.partition(",")[0], gap.state) for gap in seen.gaps}
    for journey in site.journeys:
        what = f"journey {journey}"
        without = [
            state
            for state in sorted(seen.states, key=str)
            if (journey, state) not in made and (what, state) not in told
        ]
        needs = "a visit that replays it: no recording shows that this was done"
        for state in without if len(without) < len(seen.states) else [None]:
            yield Gap(what=what, reason=Reason.NOT_IN_EVIDENCE, needs=needs, state=state)


def missing_pages(
    site: Site, observations: Iterable[SiteObservation], states: Collection[State | None]
) -> Iterator[Gap]:
    """Yield a gap for each start page that a state does not show, and each page that is broken.

    Cost: one pass over the observations, and for each start page one over a state's pages.
    """
    visits: dict[State | None, _Visits] = {state: _Visits() for state in states}
    for seen in observations:
        if seen.state in visits:
            visits[seen.state].add(seen)
    for state in sorted(states, key=[*State, None].index):
        visit = visits[state]
        reached, refused = _places(visit.led_to(visit.good)), _places(visit.led_to(visit.bad))
        for start in site.crawl.start:
            if not _is_among(reached, site, start):
                yield _unopened(start, state, answered=_is_among(refused, site, start))
        for url, why in sorted(visit.broken.items()):
            needs = f"a visit in which it loads; {why}"
            yield Gap(what=url, reason=Reason.UNREACHABLE, needs=needs, state=state)


class _Visits:
    """What became of the pages of one visitor state."""

    def __init__(self) -> None:
        self._statuses: dict[str, set[int]] = {}
        self._cut: set[str] = set()
        self._origins: dict[str, set[str]] = {}

    def add(self, seen: SiteObservation) -> None:
        """Take a page, a redirect, or a page of which an answer came, but not all of it."""
        if isinstance(seen, PageLoaded):
            self._statuses.setdefault(seen.url, set()).add(seen.status)
        elif isinstance(seen, RequestSent):
            if seen.redirected_from:
                self._origins.setdefault(seen.url, set()).add(seen.redirected_from)
            is_page = seen.resource == "document" and seen.url == seen.page
            if is_page and seen.failed and seen.status:
                self._cut.add(seen.url)

    @property
    def good(self) -> set[str]:
        """Return the pages that loaded."""
        return {url for url, found in self._statuses.items() if min(found) < FIRST_ERROR}

    @property
    def bad(self) -> set[str]:
        """Return the pages that answered, but not with a page, or not with all of it."""
        errors = {url for url, found in self._statuses.items() if max(found) >= FIRST_ERROR}
        return errors | self._cut

    @property
    def broken(self) -> dict[str, str]:
        """Return why pages did not load that should have, by address."""
        cut = dict.fromkeys(self._cut - self._statuses.keys(), "it was cut off on its way")
        worst = {url: max(found) for url, found in self._statuses.items()}
        errors = {u: f"it answered {status}" for u, status in worst.items() if status >= _BROKEN}
        return cut | errors

    def led_to(self, urls: Iterable[str]) -> set[str]:
        """Return pages together with the addresses whose redirects led to them."""
        found: set[str] = set()
        waiting = list(urls)
        while waiting:
            url = waiting.pop()
            if url not in found:
                found.add(url)
                waiting += self._origins.get(url, ())
        return found


def _unopened(start: str, state: State | None, *, answered: bool) -> Gap:
    needs = f"a visit{f' (state {state})' if state else ''} in which it "
    return Gap(
        what=f"start page {start}",
        reason=Reason.UNREACHABLE if answered else Reason.NOT_IN_EVIDENCE,
        needs=needs + ("loads without an error" if answered else "is opened"),
        state=state,
    )


def _is_among(places: Collection[tuple[str, str]], site: Site, start: str) -> bool:
    """Return whether a start page is there, on the site's host with or without `www.`."""
    path = start.partition("?")[0]
    wanted = _place(url_shape(urljoin(site.url, path)))
    return wanted in places or any(
        host == wanted[0] and matches(path, found) for host, found in places
    )


def _places(urls: Iterable[str]) -> set[tuple[str, str]]:
    return set(map(_place, urls))


def _place(url: str) -> tuple[str, str]:
    return host_of(url).removeprefix("www."), path_of(url)
