"""What is kept beside cookies: storage, databases, caches and workers (ePrivacy Art. 5(3))."""

from collections.abc import Iterator
from typing import Final

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, SiteEvidence, StorageKept, StorageKind, StoredItem
from auditor.findings import Finding, Remark, Remedy
from auditor.matching import (
    RESTS_ON,
    Declarations,
    Match,
    bears_name,
    named,
    severity,
    stanza,
    why,
)
from auditor.policy import Policy
from auditor.sighting import sightings as tell

THEME_ROW = """
device_storage:
  - identifier: theme
    type: local_storage
    purpose: essential.service
    consent: exempt_strictly_necessary
    reason: keeps the colours that the visitor chose
"""
EFFECT: Final[dict[StorageKind, str]] = {
    "local_storage": "is kept in local storage",
    "session_storage": "is kept in session storage",
    "indexed_db": "is kept as a database (IndexedDB)",
    "cache_storage": "is kept as a cache",
    "service_worker": "is where a service worker is installed",
}


@check(
    "storage-undeclared",
    title="Everything kept on the device is declared",
    needs=SiteEvidence,
    references=["eprivacy:5-3", "gdpr:5-1-a"],
    looks_at=[Aspect.STORAGE],
    passing=Example(policy=THEME_ROW, seen=(example.kept("theme"),)),
    failing=Example(policy=THEME_ROW, seen=(example.kept("visitor_id"),)),
)
def undeclared_storage(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Stop the site from keeping it, or keep it only after consent.

    The law makes no difference between cookies and other storage. If it is needed, declare it
    under `device_storage` in policy.yaml, with its purpose and whether it needs consent, and say
    so in the notice. A row covers it if type, name, host and page fit and it was not written by
    somebody else than `set_by` says, or by our own code.
    """
    declarations = Declarations(policy, site)
    for item in site.storage:
        for match, sightings in declarations.matches_of(item):
            if not match.is_declared:
                yield _undeclared(policy, site, declarations, item, match, sightings)


def _undeclared(  # noqa: PLR0913, PLR0917 -- all of it is told
    policy: Policy,
    site: SiteEvidence,
    declarations: Declarations,
    item: StoredItem,
    match: Match,
    seen: list[StorageKept],
) -> Finding:
    elsewhere = "" if declarations.is_first_party(item.domain) else f"on {item.domain}"
    row = match.row
    return Finding(
        object=item.label,
        facet=" ".join(filter(None, (match.objection, elsewhere))),
        keys=RESTS_ON[match.objection],
        severity=severity(declarations, item, match),
        message=f"{named(site, item)} {EFFECT[item.storage]};"
        f" {why(declarations, item, match, seen)}{bears_name(site, item)}",
        at=row.at if row else policy.section("device_storage"),
        seen=tell(seen),
        remedies=(
            Remedy(kind="remove", text="stop keeping it"),
            Remedy(kind="gate", text="keep it only after the visitor agreed"),
            Remedy(
                kind="declare",
                text="correct the row, and what people are told"
                if row
                else "add it to device_storage, and tell people in the notice",
                yaml="" if row else stanza(declarations, item),
            ),
        ),
    )
