"""Activities: each says why, on what basis, whose data, which and how long (GDPR Art. 6, 30)."""

from collections.abc import Iterator

from auditor.check import Example, check
from auditor.evidence import PolicyItself
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.policy import Policy, ProcessingActivity, Rights
from auditor.vocabulary import covers, is_special_category

CRIMINAL = "user.criminal_history"
STOP = Remedy(kind="remove", text="stop it, if nobody can say")
ALLOWS_CRIMINAL = ("legal_obligation", "public_interest")
DIRECT_MARKETING = "marketing.communications"

WHOLE = """
processing_activities:
  - id: accounts
    purpose: essential.service
    data_subjects: [volunteer]
    data_categories: [user.contact]
    legal_basis: contract
    retention: {period: P12M, anchor: last_used}
"""


@check(
    "policy-legal-basis",
    title="Each activity says why, on what basis, whose data and how long",
    needs=PolicyItself,
    references=["gdpr:6", "gdpr:7-3", "gdpr:9", "gdpr:10", "gdpr:13", "gdpr:30", "eprivacy:13"],
    passing=Example(policy=WHOLE),
    failing=Example(policy=WHOLE.replace("    legal_basis: contract\n", "")),
)
def missing_basis(policy: Policy, _: PolicyItself) -> Iterator[Remark]:
    """Stop the activity, or leave out the data, if nobody can say what it is needed for.

    What goes on needs a purpose and a legal basis (`audit terms` lists both), the people and the
    data concerned, and a period after which the data go. Ask for consent before what rests on
    consent. Some data need a second reason: health, faith, origin, politics, trade unions, sex
    life, genes, and body features that are used to tell who someone is.
    """
    if not policy.processing_activities:
        yield NotApplicable(why="the policy declares no processing activity")
    for activity in policy.processing_activities:
        yield from _reason(activity)
        yield from _sensitive(activity)
        yield from _direct_marketing(activity)
        yield from _record(activity)
    yield from _no_way_back(policy)


def _reason(activity: ProcessingActivity) -> Iterator[Finding]:
    if not activity.purpose:
        yield _finding(
            activity,
            "purpose",
            Severity.HIGH,
            "has no purpose; people are told what each use of their data is for",
            STOP,
            _missing("purpose"),
        )
    if not activity.legal_basis:
        yield _finding(
            activity,
            "legal_basis",
            Severity.HIGH,
            "has no legal basis; without one the data may not be used",
            STOP,
            _missing("legal_basis"),
        )
    if activity.legal_basis == "legitimate_interests" and not activity.legitimate_interest:
        yield _finding(
            activity,
            "legitimate_interest",
            Severity.MEDIUM,
            "rests on a legitimate interest and does not say which",
            _missing("legitimate_interest"),
        )


def _sensitive(activity: ProcessingActivity) -> Iterator[Finding]:
    special = [name for name in activity.data_categories if is_special_category(name)]
    if special and not activity.special_category_basis:
        yield _finding(
            activity,
            "special_category_basis",
            Severity.CRITICAL,
            f"uses {', '.join(special)} without a special_category_basis",
            Remedy(kind="remove", text="leave these categories out"),
            Remedy(
                kind="gate",
                text="ask people to agree to this very use, in so many words",
                yaml="special_category_basis: explicit_consent\n",
            ),
            _missing("special_category_basis"),
        )
    criminal = any(covers(CRIMINAL, name) for name in activity.data_categories)
    if criminal and activity.legal_basis not in {"", *ALLOWS_CRIMINAL}:
        yield _finding(
            activity,
            "criminal_history",
            Severity.HIGH,
            f"uses {CRIMINAL} on the basis {activity.legal_basis};"
            " only a law or an authority allows that",
            Remedy(kind="remove", text="leave it out; for a vetting, note only that it was done"),
            Remedy(kind="declare", text=f"name the basis: {' or '.join(ALLOWS_CRIMINAL)}"),
        )


def _direct_marketing(activity: ProcessingActivity) -> Iterator[Finding]:
    messages = covers(DIRECT_MARKETING, activity.purpose)
    if messages and activity.legal_basis not in {"", "consent"}:
        yield _finding(
            activity,
            "marketing",
            Severity.MEDIUM,
            f"sends promotional messages on the basis {activity.legal_basis}, not consent",
            Remedy(
                kind="gate",
                text="send them only to people who agreed beforehand",
                yaml="legal_basis: consent\n",
            ),
            Remedy(
                kind="declare",
                text="messages to your own customers about similar offers may do without consent;"
                " that is for a person to decide, and to write down as a waiver",
            ),
        )


def _record(activity: ProcessingActivity) -> Iterator[Finding]:
    rules = activity.retention_rules
    missing = (
        ("data_subjects", not activity.data_subjects, "does not say whose data it uses"),
        ("data_categories", not activity.data_categories, "does not say which data it uses"),
        (
            "retention",
            not rules or any(not rule.period for rule in rules),
            "does not say how long data are kept",
        ),
    )
    for key, is_missing, objection in missing:
        if is_missing:
            yield _finding(activity, key, Severity.MEDIUM, objection, _missing(key))


def _no_way_back(policy: Policy) -> Iterator[Finding]:
    """Object once, however many activities rest on consent: one way back serves them all."""
    rights = policy.rights or Rights()
    agreed = [
        activity
        for activity in policy.processing_activities
        if activity.legal_basis == "consent"
        and not (rights.marketing_opt_out and covers(DIRECT_MARKETING, activity.purpose))
    ]
    if agreed and not rights.withdraw_consent:
        yield Finding(
            object="right:withdraw_consent",
            severity=Severity.MEDIUM,
            message=f"{', '.join(a.id for a in agreed)}"
            f" {'rests' if len(agreed) == 1 else 'rest'} on consent,"
            " and no rights.withdraw_consent says how to take it back",
            at=agreed[0].at,
            remedies=(
                Remedy(
                    kind="declare",
                    text="make taking consent back as easy as giving it, and tell people how",
                    yaml="rights:\n  withdraw_consent: {channel: TODO}\n",
                ),
            ),
        )


def _finding(
    activity: ProcessingActivity,
    facet: str,
    severity: Severity,
    objection: str,
    *remedies: Remedy,
) -> Finding:
    return Finding(
        object=f"activity:{activity.id}",
        facet=facet,
        keys=(facet,),
        severity=severity,
        message=f"{activity.id} {objection}",
        at=activity.at,
        remedies=remedies,
    )


def _missing(key: str) -> Remedy:
    lists = {"data_subjects": "[TODO]", "data_categories": "[TODO]"}
    value = "{period: TODO, anchor: TODO}" if key == "retention" else lists.get(key, "TODO")
    return Remedy(kind="declare", text=f"write {key}, and tell people", yaml=f"{key}: {value}\n")
