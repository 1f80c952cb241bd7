"""Entries from a visit: what checks would object to, written down with who has to decide what."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import convert

from auditor.draft.entries import Entry, Value, comment
from auditor.evidence import NoticeEvidence, SiteEvidence
from auditor.findings import JudgedFinding, Report
from auditor.policy import Policy
from auditor.policy_file.strict_yaml import read_document

DECLARING = ("third-party-undeclared", "cookie-undeclared", "storage-undeclared")
_MOST_PLACES = 2
_LONGEST = 180  # characters


def hosts_of(policy: Policy, site: SiteEvidence) -> Mapping[str, tuple[str, ...]]:
    """Return hosts that pages talked to, as patterns, by the processor that has the service."""
    found: dict[str, dict[str, None]] = {}
    for contact in site.contacts:
        facts = site.hosts.get(contact.host)
        for processor in policy.processors:
            if facts and facts.service and facts.service in processor.services:
                pattern = f"*.{contact.registrable_domain}"
                found.setdefault(processor.id, {})[pattern] = None
    return {processor: tuple(hosts) for processor, hosts in found.items()}


def from_findings(
    report: Report, site: SiteEvidence, told: Sequence[NoticeEvidence]
) -> Iterator[Entry]:
    """Yield the entries that would declare what was found, and what the notices say of it."""
    for result in report.results:
        if result.check not in DECLARING:
            continue
        for finding in result.findings:
            stanza = next((one.yaml for one in finding.remedies if one.is_entry), "")
            if stanza:
                notes = [_seen(finding), *_not_told(finding, site, told)]
                yield from _entries(stanza, notes)


def _entries(stanza: str, notes: Sequence[str]) -> Iterator[Entry]:
    written = read_document(stanza.encode(), "draft").tree
    for section, listed in written.items():
        for value in convert(listed, list[dict[str, str | list[str]]]):
            yield Entry(
                section=section,
                value=value,
                above=tuple(notes),
                same=_same(section, value),
            )


def _same(section: str, value: Mapping[str, Value]) -> dict[str, set[str]]:
    if section == "device_storage":
        return {"identifier": {str(value["identifier"])}}
    domains = value.get("domains")
    return {"domains": set(domains) if isinstance(domains, list) else set()}


def _seen(finding: JudgedFinding) -> str:
    """Return what was seen, and on which pages; the check's own words, up to its verdict."""
    pages = list(dict.fromkeys(seen.page for seen in finding.seen if seen.page))
    where = ", ".join(pages[:_MOST_PLACES])
    more = f" and {len(pages) - _MOST_PLACES} more" if len(pages) > _MOST_PLACES else ""
    what = finding.message.partition(";")[0]
    return comment(f"seen: {what}{f', on {where}{more}' if where else ''}", _LONGEST)


def _not_told(
    finding: JudgedFinding, site: SiteEvidence, told: Sequence[NoticeEvidence]
) -> Iterator[str]:
    """Say that no notice names who answers at a host, or only the firm behind it."""
    kind, _, host = finding.object.partition(":")
    if kind != "host" or not told:
        return
    facts = site.hosts.get(host)
    named = [fact for one in told for fact in one.of("processor", "sub_processor")]
    if facts and any(fact.key == facts.service for fact in named if fact.key):
        return
    firms = [fact.name for fact in named if facts and facts.owner and fact.owner == facts.owner]
    if firms and facts:
        yield comment(f"the notice names {facts.owner} only as {', '.join(dict.fromkeys(firms))}")
    else:
        yield "CONFLICT: pages talk to it, and the notice does not name it"
