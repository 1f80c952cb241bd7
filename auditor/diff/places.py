"""What a policy states of places: devices, sites, stores, accounts; and of what is said there."""

from collections import Counter
from collections.abc import Iterator

from auditor.diff.facts import Fact, about, details, plain
from auditor.matching import activity_of, category_of
from auditor.policy import SELF, Account, Policy, StorageRow, Store

_ROW = ("identifier", "type", "set_by", "max_age", "purpose", "consent", "pages", "sites")


def alike_rows(*policies: Policy) -> frozenset[str]:
    """Return the names of storage that several rows of one of these policies have."""
    counts = (Counter(map(_name, policy.device_storage)) for policy in policies)
    return frozenset(name for found in counts for name, number in found.items() if number > 1)


def place_facts(policy: Policy, alike: frozenset[str]) -> Iterator[Fact]:
    """Yield every statement of these sections; rows `alike` are told apart by where they are."""
    for row in sorted(policy.device_storage, key=plain):
        where = plain([row.sites, row.domains, row.pages])
        name = _name(row)
        yield from _row(row, f"{name} {where}" if name in alike else name)
    for site in policy.sites:
        say = about(site, f"site:{site.id}", "sites", "site")
        yield say("site", site.url)
        yield say("detail", site.url, name="url", keys=("url",))
        yield from details(say, site, ("url",))
    for store in policy.stores:
        yield from _holder(store, f"store:{store.id}", "stores", "store")
    for account in policy.accounts:
        yield from _holder(account, f"account:{account.id}", "accounts", "account")
    yield from _said(policy)
    yield from _accepted(policy)


def _name(row: StorageRow) -> str:
    own = f"{row.type}:{row.identifier}"
    return own if row.set_by == SELF else f"{own} of {row.set_by}"


def _row(row: StorageRow, what: str) -> Iterator[Fact]:
    say = about(row, what, "device_storage", "storage")
    yield say("storage", row.purpose)
    yield say("purpose", row.purpose, keys=("purpose",))
    yield say("lifetime", row.max_age or "", keys=("max_age",))
    yield say("consent", row.consent, keys=("consent",))
    yield say("spread", plain(row.sites), name="sites", keys=("sites",))
    yield say("spread", plain(row.pages), name="pages", keys=("pages",))
    yield from details(say, row, _ROW)


def _holder(holder: Store | Account, what: str, section: str, topic: str) -> Iterator[Fact]:
    say = about(holder, what, section, topic)
    yield say(topic, holder.connector or "")
    yield from details(say, holder, ("tables",))
    for table in holder.tables:
        own = ((topic, what, ""),)
        inside = about(table, f"table:{holder.id}/{table.name}", section, "table")
        yield inside("table", within=own)
        within = (*own, ("table", f"table:{holder.id}/{table.name}", ""))
        for field in table.fields:
            purpose = activity_of(table, field)
            value = category_of(table, field) + (f" for {purpose}" if purpose else "")
            yield inside("field", value, name=field, keys=("fields",), within=within)
        for detail in details(inside, table, ("name", "fields")):
            yield inside("detail", detail.value, name=detail.name, keys=detail.keys, within=within)


def _said(policy: Policy) -> Iterator[Fact]:
    for notice in policy.notices:
        say = about(notice, f"notice:{notice.id}", "notices", "notice")
        yield say("notice", notice.path or notice.url)
        yield from details(say, notice, ())
    for claim in policy.claims:
        say = about(claim, f"claim:{claim.id}", "claims", "claim")
        yield say("claim", claim.quote)
        yield say("quote", claim.quote, keys=("quote",))
        yield from details(say, claim, ("quote",))


def _accepted(policy: Policy) -> Iterator[Fact]:
    """Yield waivers, attestations, and what has no entry of its own."""
    for waiver in policy.waivers:
        say = about(waiver, f"waiver:{waiver.id}", "waivers", "waiver")
        yield say("waiver", f"{waiver.check} {waiver.subject} {waiver.object}".strip())
        yield from details(say, waiver, ())
    for stated in policy.attestations:
        say = about(stated, f"attestation:{stated.id}", "attestations", "attestation")
        yield say("attestation", stated.covers)
        yield from details(say, stated, ())
    for detector in policy.detectors:
        what = f"detector:{detector.id}"
        yield Fact(topic="detail", what=what, value=plain(detector), section="detectors")
    for topic, section, texts in (
        ("jurisdiction", "jurisdictions", policy.jurisdictions),
        ("measure", "security_measures", policy.security_measures),
    ):
        for text in dict.fromkeys(texts):
            yield Fact(topic=topic, what=section, name=text, value=text, section=section)
    if policy.code:
        yield Fact(topic="detail", what="code", value=plain(policy.code), section="code")
