"""What a visit is told: where to go, how hosts are reached, and when to give up."""

from msgspec import Struct

from auditor.evidence import State


class Network(Struct, frozen=True, kw_only=True):
    """How hosts are reached; the same for every site of a run.

    `resolve` holds `HOST=ADDR[:PORT]` as given on the command line. `trusted_keys` are base64
    SHA-256 digests of public keys (SPKI) whose certificates are accepted although no known
    authority issued them. `browser` is the path of a Chromium, "" to find one. With `offline`
    nothing is visited but what `resolve` names and this machine.
    """

    resolve: tuple[str, ...] = ()
    accept_any_certificate: bool = False
    trusted_keys: tuple[str, ...] = ()
    browser: str = ""
    offline: bool = False


class Limits(Struct, frozen=True, kw_only=True):
    """When to give up; each limit that is reached is a gap.

    Seconds of real time, except `skipped`: the simulated seconds that each page is given for what
    it does late. `memory` is in bytes, of the browser and all its processes together.
    """

    load: float = 20.0
    settle: float = 5.0
    step: float = 8.0
    silence: float = 75.0
    skipped: float = 12.0
    memory: int = 3 * 1024**3
    events: int = 20_000
    pages: int = 20


class Plan(Struct, frozen=True, kw_only=True):
    """One visit: a site in one visitor state.

    `url` is the site's home page, `start` the exact addresses to open first, `exclude` patterns of
    paths, `own` the host names and registrable domains that are the site. `done` are addresses
    that an earlier attempt of the same visit finished or failed at. `directory` is a folder of
    the visit's own: profile, network log and saved state lie there, and are deleted with it.
    """

    site: str
    url: str
    state: State
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
    storage_state: str = ""
    keep: str = ""
