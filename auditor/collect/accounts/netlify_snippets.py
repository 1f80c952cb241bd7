"""Snippets of a Netlify site: in every page that it serves, and in no repository."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from auditor.collect.accounts.connector import Asking, Part
from auditor.collect.accounts.netlify_site import API, site_of
from auditor.collect.rest import segment
from auditor.evidence import Gap, Reason, SettingSeen
from auditor.hosts import normalise_host

_LONGEST: Final = 1_000_000  # characters of a snippet
_MOST_HOSTS: Final = 100  # of a snippet
_LOADING: Final = (
    "script[src], iframe[src], img[src], embed[src], source[src], link[href], object[data]"
)
_INLINE: Final = re.compile(r"(?:https?:)?\\?/\\?/([a-z0-9.-]+\.[a-z]{2,})", re.IGNORECASE)


class _Snippet(Struct, frozen=True):
    id: int
    general: str | None = None
    general_position: str | None = None
    goal: str | None = None
    goal_position: str | None = None


def snippets(asking: Asking) -> Iterator[Part]:
    """Yield each host from which a snippet loads; one that names none is a gap."""
    site = site_of(asking)
    for snippet in asking.api.get(f"{API}/sites/{segment(site.id)}/snippets", list[_Snippet]):
        for kind, text, position in (
            ("general", snippet.general, snippet.general_position),
            ("goal", snippet.goal, snippet.goal_position),
        ):
            if text and text.strip():
                yield from _injected(f"snippet {snippet.id}, {kind}", text, position or "")


def _injected(name: str, text: str, position: str) -> Iterator[Part]:
    if len(text) > _LONGEST:
        needs = f"a snippet of fewer than {_LONGEST:,} characters"
        yield Gap(what=name, reason=Reason.CAP_REACHED, needs=needs)
        return
    page = LexborHTMLParser(text)
    hosts = _hosts(page)
    for host in hosts[:_MOST_HOSTS]:
        value = position if position in {"head", "footer"} else "in pages"
        yield SettingSeen(name=name, value=value, effect="injects", to=host)
    if len(hosts) > _MOST_HOSTS:
        needs = f"a snippet with at most {_MOST_HOSTS} hosts"
        yield Gap(what=name, reason=Reason.CAP_REACHED, needs=needs)
    if not hosts and page.css_first("script:not([type$='json'])") is not None:
        needs = "a script that names where it loads from, or a visit of the site that shows it"
        yield Gap(what=name, reason=Reason.NOT_VERIFIED, needs=needs)


def _hosts(page: LexborHTMLParser) -> list[str]:
    """Return the hosts in addresses that are loaded, and in the text of scripts, each once."""
    found: dict[str, None] = {}
    for node in page.css(_LOADING):
        address = node.attributes.get("src") or node.attributes.get("href") or ""
        found |= _host(address or node.attributes.get("data") or "")
    for script in page.css("script:not([type$='json'])"):
        for match in _INLINE.finditer(script.text() or ""):
            found |= _host(f"//{match[1]}")
    return list(found)


def _host(address: str) -> dict[str, None]:
    try:
        return {normalise_host(urlsplit(address.strip()).hostname or ""): None}
    except ValueError:
        return {}
