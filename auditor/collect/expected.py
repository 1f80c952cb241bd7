"""What the policy wants to be looked at, and recordings of a site do not show."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from urllib.parse import urljoin, urlsplit

from auditor.evidence import (
    Aspect,
    Gap,
    PageLoaded,
    Reason,
    RequestSent,
    SiteObservation,
    State,
)
from auditor.names import matches, url_shape
from auditor.policy import Site

_REFUSED, _BROKEN = 400, 500  # HTTP status
_SEEN_IN_A_STATE = (Aspect.REQUESTS, Aspect.COOKIES, Aspect.STORAGE)
_AFTER = {
    State.BEFORE: "made without choosing anything",
    State.REJECT: "made after refusing",
    State.ACCEPT: "made after accepting",
}


def missing_states(site: Site, recorded: Collection[State | None]) -> Iterator[Gap]:
    """Yield a gap for each visitor state that the policy asks for and nobody recorded."""
    required = [State.BEFORE] if site.consent.banner == "none" else list(_AFTER)
    for state in required:
        if state not in recorded:
            yield Gap(
                what=f"state {state}",
                reason=Reason.NOT_IN_EVIDENCE,
                needs=f"a recording {_AFTER[state]}: --evidence {site.id}:{state}=FILE.har",
                aspects=_SEEN_IN_A_STATE,
                state=state,
            )


def missing_pages(
    site: Site, observations: Sequence[SiteObservation], states: Iterable[State | None]
) -> Iterator[Gap]:
    """Yield a gap for each start page that a state does not show, and each page that is broken."""
    for state in sorted(states, key=[*State, None].index):
        seen = [item for item in observations if item.state is state]
        pages = [item for item in seen if isinstance(item, PageLoaded)]
        reached = _led_to([page.url for page in pages if page.status < _REFUSED], seen)
        cut = set(_cut_off(seen))
        refused = _led_to([*cut, *(page.url for page in pages if page.status >= _REFUSED)], seen)
        broken = {page.url: page.status for page in pages if page.status >= _BROKEN}
        for start in site.crawl.start:
            is_start = _page_test(site, start.partition("?")[0])
            if not any(map(is_start, reached)):
                yield _unopened(start, state, answered=any(map(is_start, refused)))
        why = {url: f"it answered {status}" for url, status in broken.items()}
        why |= dict.fromkeys(cut - {page.url for page in pages}, "it was cut off on its way")
        for url, told in sorted(why.items()):
            needs = f"a recording in which it loads; {told}"
            yield Gap(what=url, reason=Reason.UNREACHABLE, needs=needs, state=state)


def _cut_off(seen: Iterable[SiteObservation]) -> Iterator[str]:
    """Yield the pages of which an answer came, and not all of it."""
    for item in seen:
        match item:
            case RequestSent(resource="document", failed=failed, status=status) if (
                failed and status and item.url == item.page
            ):
                yield item.url


def _unopened(start: str, state: State | None, *, answered: bool) -> Gap:
    needs = f"a recording{f' (state {state})' if state else ''} in which it "
    return Gap(
        what=f"start page {start}",
        reason=Reason.UNREACHABLE if answered else Reason.NOT_IN_EVIDENCE,
        needs=needs + ("loads without an error" if answered else "is opened"),
        state=state,
    )


def _page_test(site: Site, path: str) -> Callable[[str], bool]:
    """Return what tells whether a URL is this page, on the site's host with or without `www.`."""
    wanted = urlsplit(url_shape(urljoin(site.url, path)))

    def is_page(url: str) -> bool:
        found = urlsplit(url)
        return _bare(found.hostname) == _bare(wanted.hostname) and (
            found.path == wanted.path or matches(path, found.path)
        )

    return is_page


def _bare(host: str | None) -> str:
    return (host or "").removeprefix("www.")


def _led_to(urls: Iterable[str], seen: Iterable[SiteObservation]) -> set[str]:
    """Return pages together with the addresses whose redirects led to them."""
    origins: dict[str, set[str]] = defaultdict(set)
    for item in seen:
        if isinstance(item, RequestSent) and item.redirected_from:
            origins[item.url].add(item.redirected_from)
    found: set[str] = set()
    waiting = list(urls)
    while waiting:
        url = waiting.pop()
        if url not in found:
            found.add(url)
            waiting += origins[url]
    return found
