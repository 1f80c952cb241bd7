"""Promises that nobody can look at: neither kept nor broken, and never green."""

from collections.abc import Iterator
from datetime import date

from auditor.check import Example, check
from auditor.evidence import Gap, PolicyItself, Reason
from auditor.findings import NotApplicable, Remark
from auditor.matching import rules_of
from auditor.policy import (
    Attestation,
    Policy,
    ProcessingActivity,
    Processor,
    Retention,
    StorageRow,
    appears_on,
)
from auditor.vocabulary import RIGHTS

NOUNS = {"stores": "store", "accounts": "account"}
RETENTION_CHECKS = (
    "retention-overdue",
    "retention-unprovable",
    "processor-retention-setting",
    "processor-data-overdue",
)

KEPT = """
processing_activities:
  - {id: accounts, retention: {period: P12M, anchor: last_used}}
"""
LOOKED_AT = f"""{KEPT}
stores:
  - id: app
    connector: sql
    tables: [{{name: users, activities: [accounts]}}]
"""


@check(
    "promise-unobserved",
    title="Somebody looks at each promise",
    needs=PolicyItself,
    references=["gdpr:5-2", "gdpr:24"],
    passing=Example(policy=LOOKED_AT),
    failing=Example(policy=KEPT),
)
def unobserved_promise(policy: Policy, itself: PolicyItself) -> Iterator[Remark]:
    """Take the promise back, or declare where it can be looked at.

    How long data are kept shows in a store or an account that lists the activity; a processor in
    its `domains` on a site, or in an account or a store of its own; rights in a notice; a
    sentence of a notice in the checks that its `covered_by` names. What no check can show, a
    person can state for a time, under `attestations`.
    """
    if not any(
        (
            policy.processing_activities,
            policy.processors,
            policy.device_storage,
            policy.rights,
            policy.claims,
        )
    ):
        yield NotApplicable(why="the policy promises nothing yet")
    yield from _retention(policy, itself.as_of)
    yield from _processors(policy)
    yield from _device_storage(policy)
    yield from _rights(policy)
    yield from _claims(policy, itself)


def _retention(policy: Policy, as_of: date) -> Iterator[Gap]:
    read = {activity for account in policy.accounts for activity in account.activities}
    asked = {
        (rule.activity, rule.retention)
        for _, table in policy.tables()
        for rule in rules_of(policy, table)
    }
    attested = _attested_processors(policy, as_of)
    for activity in policy.processing_activities:
        if activity.id in read or not attested.isdisjoint(activity.processors):
            continue
        for rule in activity.retention_rules:
            if (activity.id, rule) not in asked:
                holding = ", with fields of these" if rule.data_categories else ""
                yield _nobody(
                    _promise(activity, rule),
                    f"a store or an account that lists the activity{holding}; or an attestation"
                    " that covers account:ID:processor-retention-setting of one of its processors",
                )


def _promise(activity: ProcessingActivity, rule: Retention) -> str:
    """Name a period, by its categories where there are several."""
    of = f" of {', '.join(rule.data_categories)}" if rule.data_categories else ""
    return f"activity:{activity.id} retention{of}"


def _attested_processors(policy: Policy, as_of: date) -> set[str]:
    """Return the processors of which somebody states today how long they keep data."""
    processors = {
        **{f"store:{store.id}": store.processor for store in policy.stores},
        **{f"account:{account.id}": account.processor for account in policy.accounts},
    }
    covered = (
        stated.covers.rpartition(":") for stated in policy.attestations if _holds(stated, as_of)
    )
    return {
        processors[subject]
        for subject, _, check_id in covered
        if subject in processors and check_id in RETENTION_CHECKS
    }


def _holds(stated: Attestation, as_of: date) -> bool:
    if not stated.by or stated.date is None or stated.expires is None:
        return False
    return stated.date <= as_of <= stated.expires


def _processors(policy: Policy) -> Iterator[Gap]:
    holders = {
        *(store.processor for store in policy.stores),
        *(account.processor for account in policy.accounts),
    }
    for processor in policy.processors:
        on_a_site = bool(processor.domains) and _may_appear(policy, processor)
        if not on_a_site and processor.id not in holders:
            yield _nobody(
                f"processor:{processor.id}",
                "its domains, if pages talk to it (and the site), or an account or a store of it",
            )


def _device_storage(policy: Policy) -> Iterator[Gap]:
    for row in policy.device_storage:
        if not _may_appear(policy, row):
            what = f"device_storage {row.type}:{row.identifier}"
            yield _nobody(what, "the site on which it may appear, under sites")


def _may_appear(policy: Policy, entry: Processor | StorageRow) -> bool:
    return any(appears_on(entry, site.id) for site in policy.sites)


def _rights(policy: Policy) -> Iterator[Gap]:
    if not any(notice.path or notice.url for notice in policy.notices):
        for name in RIGHTS:
            if getattr(policy.rights, name, None):
                yield _nobody(f"right:{name}", "the notice that tells of it, with path or url")


def _claims(policy: Policy, itself: PolicyItself) -> Iterator[Gap]:
    declared = {"policy", *policy.declared_scopes()}
    for claim in policy.claims:
        what = f"claim:{claim.id}"
        if claim.covered_by == "attestation":
            yield Gap(
                what=what,
                reason=Reason.CANNOT_BE_SHOWN,
                needs=f"an attestation that covers {what} and has not expired",
            )
        elif not claim.covered_by:
            yield _nobody(what, "covered_by: some checks, attestation or not_verifiable")
        elif isinstance(claim.covered_by, tuple):
            missing = [
                text for name in claim.covered_by for text in _missing(name, itself, declared)
            ]
            if missing:
                yield _nobody(what, "; ".join(missing))


def _missing(check_id: str, itself: PolicyItself, declared: set[str]) -> Iterator[str]:
    scopes = itself.installed.get(check_id, ())
    if not scopes:
        yield f"no installed check is called {check_id}"
    elif declared.isdisjoint(scopes):
        places = " or ".join(NOUNS.get(scope, scope) for scope in scopes)
        yield f"the policy declares no {places} for {check_id}"


def _nobody(what: str, needs: str) -> Gap:
    return Gap(what=what, reason=Reason.NOBODY_LOOKS, needs=needs)
