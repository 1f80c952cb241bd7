"""What was seen of a site, put in order: each host, cookie and stored thing once."""

from collections.abc import Iterable, Mapping

from auditor.collect.ownership import host_of
from auditor.durations import humanize_seconds
from auditor.evidence import (
    Behind,
    Contact,
    Cookie,
    CookieSet,
    FormSeen,
    HostFacts,
    PageLoaded,
    RequestSent,
    SecretFound,
    SiteEvidence,
    SiteObservation,
    StorageKind,
    StoredItem,
)
from auditor.inspect.entries import (
    CookieEntry,
    FormEntry,
    HostEntry,
    Inventory,
    PageEntry,
    Party,
    SecretEntry,
    StoredEntry,
    Writer,
)
from auditor.knowledge.public_suffixes import registrable_domain
from auditor.matching import behind


def inventory_of(site: SiteEvidence, screenshots: Mapping[str, str] | None = None) -> Inventory:
    """Return what was seen of a site, in order. Cost: linear in the observations."""
    owners = _Owners(site)
    origins = _origins(site.observations)
    source = site.sources[0]

    def stored(kind: StorageKind) -> tuple[StoredEntry, ...]:
        return tuple(_stored(owners, site, item) for item in site.storage if item.storage == kind)

    forms = (seen for seen in site.observations if isinstance(seen, FormSeen))
    secrets = (seen for seen in site.observations if isinstance(seen, SecretFound))
    return Inventory(
        url=site.url,
        collected_at=site.collected_at,
        tool=source.tool,
        conditions=source.conditions,
        pages=tuple(_page(page, origins) for page in site.pages),
        hosts=tuple(_host(owners, site, contact) for contact in site.contacts),
        cookies=tuple(_cookie(owners, site, cookie) for cookie in site.cookies),
        local_storage=stored("local_storage"),
        session_storage=stored("session_storage"),
        indexed_db=stored("indexed_db"),
        cache_storage=stored("cache_storage"),
        service_worker=stored("service_worker"),
        forms=tuple(dict.fromkeys(_form(owners, form) for form in forms)),
        secrets=tuple(dict.fromkeys(_secret(owners, secret) for secret in secrets)),
        gaps=site.gaps,
        screenshots=dict(screenshots or {}),
    )


class _Owners:
    """Whose a host is, seen from the site."""

    def __init__(self, site: SiteEvidence) -> None:
        self._site = site
        self._own = self.of(host_of(site.url))

    def of(self, host: str) -> str:
        facts = self._site.hosts.get(host)
        return facts.registrable_domain if facts else registrable_domain(host)

    def party(self, host: str) -> Party:
        return "first" if self.of(host) == self._own else "third"

    def writers(self, told: Iterable[tuple[str, str]]) -> tuple[Writer, ...]:
        """Return the writers of (host, script), without those that are not known."""
        scripts: dict[str, dict[str, None]] = {}
        for host, script in told:
            if host:
                scripts.setdefault(host, {})[script] = None
        return tuple(
            Writer(
                host=host,
                owner=self.of(host),
                party=self.party(host),
                scripts=tuple(script for script in sorted(found) if script),
            )
            for host, found in sorted(scripts.items())
        )


def _origins(observations: Iterable[SiteObservation]) -> dict[str, str]:
    """Return from where each address of a document was redirected to."""
    return {
        seen.url: seen.redirected_from
        for seen in observations
        if isinstance(seen, RequestSent) and seen.resource == "document" and seen.redirected_from
    }


def _page(page: PageLoaded, origins: Mapping[str, str]) -> PageEntry:
    chain: list[str] = []
    url = origins.get(page.url, "")
    while url and url not in chain:
        chain.insert(0, url)
        url = origins.get(url, "")
    links = None if page.links is None else len(page.links)
    return PageEntry(url=page.url, status=page.status, redirected_from=tuple(chain), links=links)


def _host(owners: _Owners, site: SiteEvidence, contact: Contact) -> HostEntry:
    facts = site.hosts.get(contact.host)
    asked = contact.requests
    return HostEntry(
        host=contact.host,
        owner=owners.of(contact.host),
        party=owners.party(contact.host),
        address=facts.address if facts else "",
        tls=facts.tls if facts else None,
        requests=len(asked),
        resources=_once(seen.resource for seen in asked),
        failed=_once(seen.failed for seen in asked),
        started_by=_once(host_of(seen.by) for seen in asked),
        pages=_once(seen.page for seen in asked),
        behind=_behind(facts),
    )


def _behind(facts: HostFacts | None) -> Behind:
    """Return only who is behind a host, of all that is known of it."""
    if facts is None:
        return Behind()
    return Behind(**{name: getattr(facts, name) for name in Behind.__struct_fields__})


def _cookie(owners: _Owners, site: SiteEvidence, cookie: Cookie) -> CookieEntry:
    asked = [seen for seen in cookie.sets if not seen.deleted]
    longest = max(asked, key=lambda seen: seen.lifetime or 0, default=None)
    last = asked[-1] if asked else None
    return CookieEntry(
        name=cookie.name,
        domain=cookie.domain,
        party=owners.party(cookie.domain),
        writers=owners.writers((seen.writer, seen.by) for seen in cookie.sets),
        lifetime=_lifetime(cookie, longest),
        seconds=longest.lifetime if longest else None,
        path=last.path if last else "",
        host_only=bool(last and last.host_only),
        attributes=_attributes(last) if last else (),
        identifier=cookie.identifier,
        kept=cookie.is_kept,
        refused=_once(seen.refused for seen in cookie.sets),
        sent_to=_once(seen.host for seen in cookie.sent),
        pages=_once(seen.page for seen in cookie.sightings),
        behind=behind(site, cookie),
    )


def _lifetime(cookie: Cookie, longest: CookieSet | None) -> str:
    if longest is None:
        return "deleted" if cookie.sets else "not seen"
    if longest.lifetime is None:
        return "session"
    words = humanize_seconds(longest.lifetime)
    return f"at least {words}" if longest.capped else words


def _attributes(seen: CookieSet) -> tuple[str, ...]:
    """Return attributes as `Set-Cookie` writes them (RFC 6265bis §4.1)."""
    return tuple(
        word
        for word, is_there in (
            ("Secure", seen.secure),
            ("HttpOnly", seen.http_only),
            (f"SameSite={seen.same_site}", seen.same_site),
            ("Partitioned", seen.partitioned),
        )
        if is_there
    )


def _stored(owners: _Owners, site: SiteEvidence, item: StoredItem) -> StoredEntry:
    seen = (*item.sightings, *item.removed)
    return StoredEntry(
        name=item.name,
        host=item.domain,
        party=owners.party(item.domain),
        writers=owners.writers((one.writer, one.by) for one in item.sightings),
        length=max((one.value.length for one in item.sightings), default=0),
        identifier=item.identifier,
        removed=bool(item.removed),
        pages=_once(one.page for one in seen),
        behind=behind(site, item),
    )


def _form(owners: _Owners, form: FormSeen) -> FormEntry:
    host = host_of(form.action)
    return FormEntry(
        host=host,
        owner=owners.of(host),
        party=owners.party(host),
        page=form.page,
        action=form.action,
        method=form.method,
        fields=form.fields,
    )


def _secret(owners: _Owners, found: SecretFound) -> SecretEntry:
    return SecretEntry(
        host=found.host,
        owner=owners.of(found.host),
        party=owners.party(found.host),
        secret=found.secret,
        url=found.url,
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """Return each text once, in the order in which it was seen; empty ones are left out."""
    return tuple(dict.fromkeys(filter(None, texts)))
