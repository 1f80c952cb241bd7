"""An inventory as a few tables: what a reader wants to know first stands in the first columns.

Texts are as they were seen: whoever shows them makes them harmless.
"""

from collections.abc import Iterator

from msgspec import Struct

from auditor.evidence import Behind, StorageKind
from auditor.inspect.entries import CookieEntry, HostEntry, Inventory, PageEntry, Writer
from auditor.report.words import WORDS_OF_REASON, plural

KINDS: dict[StorageKind, str] = {
    "local_storage": "local storage",
    "session_storage": "session storage",
    "indexed_db": "IndexedDB",
    "cache_storage": "caches",
    "service_worker": "service workers",
}


class Section(Struct, frozen=True, kw_only=True):
    """One table; without rows, nothing of the kind was seen."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def outcome(inventory: Inventory) -> str:
    """Return whether everything was seen."""
    number = len(inventory.gaps)
    return f"incomplete: {plural(number, 'gap')}" if number else "complete"


def facts(inventory: Inventory) -> Iterator[str]:
    """Yield when, with what and by whom it was seen, and how much there is."""
    moment = inventory.collected_at.strftime("%Y-%m-%d %H:%M UTC")
    yield f"seen {moment} by a new visitor who chose nothing"
    said = dict(inventory.conditions)
    if browser := said.pop("browser", inventory.tool):
        yield browser
    yield from (f"{name} {value}" for name, value in said.items())
    others = sum(entry.party == "third" for entry in inventory.hosts)
    yield plural(len(inventory.pages), "page")
    yield f"{plural(len(inventory.hosts), 'host')}, {others} of third parties"
    yield plural(sum(entry.kept for entry in inventory.cookies), "cookie") + " kept"


def sections(inventory: Inventory) -> Iterator[Section]:
    """Yield the tables, in the order in which they are read."""
    home = _origin(inventory.url)
    yield Section(
        title="pages",
        headers=("page", "status", "redirected from"),
        rows=tuple(_page(home, entry) for entry in inventory.pages),
    )
    yield Section(
        title="hosts",
        headers=("host", "whose", "requests", "TLS", "for", "started by"),
        rows=tuple(map(_host, inventory.hosts)),
    )
    yield Section(
        title="cookies",
        headers=("cookie", "of", "written by", "kept for", "attributes", "seen on"),
        rows=tuple(_cookie(home, entry) for entry in inventory.cookies),
    )
    for kind, title in KINDS.items():
        yield Section(
            title=title,
            headers=("name", "of", "written by", "value", "seen on"),
            rows=tuple(
                (
                    entry.name,
                    entry.host,
                    _writers(entry.writers, entry.behind),
                    _value(entry.length, is_id=entry.identifier),
                    _pages(home, entry.pages),
                )
                for entry in inventory.stored(kind)
            ),
        )
    yield from _rest(home, inventory)


def _rest(home: str, inventory: Inventory) -> Iterator[Section]:
    yield Section(
        title="forms",
        headers=("on", "sent to", "method", "fields (kind, autocomplete, name)"),
        rows=tuple(
            (_path(home, form.page), _path(home, form.action), form.method, ", ".join(form.fields))
            for form in inventory.forms
        ),
    )
    yield Section(
        title="keys that are meant to be secret",
        headers=("key", "in"),
        rows=tuple((found.secret, _path(home, found.url)) for found in inventory.secrets),
    )
    yield Section(
        title="what could not be seen",
        headers=("what", "why", "needs"),
        rows=tuple((gap.what, WORDS_OF_REASON[gap.reason], gap.needs) for gap in inventory.gaps),
    )


def _page(home: str, entry: PageEntry) -> tuple[str, ...]:
    before = ", ".join(_path(home, url) for url in entry.redirected_from)
    return _path(home, entry.url), str(entry.status), before


def _host(entry: HostEntry) -> tuple[str, ...]:
    tls = ", ".join(filter(None, (entry.tls.protocol, entry.tls.issuer))) if entry.tls else "none"
    why = ", ".join(entry.failed)
    return (
        entry.host,
        "the site" if entry.party == "first" else _whose(entry),
        str(entry.requests),
        f"failed: {why}" if why and not entry.address else tls,
        ", ".join(entry.resources),
        ", ".join(entry.started_by),
    )


def _cookie(home: str, entry: CookieEntry) -> tuple[str, ...]:
    kept = entry.lifetime if entry.kept else f"{entry.lifetime}, not kept"
    is_id = ("may be an id",) if entry.identifier else ()
    return (
        entry.name,
        entry.domain,
        _writers(entry.writers, entry.behind),
        "deleted" if entry.lifetime == "deleted" else kept,
        ", ".join((*is_id, *entry.attributes)),
        _pages(home, entry.pages),
    )


def _whose(entry: HostEntry) -> str:
    """Return the service, its owner where there are several, else the registrable domain."""
    return entry.behind.called or entry.behind.owner or entry.owner


def _writers(writers: tuple[Writer, ...], behind: Behind) -> str:
    """Return the hosts that wrote it, with the service, or the one that the name points to."""
    hosts = ", ".join(writer.host for writer in writers) or "not seen"
    if not behind.called:
        return hosts
    only_named = "name matches " if behind.confidence == "name" else ""
    return f"{hosts} ({only_named}{behind.called})"


def _value(length: int, *, is_id: bool) -> str:
    if not length:
        return ""
    return plural(length, "character") + (", may be an id" if is_id else "")


def _pages(home: str, pages: tuple[str, ...]) -> str:
    first = ", ".join(_path(home, page) for page in pages[:2])
    return f"{first} and {len(pages) - 2} more" if len(pages) > 2 else first  # noqa: PLR2004


def _path(home: str, url: str) -> str:
    """Return a page of the site as its path, and any other whole."""
    return url.removeprefix(home) if url.startswith(f"{home}/") else url


def _origin(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.partition('/')[0]}"
