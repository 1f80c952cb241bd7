"""`--site-url` and its like: another deployment, or copy, stands in (contract, meaning 2)."""

from collections.abc import Iterator

from msgspec import Struct, structs

from auditor.errors import UsageError
from auditor.hosts import covers, parse_host_pattern
from auditor.policy import Policy, Site
from auditor.policy_file.addresses import host_in


def with_site_url(policy: Policy, text: str) -> Policy:
    """Return the policy with another address for one site; its host stands for the declared one.

    Wherever `domains` or `first_party` cover the declared host, they cover the given one too; so
    do the `domains` of what the declared host keeps for a domain above it, as cookies can be.
    """
    site_id, _, url = text.partition("=")
    site = policy.site(site_id)
    if site is None or not url:
        known = ", ".join(s.id for s in policy.sites) or "none"
        raise UsageError(f"--site-url {site_id}: write ID=URL; sites in the policy: {known}")
    move = _Move(host=host_in(site.url), stand_in=_host_of(site_id, url))
    return structs.replace(
        policy,
        sites=tuple(move.site(s, url) if s is site else s for s in policy.sites),
        processors=tuple(
            structs.replace(entry, domains=move.domains(entry.domains, above=False))
            for entry in policy.processors
        ),
        device_storage=tuple(
            structs.replace(row, domains=move.domains(row.domains, above=True))
            for row in policy.device_storage
        ),
    )


def with_store_url(policy: Policy, text: str) -> Policy:
    """Return the policy with another address for one store, or path for one of files.

    What is wrong is said without the address: a password may be in it.
    """
    store_id, _, address = text.partition("=")
    store = next((store for store in policy.stores if store.id == store_id), None)
    if store is None or not address:
        known = ", ".join(store.id for store in policy.stores) or "none"
        shown = store_id if store else "ID"
        raise UsageError(f"--store-url {shown}: write ID=URL; stores in the policy: {known}")
    if store.connector == "sql" and "://" not in address:
        raise UsageError(f"--store-url {store_id}: write the address as sqlite:///copy.db")
    moved = structs.replace(store, url=address)
    if store.connector == "files":
        moved = structs.replace(store, path=address)
    stores = tuple(moved if one is store else one for one in policy.stores)
    return structs.replace(policy, stores=stores)


def with_account_url(policy: Policy, text: str) -> Policy:
    """Return the policy with another address for one account: its credential goes there."""
    account_id, _, url = text.partition("=")
    known = {account.id: account for account in policy.accounts}
    if account_id not in known or not url:
        names = ", ".join(known) or "none"
        message = f"--account-url {account_id}: write ID=URL; accounts in the policy: {names}"
        raise UsageError(message)
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in {"http", "https"} or "@" in rest.partition("/")[0]:
        advice = "write https://HOST, without a name and password"
        raise UsageError(f"--account-url {account_id}: {advice}")
    moved = structs.replace(known[account_id], base_url=url)
    accounts = tuple(moved if one.id == account_id else one for one in policy.accounts)
    return structs.replace(policy, accounts=accounts)


class _Move(Struct, frozen=True, kw_only=True):
    """A site's declared host, and the one that stands in for it; both normalised."""

    host: str
    stand_in: str

    def site(self, site: Site, url: str) -> Site:
        """Return the site at its new address; its declared host is still ourselves."""
        own = dict.fromkeys((*site.first_party, self.stand_in, self.host))
        stands_for = site.stands_for or site.url
        return structs.replace(site, url=url, stands_for=stands_for, first_party=tuple(own))

    def domains(self, domains: tuple[str, ...], *, above: bool) -> tuple[str, ...]:
        """Return the hosts, and the stand-in beside each that covers (or is above) the host."""
        return tuple(dict.fromkeys((*domains, *self._stand_ins(domains, above=above))))

    def _stand_ins(self, domains: tuple[str, ...], *, above: bool) -> Iterator[str]:
        for pattern in map(parse_host_pattern, domains):
            is_above = above and self.host.endswith(f".{pattern.host}")
            if is_above or covers(pattern, self.host, pattern.path or "/"):
                yield self.stand_in + pattern.path


def _host_of(site_id: str, url: str) -> str:
    """Return the normalised host of an address given by hand; a password in it is not repeated."""
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in {"http", "https"}:
        raise UsageError(f"--site-url {site_id}: write the address with https://")
    if "@" in rest.partition("/")[0]:
        advice = "leave name and password out; `access` in the policy names where they are"
        raise UsageError(f"--site-url {site_id}: {advice}")
    try:
        return host_in(url)
    except ValueError as error:
        raise UsageError(f"--site-url {site_id}: {error}") from error
