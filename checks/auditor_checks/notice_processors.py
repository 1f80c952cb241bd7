"""Recipients: who gets data is named in the notice, and who is named is declared (Art. 13)."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, Fact, SiteEvidence, Told
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity, Sighting
from auditor.matching import Declarations
from auditor.matching.entries import id_from, processor_entry
from auditor.matching.told import (
    RECIPIENTS,
    Named,
    facts_of,
    is_same_firm,
    notice_of,
    plain_name,
    said_in,
    settled,
    unseen,
)
from auditor.policy import NOWHERE, Policy
from auditor.sighting import sightings

NOTICE = "notices: [{id: privacy, path: privacy.md}]\n"
STRIPE = f"{NOTICE}processors: [{{id: stripe, name: Stripe, services: [stripe]}}]\n"


@check(
    "notice-processor-unlisted",
    title="Everyone whom the notice names is declared",
    needs=Told,
    references=["gdpr:13-1-e", "gdpr:30"],
    passing=Example(
        policy=STRIPE,
        told=example.notice(example.fact("processor", "stripe", name="Stripe", is_listed=True)),
    ),
    failing=Example(
        policy=STRIPE,
        told=example.notice(example.fact("processor", "slack", name="Slack", is_listed=True)),
    ),
)
def unlisted_processor(policy: Policy, told: Told) -> Iterator[Remark]:
    """Declare whom the notice names under `processors`, or take the name out of the notice.

    What the notice tells people and what policy.yaml says are to be the same: everyone who gets
    data is in both. A name in a list of recipients weighs more than one in a sentence, which may
    be about something else.
    """
    named = Named(policy)
    notice = notice_of(policy, told.notice)
    at = notice.at if notice else NOWHERE
    seen: dict[str, list[Fact]] = {}
    for fact in told.notice.of(*RECIPIENTS):
        if fact.name and named.processor(fact) is None and not _is_us(policy, fact):
            seen.setdefault(fact.key or plain_name(fact.name), []).append(fact)
    for facts in seen.values():
        best = max(facts, key=lambda fact: (fact.is_listed, fact.confidence == "high"))
        where = "lists" if best.is_listed else "names"
        yield Finding(
            object=f"processor:{_id(best)}",
            severity=Severity.MEDIUM if best.is_listed else Severity.LOW,
            message=f"the notice {where} {best.name}, and no processor in policy.yaml is that",
            at=at,
            seen=tuple(dict.fromkeys(said_in(told, fact) for fact in facts)),
            remedies=(
                Remedy(kind="remove", text="take the name out of the notice, if it gets no data"),
                Remedy(kind="declare", text="add it to processors", yaml=_entry(best)),
            ),
        )


@check(
    "notice-processor-missing",
    title="Everyone who gets data is named in the notice",
    needs=Told,
    references=["gdpr:13-1-e", "gdpr:14"],
    passing=Example(
        policy=STRIPE,
        told=example.notice(example.fact("processor", "stripe", name="Stripe", is_listed=True)),
    ),
    failing=Example(policy=STRIPE, told=example.notice()),
)
def missing_processor(policy: Policy, told: Told) -> Iterator[Remark]:
    """Name in the notice everyone who gets data, with what for and where; or stop giving it.

    The law lets a notice name categories of recipients instead; people want names, and where it
    gives categories alone, that is told as low. Who is seen on the site and in neither the notice
    nor policy.yaml is listed, too. Where several notices are in one language, any of them counts.
    """
    if why := settled(policy, told):
        yield from why
        return
    facts = facts_of(policy, told, *RECIPIENTS)
    topics = facts_of(policy, told, "topic")
    by_category = any(fact.key == "recipients" for fact in topics)
    seen = _seen(policy, told)
    if not policy.processors and not any(site.contacts for site in told.sites):
        yield NotApplicable(why="nobody else is declared or was seen")
    named = Named(policy)
    called = {one.id for fact in facts if (one := named.processor(fact))}
    for processor in policy.processors:
        if processor.id in called:
            continue
        name = processor.name or processor.id
        where, owners = seen.get(processor.id, ((), frozenset()))
        firms = [
            fact.name
            for fact in facts
            if any(is_same_firm(fact, owner) for owner in (processor.legal_name, *owners))
        ]
        yield Finding(
            object=f"processor:{processor.id}",
            severity=Severity.LOW if by_category or firms else Severity.MEDIUM,
            message=f"{name} not found in the notice{_instead(firms, by_category=by_category)}",
            at=processor.at,
            seen=where,
            remedies=(
                Remedy(kind="remove", text="stop giving it data, and take it out of policy.yaml"),
                Remedy(kind="declare", text="name it in the notice, with what it gets and why"),
            ),
        )
    for site in told.sites:
        yield from _strangers(policy, site, facts, by_category=by_category)
    compare = "to compare who is seen there with who is named"
    yield from unseen(told, "site", aspects={Aspect.REQUESTS}, why=compare)


def _seen(policy: Policy, told: Told) -> dict[str, tuple[tuple[Sighting, ...], frozenset[str]]]:
    """Return where each declared processor was seen on the sites, and whose its hosts are."""
    found: dict[str, list[Sighting]] = {}
    owners: dict[str, set[str]] = {}
    for site in told.sites:
        declarations = Declarations(policy, site)
        for contact in site.contacts:
            if mine := declarations.recipient(contact.requests[0]):
                found.setdefault(mine.id, []).extend(sightings(contact.requests[:3]))
                facts = site.hosts.get(contact.host)
                owners.setdefault(mine.id, set()).add(facts.owner if facts else "")
    return {
        name: (tuple(dict.fromkeys(seen)), frozenset(owners[name])) for name, seen in found.items()
    }


def _strangers(
    policy: Policy, site: SiteEvidence, facts: tuple[Fact, ...], *, by_category: bool
) -> Iterator[Finding]:
    """Yield who is seen on a site, and neither declared nor named."""
    declarations = Declarations(policy, site)
    for contact in site.contacts:
        is_ours = declarations.is_first_party(contact.host)
        if is_ours or declarations.recipient(contact.requests[0]):
            continue
        behind = site.hosts.get(contact.host)
        service, owner = (behind.service, behind.owner) if behind else ("", "")
        if any(_is_that(fact, service, contact.host) for fact in facts):
            continue
        firms = [fact.name for fact in facts if is_same_firm(fact, owner)]
        whose = f" ({behind.called})" if behind and behind.called else ""
        instead = _instead(firms, by_category=by_category)
        yield Finding(
            object=f"host:{contact.host}",
            severity=Severity.LOW if firms or by_category else Severity.MEDIUM,
            message=f"pages talk to {contact.host}{whose}; not found in the notice{instead}",
            at=policy.section("notices"),
            seen=sightings(contact.requests),
            remedies=(
                Remedy(kind="remove", text="take out what loads it, or host it yourself"),
                Remedy(kind="declare", text="declare it, and name it in the notice"),
            ),
        )


def _is_that(fact: Fact, service: str, host: str) -> bool:
    same_host = bool(fact.host) and (host == fact.host or host.endswith(f".{fact.host}"))
    return (bool(service) and fact.key == service) or same_host


def _instead(firms: list[str], *, by_category: bool) -> str:
    """Say what the notice names instead."""
    if firms:
        return f", which names the firm only as {', '.join(dict.fromkeys(firms))}"
    return ", which only tells of kinds of recipients" if by_category else ""


def _is_us(policy: Policy, fact: Fact) -> bool:
    return plain_name(fact.name) == plain_name(policy.controller.name)


def _id(fact: Fact) -> str:
    return id_from(fact.key or fact.name).lower()


def _entry(fact: Fact) -> str:
    """Return the entry that declares whom the notice names."""
    country = fact.countries[0] if len(fact.countries) == 1 else ""
    return processor_entry(_id(fact), name=fact.name, service=fact.key, country=country)
