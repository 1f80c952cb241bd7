"""Which hosts are the site itself, before there is evidence to ask (contract, meaning 2)."""

from functools import lru_cache
from urllib.parse import urlsplit

from auditor.knowledge.public_suffixes import registrable_domain
from auditor.policy import Site


@lru_cache(maxsize=4096)
def is_first_party(site: Site, url: str) -> bool:
    """Return whether a page or server belongs to the site; `url` may be just `//host`."""
    host, own = urlsplit(url).hostname or "", urlsplit(site.url).hostname or ""
    names = {own, registrable_domain(own), *site.first_party}
    return host in names or registrable_domain(host) in names
