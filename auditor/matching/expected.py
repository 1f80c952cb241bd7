"""What the policy wants to be looked at, and the evidence of a site does not show.

Asked again whenever evidence is judged: the policy may have changed since it was collected.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from urllib.parse import urljoin

from auditor.evidence import (
    FIRST_ERROR,
    Aspect,
    Gap,
    PageLoaded,
    Reason,
    RequestSent,
    SiteEvidence,
    SiteObservation,
    State,
)
from auditor.matching.places import host_of, normal_host, path_of
from auditor.names import matches, url_shape
from auditor.policy import Site

_BROKEN = 500  # HTTP status
_SEEN_IN_A_STATE = (Aspect.REQUESTS, Aspect.COOKIES, Aspect.STORAGE)
_HOW = {
    State.BEFORE: "made without choosing anything",
    State.REJECT: "made after refusing",
    State.ACCEPT: "made after accepting",
    State.WITHDRAW: "made after accepting and then withdrawing",
    State.GPC: "made with Global Privacy Control on",
}
_ASKED_FOR = (State.BEFORE, State.REJECT, State.ACCEPT)


def missing(site: Site, seen: SiteEvidence) -> Iterator[Gap]:
    """Yield a gap for each thing that the policy asks for and the evidence does not show."""
    yield from _elsewhere(site, seen)
    yield from missing_states(site, seen.states)
    yield from _journeys(site)
    yield from missing_pages(site, seen.observations, {page.state for page in seen.pages})


def _elsewhere(site: Site, seen: SiteEvidence) -> Iterator[Gap]:
    """Yield a gap where the evidence is of another host than the policy's."""
    wanted, found = (normal_host(host_of(url)) for url in (site.url, seen.url))
    if wanted != found:
        needs = f"evidence of {wanted}: this is of {found or 'no host'}"
        if found:
            needs += f"; --site-url {site.id}={seen.url} if that stands for it"
        yield Gap(what=seen.subject, reason=Reason.NOT_IN_EVIDENCE, needs=needs)


def _journeys(site: Site) -> Iterator[Gap]:
    """Yield a gap for each journey: nothing that is collected so far shows that it was made."""
    for journey in site.journeys:
        needs = "a visit that replays it: no recording shows that this was done"
        yield Gap(what=f"journey {journey}", reason=Reason.NOT_IN_EVIDENCE, needs=needs)


def missing_states(site: Site, seen: Collection[State | None]) -> Iterator[Gap]:
    """Yield a gap for each visitor state that the policy asks for and nobody looked at."""
    required = [State.BEFORE] if site.consent.banner == "none" else _ASKED_FOR
    for state in required:
        if state not in seen:
            yield missing_state(site.id, state)


def missing_state(site_id: str, state: State) -> Gap:
    """Return the gap of a visitor state that nobody looked at."""
    return Gap(
        what=f"state {state}",
        reason=Reason.NOT_IN_EVIDENCE,
        needs=f"a recording {_HOW[state]}: --evidence {site_id}:{state}=FILE.har",
        aspects=_SEEN_IN_A_STATE,
        state=state,
    )


def missing_pages(
    site: Site, observations: Iterable[SiteObservation], states: Collection[State | None]
) -> Iterator[Gap]:
    """Yield a gap for each start page that a state does not show, and each page that is broken.

    Cost: one pass over the observations, and for each start page one over a state's pages.
    """
    pages: dict[State | None, list[PageLoaded]] = {}
    origins: dict[tuple[State | None, str], set[str]] = {}
    for seen in observations:
        if isinstance(seen, PageLoaded):
            pages.setdefault(seen.state, []).append(seen)
        elif isinstance(seen, RequestSent) and seen.redirected_from:
            origins.setdefault((seen.state, seen.url), set()).add(seen.redirected_from)
    for state in sorted(states, key=[*State, None].index):
        opened = pages.get(state, [])
        good = {page.url for page in opened if page.status < FIRST_ERROR}
        bad = {page.url: page.status for page in opened if page.status >= FIRST_ERROR}
        reached, refused = (_places(_led_to(urls, state, origins)) for urls in (good, bad))
        for start in site.crawl.start:
            if not _is_among(reached, site, start):
                yield _unopened(start, state, answered=_is_among(refused, site, start))
        for url, status in sorted(bad.items()):
            if status >= _BROKEN:
                needs = f"a recording in which it loads; it answered {status}"
                yield Gap(what=url, reason=Reason.UNREACHABLE, needs=needs, state=state)


def _unopened(start: str, state: State | None, *, answered: bool) -> Gap:
    needs = f"a recording{f' (state {state})' if state else ''} in which it "
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


def _led_to(
    urls: Iterable[str],
    state: State | None,
    origins: Mapping[tuple[State | None, str], Collection[str]],
) -> set[str]:
    """Return pages together with the addresses whose redirects led to them."""
    found: set[str] = set()
    waiting = list(urls)
    while waiting:
        url = waiting.pop()
        if url not in found:
            found.add(url)
            waiting += origins.get((state, url), ())
    return found
