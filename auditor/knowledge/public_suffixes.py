"""Where a site ends: the registrable domain, by the Public Suffix List (publicsuffix.org).

The list's private section is on: customers of one hosting service are different sites, so
`a.netlify.app` and `b.netlify.app` are two. Under a top-level domain that the list does not know
(`shop.test`, `shop.localhost`) the last two labels count.
"""

from functools import cache, lru_cache
from importlib.metadata import version

from publicsuffixlist import PublicSuffixList

from auditor.hosts import is_address


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """Return the domain that somebody registered: `x.co.uk` for `www.x.co.uk`.

    IP addresses, single labels and public suffixes have none: they come back as they are. `host`
    is normalised (`auditor.hosts`).
    """
    if is_address(host):
        return host
    return _suffixes().privatesuffix(host) or host


def is_public_suffix(host: str) -> bool:
    """Return whether the list names this host as a place below which anybody can register.

    A single label that the list does not know is none: it may be a machine of our own network.
    """
    return _suffixes().publicsuffix(host, accept_unknown=False) == host


def list_version() -> str:
    """Return the version of the installed list; its last number is the day: 1.0.2.20261023."""
    return version("publicsuffixlist")


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
