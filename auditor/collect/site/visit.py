"""Visits to sites: each in a process of its own, ended if it hangs, begun again once.

What was seen until then is kept; what was not seen is a gap. The browser's network log is read
after each visit, and what only it knows is added: nothing that the network stack did is missing.
"""

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import msgspec
from msgspec import Struct, structs

from auditor.collect.aliases import names_of
from auditor.collect.behind_open import knowledge
from auditor.collect.hosts_seen import facts_of_hosts
from auditor.collect.ownership import host_of, is_own, own_names
from auditor.collect.progress import Progress, quiet
from auditor.collect.site.browser import Browser, find_browser
from auditor.collect.site.journeys import MOST_AGAIN
from auditor.collect.site.journeys.hiding import Hidden
from auditor.collect.site.login import keep
from auditor.collect.site.plan import CHOICES, Network, Plan
from auditor.collect.site.planning import Looking, MissingError, plan_of, steps_of
from auditor.collect.site.record import Record, last_line
from auditor.collect.site.typing_in.masking import Mask
from auditor.collect.site.watchdog import End, Outcome, watch
from auditor.collect.site.witness import add_unseen
from auditor.errors import CollectError
from auditor.evidence import (
    BannerSeen,
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
AT_ONCE = 2  # visits for each processor


class _Wanted(Struct, frozen=True, kw_only=True):
    """A visit to make; `found` is what saw the site's banner in one before it."""

    site: Site
    state: State
    found: str = ""


class _Seen(Struct, frozen=True, kw_only=True):
    """One visit: of which site, in which state, since when, and what it said."""

    site: str
    state: State
    began: datetime
    record: Record


def visit_sites(
    sites: Sequence[Site], looking: Looking | None = None, progress: Progress = quiet
) -> tuple[SiteEvidence, ...]:
    """Visit sites, each in every state that its visitors can be in; return evidence in order.

    Two visits at once for each processor, since each waits for half of its time. How a choice is
    made is found out where the policy does not say it: such visits begin when a banner was seen.
    Sites that are out of reach (`--offline`) are left out. `CollectError` if there is no browser,
    or it does not start.
    """
    how = looking or Looking()
    reachable = [site for site in sites if how.network.reaches(host_of(site.url))]
    if not reachable:
        return ()
    browser = find_browser(how.network.browser)
    run = _Run(looking=how, browser=browser, progress=progress, stop=Event())
    seen: dict[str, list[_Seen]] = {site.id: [] for site in reachable}
    at_once = how.at_once or AT_ONCE * (os.cpu_count() or 1)
    with ThreadPoolExecutor(max_workers=at_once) as pool:

        def visit_all(wanted: Sequence[_Wanted]) -> None:
            for found in pool.map(run.visit, wanted):
                seen[found.site].append(found)

        try:
            visit_all([wanted for site in reachable for wanted in _at_once(site, how)])
            visit_all([wanted for site in reachable for wanted in _then(site, seen[site.id])])
        finally:
            run.stop.set()  # after an error, or Ctrl-C, no visit goes on
    return tuple(_evidence(site, seen[site.id], browser, how.network) for site in reachable)


def visit_site(
    site: Site, *, looking: Looking, browser: Browser, progress: Progress = quiet
) -> SiteEvidence:
    """Visit a site as somebody who has not chosen anything."""
    run = _Run(looking=looking, browser=browser, progress=progress, stop=Event())
    seen = [run.visit(_Wanted(site=site, state=State.BEFORE))]
    return _evidence(site, seen, browser, looking.network)


def _at_once(site: Site, looking: Looking) -> list[_Wanted]:
    """Return the states that can be visited whatever the site shows."""
    laws = site.jurisdictions or looking.jurisdictions
    states = [State.BEFORE]
    if site.consent.banner != "none":
        states += [state for state in CHOICES if state in steps_of(site)]
    states += [State.GPC] if "us-ca-ccpa" in laws else []
    return [_Wanted(site=site, state=state) for state in states]


def _then(site: Site, seen: Sequence[_Seen]) -> list[_Wanted]:
    """Return the states that are left, where there is a banner to choose in."""
    observations = (item for one in seen for item in one.record.observations)
    banner = next((item for item in observations if isinstance(item, BannerSeen)), None)
    if not banner:
        return []
    left = [state for state in CHOICES if state not in {one.state for one in seen}]
    is_plain = "finder" in banner.how and not banner.platform
    found = "finder" if is_plain else banner.how
    return [_Wanted(site=site, state=state, found=found) for state in left]


class _Run(Struct, frozen=True, kw_only=True):
    """What is the same for all visits; once `stop` is set, they end."""

    looking: Looking
    browser: Browser
    progress: Progress
    stop: Event

    def visit(self, wanted: _Wanted) -> _Seen:
        """Visit a site in one state."""
        site, state = wanted.site, wanted.state
        record = Record(site, self.progress)
        began = datetime.now(UTC)
        try:
            plan = plan_of(site, state, self.browser, self.looking)
        except MissingError as error:
            needs = f"{error} (policy.yaml names it for this site)"
            gap = Gap(what=site.url, reason=Reason.NO_CREDENTIAL, needs=needs, state=state)
            record.missed(gap)
        else:
            with TemporaryDirectory(prefix="audit-", ignore_cleanup_errors=True) as directory:
                file = Path(directory, "login.json")
                begun = keep(plan.login.encode(), file) if plan.login else ""
                plan = structs.replace(
                    plan, directory=directory, found=wanted.found, storage_state=begun
                )
                _attempts(plan, record, self.stop)
        return _Seen(site=site.id, state=state, began=began, record=record)


def _attempts(plan: Plan, record: Record, stop: Event) -> None:
    record.mask, record.hidden = Mask(plan), Hidden(plan.journeys)
    for attempt in range(1, ATTEMPTS + 1):
        outcome = _attempt(plan, record, stop)
        if (outcome.end is End.DONE and not record.hung) or stop.is_set():
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
            journeys=tuple(j for j in plan.journeys if j.name not in record.turned.begun),
            storage_state=str(saved) if saved.exists() else plan.storage_state,
        )


def _attempt(plan: Plan, record: Record, stop: Event) -> Outcome:
    limits = plan.limits
    outcome = watch(
        [sys.executable, "-m", "auditor.collect.site.child"],
        stdin=msgspec.json.encode(plan),
        on_line=record.take,
        silence=limits.silence + plan.delay,
        deadline=_deadline(plan),
        memory=limits.memory,
        stop=stop,
    )
    if record.conditions:
        add_unseen(plan, record)
    return outcome


def _deadline(plan: Plan) -> float:
    limits = plan.limits
    choice = limits.choice if plan.state in CHOICES else 0
    pages = plan.max_pages + len(plan.start)
    steps = sum(len(journey.steps) for journey in plan.journeys)
    pages += sum(1 + min(len(journey.steps), MOST_AGAIN) for journey in plan.journeys)
    taken = sum(journey.seconds for journey in plan.journeys) + limits.settle * steps
    return limits.deadline + choice + (limits.page + plan.delay) * pages + taken


def _evidence(
    site: Site, seen: Sequence[_Seen], browser: Browser, network: Network
) -> SiteEvidence:
    order = list(State)
    seen = sorted(seen, key=lambda one: order.index(one.state))
    observations = tuple(item for one in seen for item in one.record.observations)
    known = {host: facts for one in seen for host, facts in one.record.facts.items()}
    gaps = [gap for one in seen for gap in one.record.gaps]
    states = {one.state for one in seen}
    gaps += [*missing_states(site, states), *missing_pages(site, observations, states)]
    own = own_names(site)
    hosts = {item.host for item in observations if isinstance(item, RequestSent)}
    names = names_of(
        (host for host in hosts if is_own(own, f"//{host}") and network.reaches(host)),
        known,
        mapped=network.mapped,
        resolver=network.resolver,
    )
    gaps += names.gaps
    return SiteEvidence(
        site=site.id,
        url=site.url,
        sources=tuple(_source(site, one, browser) for one in seen),
        hosts=facts_of_hosts(site.url, observations, {**known, **names.facts}),
        knowledge=knowledge(),
        observations=observations,
        gaps=tuple(dict.fromkeys(gaps)),
    )


def _source(site: Site, seen: _Seen, browser: Browser) -> Source:
    conditions = dict(seen.record.conditions)
    if site.vantage and site.vantage.country:
        conditions["country"] = site.vantage.country
    return Source(
        kind="visit",
        path=f"visit of {url_shape(site.url)}",
        tool=f"{browser.kind.replace('_', ' ')} {browser.version}",
        collected_at=seen.began,
        state=seen.state,
        conditions=conditions,
    )
