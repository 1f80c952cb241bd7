"""What a tag manager's container says that it may load, whether or not it did in this visit.

Google Tag Manager and gtag serve a container as a script that holds its tags as JSON, under
`resource`; nobody documents its shape, so that what is not as we know it is a gap. It is read as
data and never run.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from auditor.collect.site.story import Story
from auditor.evidence import Aspect, Reason, TagsListed
from auditor.hosts import is_address, normalise_host
from auditor.knowledge.public_suffixes import is_public_suffix
from auditor.names import url_shape

MOST_TAGS = 2_000
SHORT = 5_000  # characters: no container with the code that runs it is as short as that
MOST_HOSTS = 200
MOST_TEXTS = 20_000  # in the code of one container

KINDS = {
    "__awct": "Google Ads conversion",
    "__baut": "Microsoft Advertising",
    "__bzi": "LinkedIn Insight",
    "__flc": "Floodlight counter",
    "__fls": "Floodlight sales",
    "__gaawc": "Google Analytics 4 configuration",
    "__gaawe": "Google Analytics 4 event",
    "__gclidw": "conversion linker",
    "__googtag": "Google tag",
    "__hjtc": "Hotjar",
    "__html": "custom HTML",
    "__img": "custom image",
    "__paused": "paused",
    "__sp": "Google Ads remarketing",
    "__ua": "Universal Analytics",
}
_CUSTOM = ("__html", "__img", "__cvt_")  # whose code or address people write themselves
_ID = re.compile(r"[?&]id=((?:GTM|GT|G|AW|DC|UA)-[A-Za-z0-9-]{1,30})(?=[&#]|$)")
_PATHS = ("/gtm.js", "/gtag/js", "/gtag/destination")
_RESOURCE = re.compile(r'"resource"\s{0,9}:\s{0,9}(?=\{)')
_HOST = re.compile(r"//([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})(?=[:/?#\"'\s\\<>)`]|$)")
_NAMESPACES = frozenset({"www.w3.org", "schema.org", "purl.org"})  # which are never loaded


def tell_tags(story: Story, text: str, url: str, page: str = "") -> None:
    """Tell the tags of a script that is a container; one that cannot be read is a gap."""
    named = _ID.search(url)
    is_container = named is not None and url.partition("?")[0].endswith(_PATHS)
    tags = _tags(text)
    if tags is not None:
        container = named[1] if named else "unnamed"
        kinds = tuple(sorted({_kind(tag) for tag in tags}))
        hosts = tuple(sorted(set(_hosts(tags)))[:MOST_HOSTS])
        story.saw(
            TagsListed(container=container, url=url_shape(url), tags=kinds, hosts=hosts, page=page)
        )
    is_unread = tags is None and (len(text) > SHORT or '"resource"' in text)
    if is_container and (is_unread or len(tags or ()) >= MOST_TAGS):
        story.missed(
            f"the tags of {url_shape(url)}",
            Reason.NOT_VERIFIED,
            "a container whose list of tags can be read whole",
            (Aspect.CONTENT,),
        )


def _tags(text: str) -> list[dict[str, Any]] | None:
    """Return the tags in a container's JSON, None where there is none."""
    start = _RESOURCE.search(text)
    if start is None:
        return None
    try:
        resource, _ = json.JSONDecoder().raw_decode(text, start.end())
    except (ValueError, RecursionError):
        return None
    tags = resource.get("tags") if isinstance(resource, dict) else None
    if not isinstance(tags, list):
        return None
    return [tag for tag in tags[:MOST_TAGS] if isinstance(tag, dict)]


def _kind(tag: dict[str, Any]) -> str:
    """Return the kind of a tag in the manager's words, or its function's own name."""
    name = str(tag.get("function", ""))[:60]
    if name.startswith("__cvt_"):
        return "custom template"
    known = KINDS.get(name)
    return known or (name if re.fullmatch(r"\w{1,40}", name) else "unknown")


def _hosts(tags: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the hosts that the code of custom tags names."""
    for tag in tags:
        if str(tag.get("function", "")).startswith(_CUSTOM):
            for text in _texts(tag):
                for found in _HOST.findall(text):
                    if host := _known_host(found):
                        yield host


def _texts(value: object) -> Iterator[str]:
    """Yield the texts in JSON, however deep."""
    waiting = [value]
    for _ in range(MOST_TEXTS):
        if not waiting:
            return
        match waiting.pop():
            case str() as text:
                yield text
            case list() as items:
                waiting += items
            case dict() as items:
                waiting += items.values()
            case _:
                pass


def _known_host(text: str) -> str:
    """Return a host as evidence writes it, "" for what only looks like one: `//window.name`."""
    try:
        host = normalise_host(text)
    except ValueError:
        return ""
    is_web = is_address(host) or is_public_suffix(host.rpartition(".")[2])
    return host if is_web and host not in _NAMESPACES else ""
