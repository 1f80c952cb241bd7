"""Recordings that people made and give as evidence: which site and visitor state each shows."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from auditor.collect.behind_open import knowledge
from auditor.collect.har import HarRecording, read_har
from auditor.collect.har.gaps import never_in_a_har, unknown_state
from auditor.collect.hosts_seen import facts_of_hosts
from auditor.collect.ownership import host_of, is_own, origin_of, own_names
from auditor.collect.progress import Progress, quiet
from auditor.errors import CollectError, UsageError
from auditor.evidence import (
    SiteEvidence,
    State,
)
from auditor.matching import missing_pages, missing_states
from auditor.policy import Policy, Site
from auditor.vocabulary import suggestion

FORM = "write [SITE[:STATE]=]FILE.har, such as www:before=visit.har"

_PREFIX = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.-]*)(?::([^/\\=]*))?")
_STATES = [state.value for state in State]


class Recording(Struct, frozen=True, kw_only=True):
    """A file, the site it is said to be of ("" for: find out), and the visitor state."""

    path: Path
    site: str = ""
    state: State | None = None


def parse_recording(text: str) -> Recording:
    """Read `[SITE[:STATE]=]FILE.har`; UsageError says what to write instead.

    A name with `=` in it is taken for a file if there is one, or if no site can be called so.
    """
    prefix, equals, file = text.partition("=")
    found = _PREFIX.fullmatch(prefix)
    if not equals or (prefix and not found) or _is_file(text):
        if not text.strip():
            raise UsageError(f"the name of a recording is empty; {FORM}")
        return Recording(path=Path(text))
    if not found or not file:
        raise UsageError(f'"{text[:100]}" names no {"file" if found else "site"}; {FORM}')
    site, state = found[1], found[2]
    if state is not None and state not in _STATES:
        advice = suggestion(state, _STATES, f"write one of {', '.join(_STATES)}")
        raise UsageError(f'"{text[:100]}": "{state[:20]}" is no visitor state; {advice}')
    return Recording(path=Path(file), site=site, state=State(state) if state else None)


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except OSError:  # a name that is too long
        return False


def collect_recordings(
    policy: Policy, recordings: Sequence[Recording], progress: Progress = quiet
) -> tuple[SiteEvidence, ...]:
    """Read recordings into one piece of evidence for each site, sorted by site.

    `CollectError` if one cannot be read, or cannot be said to be of a site of the policy.
    """
    by_site: dict[str, list[HarRecording]] = {}
    for recording in recordings:
        named = _named_site(policy, recording)
        name = recording.path.name
        own_urls = partial(_own_urls, policy, named, name)
        har = read_har(recording.path, recording.state, progress, own_urls)
        site = named or _recorded_site(policy, name, har.visited)
        _refuse_another_site(site, name, har.visited)
        by_site.setdefault(site.id, []).append(har)
    return tuple(
        _merge(site, by_site[site.id])
        for site in sorted(policy.sites, key=lambda site: site.id)
        if site.id in by_site
    )


def _named_site(policy: Policy, recording: Recording) -> Site | None:
    if not recording.site:
        return None
    site = policy.site(recording.site)
    if site is None and recording.site in _STATES and not recording.state:
        raise CollectError(
            f"{recording.site}={recording.path.name}: {recording.site} is a visitor state; write"
            f" {policy.sites[0].id if policy.sites else 'SITE'}:{recording.site}={recording.path}"
        )
    if site is None:
        ids = [known.id for known in policy.sites]
        advice = suggestion(recording.site, ids, f"its sites are {_listed(ids)}")
        raise CollectError(
            f"{recording.path.name}: {policy.origin.path} has no site {recording.site}; {advice}"
        )
    return site


def _own_urls(
    policy: Policy, named: Site | None, name: str, visited: Sequence[str]
) -> Callable[[str], bool]:
    return partial(is_own, own_names(named or _recorded_site(policy, name, visited)))


def _recorded_site(policy: Policy, name: str, visited: Sequence[str]) -> Site:
    """Return the only site to which the first page of a recording belongs."""
    first = next(iter(visited), "")
    fitting = [site for site in policy.sites if first and is_own(own_names(site), first)]
    exact = [site for site in fitting if host_of(site.url) == host_of(first)]
    for only in (exact, fitting):
        if len(only) == 1:
            return only[0]
    raise CollectError(f"{name}: {_unplaced(first, fitting, policy, name)}")


def _unplaced(page: str, fitting: Sequence[Site], policy: Policy, name: str) -> str:
    """Say why a recording's site cannot be told, and how to tell it."""
    known = _listed(f"{site.id}: {site.url}" for site in fitting or policy.sites)
    if not page:
        return f"shows no page, so its site cannot be told; write SITE={name} ({known})"
    if fitting:
        return f"{page} may be of several sites; write SITE={name} ({known})"
    return (
        f"{page} is of none of the policy's sites ({known}); if it stands for one of them,"
        f" write SITE={name} and --site-url SITE={origin_of(page)}"
    )


def _refuse_another_site(site: Site, name: str, visited: Sequence[str]) -> None:
    own = own_names(site)
    if visited and not any(is_own(own, url) for url in visited):
        first = visited[0]
        raise CollectError(
            f"{name}: recording of {first}, but site {site.id} is {site.url};"
            f" use --site-url {site.id}={origin_of(first)} if it stands for it"
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _merge(site: Site, hars: Sequence[HarRecording]) -> SiteEvidence:
    """Put the recordings of a site together, in the order of visitor states."""
    states = [*State, None]
    hars = sorted(hars, key=lambda har: (states.index(har.source.state), har.source.path))
    _refuse_repetition(hars)
    observations = tuple(seen for har in hars for seen in har.observations)
    gaps = [*never_in_a_har(), *(gap for har in hars for gap in har.gaps)]
    gaps += [unknown_state(har.source.path, site.id) for har in hars if har.source.state is None]
    gaps += missing_states(site, {har.source.state for har in hars})
    gaps += missing_pages(site, observations, {har.source.state for har in hars})
    return SiteEvidence(
        site=site.id,
        url=site.url,
        sources=tuple(har.source for har in hars),
        hosts=facts_of_hosts(site.url, observations),
        knowledge=knowledge(),
        observations=observations,
        gaps=tuple(dict.fromkeys(gaps)),
    )


def _refuse_repetition(hars: Sequence[HarRecording]) -> None:
    names: dict[str, str] = {}
    for source in (har.source for har in hars):
        if source.sha256 in names:
            raise CollectError(
                f"{names[source.sha256]} and {source.path} are the same recording; a visit shows"
                " one visitor state: give each recording once"
            )
        names[source.sha256] = source.path
