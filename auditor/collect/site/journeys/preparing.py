"""From a file that policy.yaml names to a journey that can be replayed: secrets and addresses."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from msgspec import Struct, structs

from auditor.collect.ownership import host_of, is_own, own_names
from auditor.collect.site.journeys.recording import (
    LONGEST_WAIT,
    WEB,
    Recording,
    RecordingError,
    Step,
    read_file,
)
from auditor.evidence import Reason
from auditor.policy import Site

SHORTEST = 4  # characters of a secret: shorter ones could not be told from other text

_SECRET = re.compile(r"\s*\{\s*env:\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\s*")


class Journey(Struct, frozen=True, kw_only=True):
    """What is replayed: each step knows how many milliseconds it has.

    `secrets` are what steps type, by their number from 1; `hosts` are those that the recording
    names. `trouble` says why it cannot be replayed, "" where it can.
    """

    name: str
    steps: tuple[Step, ...] = ()
    secrets: dict[int, str] = {}
    hosts: tuple[str, ...] = ()
    trouble: str = ""
    reason: Reason = Reason.NOT_VERIFIED

    @property
    def seconds(self) -> float:
        """Return how long its steps may take together."""
        return sum(step.timeout or 0 for step in self.steps) / 1000


class _RefusedError(Exception):
    """A journey that is not replayed: the text says what is needed."""

    def __init__(self, needs: str, reason: Reason = Reason.NOT_VERIFIED) -> None:
        super().__init__(needs)
        self.reason = reason


def journeys_of(site: Site, folder: str, secrets: Mapping[str, str]) -> tuple[Journey, ...]:
    """Return the journeys of a site, in the policy's order; `folder` is that of policy.yaml."""
    return tuple(_journey(site, name, Path(folder, name), secrets) for name in site.journeys)


def _journey(site: Site, name: str, file: Path, secrets: Mapping[str, str]) -> Journey:
    try:
        recording = read_file(file)
        steps = tuple(_prepared(step, recording, site) for step in recording.steps)
        typed = _typed(steps, secrets)
        _stay_at_home(steps, site)
    except OSError as error:
        return Journey(name=name, trouble=f"a recording in this file ({error.strerror})")
    except RecordingError as error:
        return Journey(name=name, trouble=f"a recording that can be replayed: {error}")
    except _RefusedError as error:
        return Journey(name=name, trouble=str(error), reason=error.reason)
    urls = (url for step in steps for url in (step.url, step.target, *step.leads_to))
    hosts = sorted({_host(url) for url in urls} - {""})
    return Journey(name=name, steps=steps, secrets=typed, hosts=tuple(hosts))


def _prepared(step: Step, recording: Recording, site: Site) -> Step:
    """Return a step with the time that it has, and with addresses of the site that is visited."""
    wait = min(recording.timeout if step.timeout is None else step.timeout, LONGEST_WAIT)
    events = tuple(structs.replace(one, url=_moved(one.url, site)) for one in step.events)
    url, target = _moved(step.url, site), _moved(step.target, site)
    return structs.replace(step, timeout=wait, url=url, target=target, events=events)


def _typed(steps: tuple[Step, ...], secrets: Mapping[str, str]) -> dict[int, str]:
    """Return what is typed that is not in the recording, by the number of the step."""
    typed = {}
    for number, step in enumerate(steps, start=1):
        named = _SECRET.fullmatch(step.value)
        if named:
            typed[number] = _secret(named[1], number, secrets)
        elif "{env:" in step.value.replace(" ", ""):
            needs = f"{{env: NAME}} alone, without other text, as the value of step {number}"
            raise _RefusedError(needs)
    return typed


def _secret(name: str, number: int, secrets: Mapping[str, str]) -> str:
    value = secrets.get(name, "")
    if not value:
        needs = f"the variable {name}, which step {number} types: set it where audit runs"
        raise _RefusedError(needs, Reason.NO_CREDENTIAL)
    if len(value) < SHORTEST:
        needs = f"at least {SHORTEST} characters in {name}: less cannot be kept out of evidence"
        raise _RefusedError(needs, Reason.NO_CREDENTIAL)
    return value


def _moved(url: str, site: Site) -> str:
    """Return the address at the deployment that stands in for the site (contract, meaning 2)."""
    if not site.stands_for or not url or _host(url) != _host(site.stands_for):
        return url
    home = urlsplit(site.url)
    return urlunsplit(urlsplit(url)._replace(scheme=home.scheme, netloc=home.netloc))


def _stay_at_home(steps: tuple[Step, ...], site: Site) -> None:
    """Refuse a journey that begins at somebody else's: nobody there has asked for it."""
    first = next(s.url for s in steps if s.type == "navigate" and not s.is_empty)
    host = _host(first)
    if not is_own(own_names(site), f"//{host}"):
        begins = f"this one begins at {host or 'no host'}"
        raise _RefusedError(f"a recording that begins at the site: {begins}")


def _host(url: str) -> str:
    try:
        return host_of(url) if url.startswith(WEB) else ""
    except ValueError:
        return ""
