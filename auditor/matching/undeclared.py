"""What is kept on a device and no row covers: why not, how bad that is, and the row to write.

The same for cookies and for everything else that is kept; their checks add what is theirs.
"""

import json
from collections.abc import Iterable
from typing import Final

from auditor.evidence import Behind, SiteEvidence, StoredItem
from auditor.findings import Severity
from auditor.matching.declarations import (
    Declarations,
    Kept,
    Match,
    Objection,
    Sighted,
    writer_of,
)
from auditor.names import check_pattern, is_only_an_id
from auditor.policy import SELF

# The keys of a row on which each objection rests.
RESTS_ON: Final = {
    None: (),
    Objection.DOMAIN: ("domains", "set_by"),
    Objection.PAGE: ("pages",),
    Objection.AUTHOR: ("set_by",),
}
_LONGEST_NAME = 200  # characters, in a row


def why(declarations: Declarations, item: Kept, match: Match, seen: Iterable[Sighted]) -> str:
    """Say why no row covers these sightings, or what the nearest row says instead."""
    row = match.row
    if row is None:
        owner = declarations.processor(item.domain)
        whose = f" (domain of {owner.name or owner.id})" if owner else ""
        return f"no row covers it on {item.domain}{whose}"
    if match.objection is Objection.DOMAIN:
        whose = "first-party hosts" if row.set_by == SELF else f"the domains of {row.set_by}"
        allowed = ", ".join(row.domains) or whose
        return f"its row covers {allowed}, not {item.domain}"
    if match.objection is Objection.PAGE:
        return f"its row covers only pages {', '.join(row.pages)}"
    writers = sorted({writer_of(one) for one in seen} - {""})
    return f"its row says set_by: {row.set_by}, but {', '.join(writers)} writes it"


def behind(site: SiteEvidence, item: Kept) -> Behind:
    """Return who is behind what is kept, as the collector attributed it; nobody by default."""
    facts = site.hosts.get(item.domain)
    kind = item.storage if isinstance(item, StoredItem) else "cookie"
    return (facts.kept.get(f"{kind}:{item.name}") if facts else None) or Behind()


def bears_name(site: SiteEvidence, item: Kept) -> str:
    """Return "; its name matches Crisp" where nothing but the name points there, else ""."""
    found = behind(site, item)
    known = found.called and found.confidence == "name"
    return f"; its name matches {found.called}" if known else ""


def named(site: SiteEvidence, item: Kept) -> str:
    """Return the name in a message, with the service whose it is where a host says so."""
    found = behind(site, item)
    whose = f" ({found.called})" if found.called and found.confidence != "name" else ""
    return f"`{item.name}`{whose}"


def severity(declarations: Declarations, item: Kept, match: Match) -> Severity:
    """Rate by what it can do: somebody else's identifier is worse than a preference of ours."""
    if match.objection is Objection.PAGE:
        return Severity.MEDIUM
    foreign = not declarations.is_first_party(item.domain)
    return Severity.HIGH if foreign or item.identifier else Severity.MEDIUM


def stanza(declarations: Declarations, item: Kept, max_age: str = "") -> str:
    """Return the row as one would write it; what only people can decide stays `TODO`."""
    set_by = _set_by(declarations, item)
    # On our own hosts by default: there, a stored item is one finding, on whichever of them.
    everywhere = isinstance(item, StoredItem) and set_by == SELF
    lines = [
        f"  - identifier: {_identifier(item.name)}",
        f"    type: {item.storage if isinstance(item, StoredItem) else 'cookie'}",
        f"    set_by: {set_by}",
        *([] if everywhere else [f"    domains: [{json.dumps(item.domain)}]"]),
        *([f"    max_age: {max_age}"] if max_age else []),
        "    purpose: TODO",
        "    consent: TODO",
    ]
    return "\n".join(["device_storage:", *lines, ""])


def _identifier(name: str) -> str:
    """Return a name as YAML; one that no row may have is `TODO`."""
    return json.dumps(name, ensure_ascii=False) if may_name_a_row(name) else "TODO"


def may_name_a_row(name: str) -> bool:
    """Return whether a row may have a name: no id alone, nothing that covers nearly everything.

    Nor one that is too long, or that people do not see.
    """
    try:
        check_pattern(name)
    except ValueError:
        return False
    return len(name) <= _LONGEST_NAME and name.isprintable() and not is_only_an_id(name)


def _set_by(declarations: Declarations, item: Kept) -> str:
    """Return who writes it: somebody else's script, or whose domain it is."""
    writers = {writer_of(seen) for seen in item.sightings} - {""}
    foreign = sorted(host for host in writers if not declarations.is_first_party(host))
    host = foreign[0] if foreign else item.domain
    if owner := declarations.processor(host):
        return owner.id
    return SELF if declarations.is_first_party(host) else "TODO"
