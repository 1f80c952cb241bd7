"""Recordings that people made and give as evidence: which site and visitor state each shows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from auditor.collect.expected import missing_pages, missing_states
from auditor.collect.har import HarRecording, read_har
from auditor.collect.har.gaps import never_in_a_har, unknown_state
from auditor.collect.ownership import is_first_party
from auditor.collect.progress import Progress, quiet
from auditor.errors import CollectError, UsageError
from auditor.evidence import (
    CookieSent,
    CookieSet,
    HostFacts,
    PageLoaded,
    RequestSent,
    SiteEvidence,
    SiteObservation,
    State,
)
from auditor.knowledge.public_suffixes import registrable_domain
from auditor.policy import Policy, Site
from auditor.vocabulary import nearest

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
    if not equals or (prefix and not found) or Path(text).exists():
        if not text.strip():
            raise UsageError(f"the name of a recording is empty; {FORM}")
        return Recording(path=Path(text))
    if not found or not file:
        raise UsageError(f'"{text}" names no {"file" if found else "site"}; {FORM}')
    site, state = found[1], found[2]
    if state is not None and state not in _STATES:
        meant = nearest(state, _STATES)
        advice = f"did you mean {meant}?" if meant else f"write one of {', '.join(_STATES)}"
        raise UsageError(f'"{text}": no visitor state is called "{state}"; {advice}')
    return Recording(path=Path(file), site=site, state=State(state) if state else None)


def collect_recordings(
    policy: Policy, recordings: Sequence[Recording], progress: Progress = quiet
) -> tuple[SiteEvidence, ...]:
    """Read recordings into one piece of evidence for each site, sorted by site.

    `CollectError` if one cannot be read, or cannot be said to be of a site of the policy.
    """
    by_site: dict[str, list[HarRecording]] = {}
    for recording in recordings:
        named = _named_site(policy, recording)
        har = read_har(recording.path, recording.state, progress)
        site = named or _recorded_site(policy, har)
        if named and har.visited and not any(is_first_party(named, url) for url in har.visited):
            raise CollectError(
                f"{har.source.path}: recording of {har.visited[0]}, but site {named.id} is"
                f" {named.url}; use --site-url {named.id}={har.visited[0]} if it stands for it"
            )
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
    if site is None:
        ids = [known.id for known in policy.sites]
        meant = nearest(recording.site, ids)
        advice = f"did you mean {meant}?" if meant else f"its sites are {_listed(ids)}"
        raise CollectError(
            f"{recording.path.name}: {policy.origin.path} has no site {recording.site}; {advice}"
        )
    return site


def _recorded_site(policy: Policy, har: HarRecording) -> Site:
    """Return the only site to which the first page of a recording belongs."""
    first = har.visited[0] if har.visited else ""
    fitting = [site for site in policy.sites if first and is_first_party(site, first)]
    exact = [site for site in fitting if urlsplit(site.url).hostname == urlsplit(first).hostname]
    if len(exact) == 1 or len(fitting) == 1:
        return (exact if len(exact) == 1 else fitting)[0]
    shows = f"shows {first}, which" if first else "shows no page, so it"
    known = _listed(f"{site.id} ({site.url})" for site in fitting or policy.sites)
    fits = (
        f"may be of several sites: {known}" if fitting else f"is of no site of the policy: {known}"
    )
    name = har.source.path
    raise CollectError(
        f"{name}: {shows} {fits}; write SITE={name}, and --site-url SITE={first or 'URL'} if that"
        " address stands for the site's own"
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _merge(site: Site, hars: Sequence[HarRecording]) -> SiteEvidence:
    """Put the recordings of a site together, in the order of visitor states."""
    states = [*State, None]
    hars = sorted(hars, key=lambda har: (states.index(har.source.state), har.source.path))
    _refuse_repetition(hars)
    observations = tuple(_of_site(site, (seen for har in hars for seen in har.observations)))
    gaps = [*never_in_a_har(), *(gap for har in hars for gap in har.gaps)]
    gaps += [unknown_state(har.source.path, site.id) for har in hars if har.source.state is None]
    gaps += missing_states(site, {har.source.state for har in hars})
    gaps += missing_pages(site, observations, {har.source.state for har in hars})
    hosts = {urlsplit(site.url).hostname or "", *_hosts(observations)} - {""}
    return SiteEvidence(
        site=site.id,
        url=site.url,
        sources=tuple(har.source for har in hars),
        hosts={h: HostFacts(registrable_domain=registrable_domain(h)) for h in sorted(hosts)},
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


def _of_site(site: Site, seen: Iterable[SiteObservation]) -> Iterator[SiteObservation]:
    """Leave out what another site's page did after the visitor had gone there."""
    for item in seen:
        own_page = not item.page or is_first_party(site, item.page)
        if own_page or (not isinstance(item, PageLoaded) and is_first_party(site, _target(item))):
            yield item


def _target(item: RequestSent | CookieSet | CookieSent) -> str:
    return f"//{item.writer if isinstance(item, CookieSet) else item.host}"


def _hosts(observations: Iterable[SiteObservation]) -> Iterator[str]:
    for seen in observations:
        yield from (urlsplit(url).hostname or "" for url in (seen.page, seen.by))
        match seen:
            case RequestSent() | CookieSent():
                yield seen.host
            case CookieSet():
                yield seen.domain
                yield seen.writer
