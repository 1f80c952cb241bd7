"""What a recording does not show, and what would show it."""

from collections.abc import Iterator, Sequence

from auditor.evidence import Aspect, Gap, Reason, State

MOST = 50  # gaps of one kind; the rest are counted
_NAMED = 3  # hosts of what was left out

_WHAT_A_HOST_MIGHT_DO = (Aspect.REQUESTS, Aspect.COOKIES)
_A_VISIT = "a visit with a browser: no recording can show this"


def never_in_a_har() -> Iterator[Gap]:
    """Yield what no HAR file shows, however it was made."""
    yield Gap(
        what="cookies that scripts write and no request carries",
        reason=Reason.NOT_IN_EVIDENCE,
        needs=_A_VISIT,
        aspects=(Aspect.COOKIES,),
    )
    yield Gap(
        what="local and session storage, IndexedDB, caches, service workers",
        reason=Reason.NOT_IN_EVIDENCE,
        needs=_A_VISIT,
        aspects=(Aspect.STORAGE,),
    )
    yield Gap(
        what="keys in documents and scripts: recordings are not searched for them",
        reason=Reason.NOT_IN_EVIDENCE,
        needs=_A_VISIT.partition(":")[0],
        aspects=(Aspect.CONTENT,),
    )
    yield Gap(
        what="what scripts read from the device, and hear of what visitors do",
        reason=Reason.NOT_IN_EVIDENCE,
        needs=_A_VISIT,
        aspects=(Aspect.DEVICE, Aspect.INPUT),
    )


def unusable_entries(name: str, reasons: Sequence[tuple[int, str]]) -> Iterator[Gap]:
    """Yield a gap for each entry that could not be read; entries are counted from 1."""
    for number, why in reasons[:MOST]:
        needs = f"a recording in which it can be read: {why}"
        yield Gap(what=f"{name}: entry {number}", reason=Reason.NOT_IN_EVIDENCE, needs=needs)
    if len(reasons) > MOST:
        what = f"{name}: more entries: {len(reasons) - MOST}"
        needs = "a recording in which they can be read"
        yield Gap(what=what, reason=Reason.NOT_IN_EVIDENCE, needs=needs)


def unanswered_hosts(hosts: Sequence[str], state: State | None) -> Iterator[Gap]:
    """Yield a gap for each host of which a response is missing: it might have set something."""
    needs = "a recording with its response: what it might have set is not known"
    for host in hosts[:MOST]:
        yield _unreachable(host, needs, state)
    if len(hosts) > MOST:
        yield _unreachable(f"more hosts: {len(hosts) - MOST}", needs, state)


def _unreachable(what: str, needs: str, state: State | None) -> Gap:
    aspects = _WHAT_A_HOST_MIGHT_DO
    return Gap(what=what, reason=Reason.UNREACHABLE, needs=needs, aspects=aspects, state=state)


def blocked_requests(name: str, count: int, state: State | None) -> Gap:
    """Return the gap of a browser that kept the page from talking to somebody."""
    return Gap(
        what=f"recording {name}: the browser blocked {count} request{'s' if count > 1 else ''}",
        reason=Reason.NOT_IN_EVIDENCE,
        needs="a recording in a clean profile, without extensions and tracking protection",
        aspects=(Aspect.REQUESTS, Aspect.COOKIES, Aspect.STORAGE),
        state=state,
    )


def other_pages(name: str, hosts: Sequence[str], state: State | None) -> Gap:
    """Return the gap of what was left out: `hosts` has one for each request."""
    different = sorted(set(hosts))
    more = " and others" if len(different) > _NAMED else ""
    return Gap(
        what=(
            f"{name}: {len(hosts)} request{'s' if len(hosts) > 1 else ''} of other sites' pages"
            f" (hosts {', '.join(different[:_NAMED])}{more})"
        ),
        reason=Reason.NOT_IN_EVIDENCE,
        needs="a recording that stays on this site, made in a window of its own",
        aspects=_WHAT_A_HOST_MIGHT_DO,
        state=state,
    )


def no_cookies(name: str, state: State | None) -> Gap:
    """Return the gap of a recording without any cookie: exporters leave them out by default.

    A site that has none looks the same; the two cannot be told apart.
    """
    return Gap(
        what=f"recording {name}: no cookies in it, perhaps left out by the export",
        reason=Reason.NOT_IN_EVIDENCE,
        needs=(
            "an export with sensitive data: Chrome DevTools, Settings > Preferences > Network >"
            " Allow to generate HAR with sensitive data"
        ),
        aspects=(Aspect.COOKIES,),
        state=state,
    )


def used_profile(name: str) -> Gap:
    """Return the gap of a first visit that was none: the first request carried cookies."""
    return Gap(
        what=f"recording {name}: its first page was opened with cookies from earlier visits",
        reason=Reason.NOT_VERIFIED,
        needs="a recording begun in a new private window",
        aspects=(Aspect.CHOICES, Aspect.COOKIES),
        state=State.BEFORE,
    )


def unknown_state(name: str, site: str) -> Gap:
    """Return the gap of a recording that does not say what the visitor had chosen."""
    return Gap(
        what=f"recording {name}",
        reason=Reason.NOT_VERIFIED,
        needs=f"say what the visitor had chosen: --evidence {site}:before={name}",
        aspects=(Aspect.CHOICES,),
    )


def too_much(name: str, most: int) -> Gap:
    """Return the gap of a recording of which only the beginning was kept."""
    return Gap(
        what=f"recording {name}: more than {most:,} requests, cookies and links",
        reason=Reason.CAP_REACHED,
        needs="several recordings of fewer pages each",
    )
