"""What a visit is told: where to go, how hosts are reached, and when to give up."""

import re
from fnmatch import fnmatchcase

from msgspec import Struct

from auditor.collect.site.browser import Browser
from auditor.collect.site.journeys.preparing import Journey
from auditor.evidence import State
from auditor.hosts import is_address, is_this_machine

CHOICES = (State.REJECT, State.ACCEPT, State.WITHDRAW)  # that are made in a banner

MOST_PORTS = 65_536

_MAPPING = re.compile(
    r"[A-Za-z0-9*._-]+=(?P<place>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
)


class Network(Struct, frozen=True, kw_only=True):
    """How hosts are reached; the same for every site of a run.

    `resolve` holds `HOST=ADDR[:PORT]` as given on the command line. `trusted_keys` are base64
    SHA-256 digests of public keys (SPKI) whose certificates are accepted although no known
    authority issued them. `browser` is the path of a Chromium, "" to find one. With `offline`
    nothing is visited but what `resolve` names and this machine. `resolver` is the name server
    that is asked whose a site's own names are, "" for this machine's.
    """

    resolve: tuple[str, ...] = ()
    accept_any_certificate: bool = False
    trusted_keys: tuple[str, ...] = ()
    browser: str = ""
    sandbox: bool = True
    offline: bool = False
    resolver: str = ""

    @property
    def mapped(self) -> tuple[str, ...]:
        """Return the patterns of the hosts that are reached somewhere else."""
        return tuple(rule.partition("=")[0] for rule in self.resolve)

    def reaches(self, host: str) -> bool:
        """Return whether a host may be visited: offline, only what is mapped, and this machine."""
        return (
            not self.offline
            or is_this_machine(host)
            or any(fnmatchcase(host, pattern) for pattern in self.mapped)
        )


def parse_resolve(text: str) -> str:
    """Return `HOST=ADDR[:PORT]` as it is; ValueError says what to write instead."""
    host, _, place = text.partition("=")
    found = _MAPPING.fullmatch(text)
    port = int((found and found["port"]) or 1)
    if not found or not 0 < port < MOST_PORTS or not _is_place(found["place"]):
        message = f"{text[:100]!r}: write HOST=ADDR[:PORT], such as '*=127.0.0.1:8443'"
        raise ValueError(message)
    return f"{host.lower()}={place}"


def _is_place(text: str) -> bool:
    return not text.startswith("[") or is_address(text[1:-1])


class Limits(Struct, frozen=True, kw_only=True):
    """When to give up; each limit that is reached is a gap.

    Seconds of real time, except `skipped`: the simulated seconds that each page is given for what
    it does late. A visit in all may take `deadline`, `choice` where there is one to make, and
    `page` for each page that it may open.
    `memory` is in bytes, of the browser and all its processes together; `events` and `windows`
    are numbers.
    """

    load: float = 20.0
    settle: float = 5.0
    step: float = 8.0
    silence: float = 75.0
    page: float = 20.0
    deadline: float = 60.0
    choice: float = 120.0
    skipped: float = 12.0
    memory: int = 3 * 1024**3
    events: int = 20_000
    windows: int = 20


class Plan(Struct, frozen=True, kw_only=True):
    """One visit: a site in one visitor state.

    `url` is the site's home page, `start` the exact addresses to open first, `exclude` patterns of
    paths, `own` the host names and registrable domains that are the site. `done` are addresses
    that an earlier attempt of the same visit finished or failed at. `directory` is a folder of
    the visit's own: profile, network log and saved state lie there, and are deleted with it.
    `steps` are the policy's own, as pairs of what to click and what to wait for; `recognised` the
    name of a cookie and what its value has to match. `login` is what is kept of one, as JSON;
    `storage_state` is the file of what the profile begins with. `found` is what saw a banner in an
    earlier visit, "" where nobody looked. `journeys` are made after all pages.
    `seed` is what the somebody is made up from who types into forms.
    `keep` is a folder for what people may want to look at (HAR, screenshots), "" for none.
    """

    site: str
    url: str
    state: State
    browser: Browser
    sandbox: bool = True
    start: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    max_pages: int = 25
    own: tuple[str, ...] = ()
    network: Network = Network()
    limits: Limits = Limits()
    directory: str = ""
    done: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    locale: str = ""
    timezone: str = ""
    user_agent: str = ""
    proxy: str = ""
    delay: float = 0.0
    headers: dict[str, str] = {}
    basic_auth: str = ""
    login: str = ""
    storage_state: str = ""
    keep: str = ""
    banner: str = "auto"
    steps: dict[State, tuple[tuple[str, str], ...]] = {}
    recognised: dict[State, tuple[str, str]] = {}
    type_into_forms: bool = False
    seed: str = ""
    found: str = ""
    journeys: tuple[Journey, ...] = ()

    @property
    def is_public(self) -> bool:
        """Return whether everybody is shown these pages: nothing is given to be let in."""
        return not (self.login or self.basic_auth or self.headers)

    @property
    def netlog(self) -> str:
        """Return where the browser writes what its network stack did."""
        return f"{self.directory}/netlog.json"

    @property
    def saved_state(self) -> str:
        """Return where cookies and storage are kept for a visit that has to begin again."""
        return f"{self.directory}/state.json"
