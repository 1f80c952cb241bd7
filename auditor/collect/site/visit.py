"""Visits to sites: each in a process of its own, ended if it hangs, begun again once.

What was seen until then is kept; what was not seen is a gap. The browser's network log is read
after each visit, and what only it knows is added: nothing that the network stack did is missing.
"""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import msgspec
from msgspec import Struct, structs

from auditor.collect.hosts_seen import facts_of_hosts
from auditor.collect.ownership import host_of, own_names
from auditor.collect.progress import Progress, quiet
from auditor.collect.site import said
from auditor.collect.site.browser import Browser, find_browser
from auditor.collect.site.crawl import start_addresses
from auditor.collect.site.netlog import NetLogError, read_netlog, unseen
from auditor.collect.site.plan import Limits, Network, Plan
from auditor.collect.site.watchdog import End, Outcome, watch
from auditor.durations import add, parse_duration
from auditor.errors import CollectError
from auditor.evidence import (
    Aspect,
    Gap,
    HostFacts,
    Reason,
    RequestSent,
    SiteEvidence,
    SiteObservation,
    Source,
    State,
)
from auditor.matching import missing_pages, missing_states
from auditor.names import url_shape
from auditor.policy import Env, Site

ATTEMPTS = 2

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


class Looking(Struct, frozen=True, kw_only=True):
    """How sites are visited in one run; `secrets` are the values of the variables they name.

    `keep` is a folder for HAR files and screenshots, "" for none.
    """

    network: Network = Network()
    limits: Limits = Limits()
    secrets: Mapping[str, str] = {}
    keep: str = ""


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
    record = _Record(site, progress)
    began = datetime.now(UTC)
    try:
        plan = _plan(site, state, browser, looking)
    except KeyError as error:
        needs = f"the variable {error.args[0]}, which policy.yaml names for this site"
        record.missed(Gap(what=site.url, reason=Reason.NO_CREDENTIAL, needs=needs, state=state))
    else:
        with TemporaryDirectory(prefix="audit-", ignore_cleanup_errors=True) as directory:
            _attempts(structs.replace(plan, directory=directory), record, stop)
    return _evidence(site, state, began, browser, record)


def _attempts(plan: Plan, record: "_Record", stop: Event | None) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        outcome = _attempt(plan, record, stop)
        if (outcome.end is End.DONE and not record.hung) or (stop and stop.is_set()):
            return
        if not record.conditions:
            raise CollectError(_last_line(outcome.detail) or "the browser did not start")
        record.ended(plan, outcome, is_last=attempt == ATTEMPTS)
        saved = Path(plan.saved_state)
        plan = structs.replace(
            plan,
            start=tuple(url for url in plan.start if url not in record.turned.done),
            done=record.turned.done,
            waiting=record.turned.waiting,
            storage_state=str(saved) if saved.exists() else plan.storage_state,
        )


def _attempt(plan: Plan, record: "_Record", stop: Event | None) -> Outcome:
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


def _reconcile(plan: Plan, record: "_Record") -> None:
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


class _Record:
    """What a visit has said so far."""

    def __init__(self, site: Site, progress: Progress) -> None:
        self._site, self._progress = site, progress
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
            case said.Met(host=host, facts=facts):
                self.facts[host] = facts
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
        self.observations.append(seen)
        if isinstance(seen, RequestSent):
            self.hosts.add(seen.host)

    def missed(self, gap: Gap) -> None:
        """Keep a gap, once."""
        self.gaps[gap] = None

    def ended(self, plan: Plan, outcome: Outcome, *, is_last: bool) -> None:
        """Keep what a visit that was ended did not show."""
        reason, needs = _ENDED[End.DONE if self.hung else outcome.end]
        if outcome.end is End.CRASHED and not self.hung:
            needs += _error(outcome.detail)
        where = url_shape(self.turned.current or plan.url)
        if not self.hung:  # a visit that knows that it is stuck has said where
            self.missed(Gap(what=where, reason=reason, needs=needs, state=plan.state))
        if is_last:
            what = f"pages of {plan.url} after the second that kept the browser from answering"
            self.missed(Gap(what=what, reason=reason, needs=needs, state=plan.state))

    def _tell(self, turned: said.Turned) -> None:
        if turned.current:
            most = max(self._site.crawl.max_pages, 1)
            known = min(most, len(turned.done) + len(turned.waiting))
            done = (len(turned.done) - 1) / max(known, 1)
            self._progress(url_shape(turned.current), min(done, 0.99))


def _evidence(
    site: Site, state: State, began: datetime, browser: Browser, record: _Record
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


def _plan(site: Site, state: State, browser: Browser, looking: Looking) -> Plan:
    """Return what the visit is told; `KeyError` names a variable that is not set."""
    vantage, access = site.vantage, site.access

    def secret(named: Env | None) -> str:
        return looking.secrets[named.env] if named else ""

    return Plan(
        site=site.id,
        url=site.url,
        state=state,
        browser=browser,
        sandbox=looking.network.sandbox,
        start=start_addresses(site),
        exclude=site.crawl.exclude,
        max_pages=site.crawl.max_pages,
        own=tuple(sorted(own_names(site))),
        network=looking.network,
        limits=looking.limits,
        locale=vantage.locale if vantage else "",
        timezone=vantage.timezone if vantage else "",
        proxy=secret(vantage.proxy) if vantage else "",
        user_agent=site.user_agent,
        delay=_seconds(site.request_delay),
        headers={name: secret(env) for name, env in access.headers.items()} if access else {},
        basic_auth=secret(access.basic_auth) if access else "",
        storage_state=str(access.storage_state) if access and access.storage_state else "",
        keep=looking.keep,
    )


def _error(detail: str) -> str:
    """Return the kind of an error of ours; its text may quote the page."""
    found = _ERROR.match(_last_line(detail))
    return f" ({found[1]})" if found else ""


def _seconds(duration: str) -> float:
    now = datetime.now(UTC)
    return (add(now, parse_duration(duration)) - now).total_seconds() if duration else 0.0


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:500] if lines else ""
