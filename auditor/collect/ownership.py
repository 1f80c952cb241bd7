"""Which hosts are the site itself, before there is evidence to ask (contract, meaning 2)."""

from urllib.parse import urljoin, urlsplit

from auditor.hosts import normalise_host
from auditor.knowledge.public_suffixes import registrable_domain
from auditor.policy import Site


def own_names(site: Site) -> frozenset[str]:
    """Return the hosts and registrable domains that are the site."""
    own = _normal(host_of(site.url))
    return frozenset({own, registrable_domain(own), *map(_normal, site.first_party)})


def is_own(names: frozenset[str], url: str) -> bool:
    """Return whether a page or server is among the site's own names; `//host` is enough."""
    host = host_of(url)
    return host in names or registrable_domain(host) in names


def host_of(url: str) -> str:
    """Return the host of a URL or of the shape of one, "" if it has none."""
    return urlsplit(url).hostname or ""


def origin_of(url: str) -> str:
    """Return a URL's scheme, host and port as a URL of its own, "" for an empty one."""
    return urljoin(url, "/") if url else ""


def _normal(host: str) -> str:
    try:
        return normalise_host(host)
    except ValueError:
        return host.lower()
