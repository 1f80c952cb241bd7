"""`--site-url ID=URL`: judge a deployment that stands in for the site (contract, meaning 2)."""

from urllib.parse import urlsplit

from msgspec import structs

from auditor.errors import UsageError
from auditor.hosts import covers, normalise_host, parse_host_pattern
from auditor.policy import Policy, Site, StorageRow


def with_site_url(policy: Policy, text: str) -> Policy:
    """Return the policy with another address for one site; its host stands for the declared one.

    Wherever `domains` or `first_party` cover the declared host, they cover the given one too.
    """
    site_id, _, url = text.partition("=")
    site = policy.site(site_id)
    if site is None or not url:
        known = ", ".join(s.id for s in policy.sites) or "none"
        raise UsageError(f"--site-url {text}: write ID=URL; sites in the policy: {known}")
    parts = urlsplit(url)
    try:
        stand_in = normalise_host(parts.hostname or "")
    except ValueError as error:
        raise UsageError(f"--site-url {text}: {error}") from error
    if parts.scheme not in {"http", "https"}:
        raise UsageError(f"--site-url {text}: write the address with https://")
    host = urlsplit(site.url).hostname or ""
    return structs.replace(
        policy,
        sites=tuple(
            _moved(site, url, stand_in, host) if other is site else other for other in policy.sites
        ),
        device_storage=tuple(_also(row, stand_in, host) for row in policy.device_storage),
    )


def _moved(site: Site, url: str, stand_in: str, host: str) -> Site:
    return structs.replace(site, url=url, first_party=(*site.first_party, stand_in, host))


def _also(row: StorageRow, stand_in: str, host: str) -> StorageRow:
    if any(covers(parse_host_pattern(domain), host) for domain in row.domains):
        return structs.replace(row, domains=(*row.domains, stand_in))
    return row
