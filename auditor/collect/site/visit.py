"""Visits to sites: each in a process of its own, ended if it hangs, begun again once.

What was seen until then is kept; what was not seen is a gap. The browser's network log is read
after each visit, and what only it knows is added: nothing that the network stack did is missing.
"""

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import msgspec
from msgspec import structs

from auditor.collect.hosts_seen import facts_of_hosts
from auditor.collect.ownership import host_of
from auditor.collect.progress import Progress, quiet
from auditor.collect.site.browser import Browser, find_browser
from auditor.collect.site.netlog import NetLogError, read_netlog, unseen
from auditor.collect.site.plan import Plan
from auditor.collect.site.planning import Looking, MissingError, plan_of
from auditor.collect.site.record import Record, last_line
from auditor.collect.site.watchdog import End, Outcome, watch
from auditor.errors import CollectError
from auditor.evidence import (
    Aspect,
    Gap,
    Reason,
    RequestSent,
    SiteEvidence,
    Source,
    State,
)
from auditor.matching import missing_pages, missing_states
from auditor.names import url_shape
from auditor.policy import Site

ATTEMPTS = 2


def visit_sites(
    sites: Sequence[Site], looking: Looking | None = None, progress: Progress = quiet
) -> tuple[SiteEvidence, ...]:
    """Visit sites, as many at once as there are processors; return their evidence in order.

    Sites that are out of reach (`--offline`) are left out. `CollectError` if there is no browser,
    or it does not start.
    """
    how = looking or Looking()
    reachable = [site for site in sites if how.network.reaches(host_of(site.url))]
    if not reachable:
        return ()
    browser = find_browser(how.network.browser)
    stop = Event()
    visit = partial(visit_site, looking=how, browser=browser, progress=progress, stop=stop)
    with ThreadPoolExecutor(max_workers=min(len(reachable), os.cpu_count() or 1)) as pool:
        try:
            return tuple(pool.map(visit, reachable))
        finally:
            stop.set()  # after an error, or Ctrl-C, no visit goes on


def visit_site(
    site: Site,
    *,
    looking: Looking,
    browser: Browser,
    progress: Progress = quiet,
    stop: Event | None = None,
) -> SiteEvidence:
    """Visit a site in the state `before`; `stop`, once set, ends it."""
    state = State.BEFORE
    record = Record(site, progress)
    began = datetime.now(UTC)
    try:
        plan = plan_of(site, state, browser, looking)
    except MissingError as error:
        needs = f"{error}, which policy.yaml names for this site"
        record.missed(Gap(what=site.url, reason=Reason.NO_CREDENTIAL, needs=needs, state=state))
    else:
        with TemporaryDirectory(prefix="audit-", ignore_cleanup_errors=True) as directory:
            _attempts(structs.replace(plan, directory=directory), record, stop)
    return _evidence(site, state, began, browser, record)


def _attempts(plan: Plan, record: Record, stop: Event | None) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        outcome = _attempt(plan, record, stop)
        if (outcome.end is End.DONE and not record.hung) or (stop and stop.is_set()):
            return
        if not record.conditions:
            raise CollectError(last_line(outcome.detail) or "the browser did not start")
        record.ended(plan, outcome, is_last=attempt == ATTEMPTS)
        saved = Path(plan.saved_state)
        plan = structs.replace(
            plan,
            start=tuple(url for url in plan.start if url not in record.turned.done),
            done=record.turned.done,
            waiting=record.turned.waiting,
            storage_state=str(saved) if saved.exists() else plan.storage_state,
        )


def _attempt(plan: Plan, record: Record, stop: Event | None) -> Outcome:
    limits = plan.limits
    outcome = watch(
        [sys.executable, "-m", "auditor.collect.site.child"],
        stdin=msgspec.json.encode(plan),
        on_line=record.take,
        silence=limits.silence,
        deadline=limits.deadline + limits.page * (plan.max_pages + len(plan.start)),
        memory=limits.memory,
        stop=stop,
    )
    if record.conditions:
        _reconcile(plan, record)
    return outcome


def _reconcile(plan: Plan, record: Record) -> None:
    """Add what only the network log knows; without a log, nobody knows what is missing."""
    path = Path(plan.netlog)
    try:
        log = read_netlog(path)
    except NetLogError as error:
        needs = f"a browser that ends by itself: its network log is not whole ({error})"
        record.missed(
            Gap(
                what=f"the network log of {plan.url}",
                reason=Reason.NOT_VERIFIED,
                needs=needs,
                aspects=(Aspect.REQUESTS,),
                state=plan.state,
            )
        )
        return
    finally:
        path.unlink(missing_ok=True)
    for request in unseen(log, record.hosts):
        record.saw(
            RequestSent(
                frame=request.initiator,
                url=request.url,
                host=request.host,
                method=request.method if request.method != "CONNECT" else "OTHER",
                resource=request.resource,
                failed=request.failed,
                redirected_from=request.redirected_from,
                state=plan.state,
            )
        )
    for host in log.connected:
        if host not in record.hosts:
            url = f"https://{host}/"
            record.saw(RequestSent(url=url, host=host, resource="preconnect", state=plan.state))
    if log.unreadable:
        record.missed(
            Gap(
                what=f"{log.unreadable} requests to hosts whose names cannot be read",
                reason=Reason.NOT_VERIFIED,
                needs="a page that talks to hosts with names",
                aspects=(Aspect.REQUESTS,),
                state=plan.state,
            )
        )


def _evidence(
    site: Site, state: State, began: datetime, browser: Browser, record: Record
) -> SiteEvidence:
    observations = tuple(record.observations)
    gaps = [*record.gaps, *missing_states(site, {state})]
    gaps += missing_pages(site, observations, {state})
    conditions = dict(record.conditions)
    if site.vantage and site.vantage.country:
        conditions["country"] = site.vantage.country
    return SiteEvidence(
        site=site.id,
        url=site.url,
        sources=(
            Source(
                kind="visit",
                path=f"visit of {url_shape(site.url)}",
                tool=f"{browser.kind.replace('_', ' ')} {browser.version}",
                collected_at=began,
                state=state,
                conditions=conditions,
            ),
        ),
        hosts=facts_of_hosts(site.url, observations, record.facts),
        observations=observations,
        gaps=tuple(dict.fromkeys(gaps)),
    )
