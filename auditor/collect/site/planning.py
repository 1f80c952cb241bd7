"""From what policy.yaml says of a site, and how this run looks at it, to the plan of a visit."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from auditor.collect.ownership import own_names
from auditor.collect.site.browser import Browser
from auditor.collect.site.crawl import start_addresses
from auditor.collect.site.journeys.preparing import journeys_of
from auditor.collect.site.login import LoginError, read_login
from auditor.collect.site.plan import CHOICES, Limits, Network, Plan
from auditor.durations import add, parse_duration
from auditor.evidence import State
from auditor.policy import Env, Site


class Looking(Struct, frozen=True, kw_only=True):
    """How sites are visited in one run; `secrets` are the values of the variables they name.

    `folder` is that of policy.yaml, to which paths in it are relative; `keep` is one for HAR files
    and screenshots, "" for none. `at_once` visits are made side by side, 0 for what suits.
    `stores` is the folder of those that are files, if it is another.
    `exhaustive`: of stores every value is looked at, not a sample. With a `scheduler`
    (`processes`, or the address of a cluster's) large files are read in parts. `since` a git
    revision: of source files only lines that are new.
    """

    network: Network = Network()
    limits: Limits = Limits()
    secrets: Mapping[str, str] = {}
    folder: str = "."
    jurisdictions: tuple[str, ...] = ()
    keep: str = ""
    at_once: int = 0
    exhaustive: bool = False
    stores: str = ""
    scheduler: str = ""
    since: str = ""


class MissingError(Exception):
    """What a visit needs to get in is not there."""


def plan_of(site: Site, state: State, browser: Browser, looking: Looking) -> Plan:
    """Return what the visit is told; `MissingError` names what is not there for it."""
    vantage, access = site.vantage, site.access

    if looking.network.offline and vantage and vantage.proxy:
        raise MissingError("a run without --offline, which leaves out the proxy")

    def secret(named: Env | None) -> str:
        if named and named.env not in looking.secrets:
            raise MissingError(f"the variable {named.env}")
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
        login=_login(looking, access.storage_state, site.url) if access else "",
        keep=looking.keep,
        banner=site.consent.banner,
        steps=steps_of(site),
        recognised=_recognised(site),
        journeys=journeys_of(site, looking.folder, looking.secrets),
        type_into_forms=site.probes.type_into_forms,
        seed=secrets.token_hex(8) if site.probes.type_into_forms else "",
    )


def _seconds(duration: str) -> float:
    now = datetime.now(UTC)
    return (add(now, parse_duration(duration)) - now).total_seconds() if duration else 0.0


def steps_of(site: Site) -> dict[State, tuple[tuple[str, str], ...]]:
    """Return the policy's own steps for each choice that it describes, as in `Plan`."""
    said = {
        State.ACCEPT: site.consent.accept,
        State.REJECT: site.consent.reject,
        State.WITHDRAW: site.consent.withdraw,
    }
    return {
        state: tuple((step.click, step.wait_for) for step in steps.steps)
        for state, steps in said.items()
        if steps and steps.steps
    }


def _recognised(site: Site) -> dict[State, tuple[str, str]]:
    said = site.consent.state
    found = {state: getattr(said, state, None) for state in CHOICES}
    return {state: (one.cookie, one.matches) for state, one in found.items() if one}


def _login(looking: Looking, path: str, url: str) -> str:
    if not path:
        return ""
    try:
        return read_login(Path(looking.folder, path), url).decode()
    except LoginError as error:
        raise MissingError(f"{path}: {error}") from error
