"""Settings at processors and of our own stores: they keep what was promised (Art. 5(1)(e), 32)."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.durations import parse_duration
from auditor.errors import Position
from auditor.evidence import Aspect, Gap, Handling, Reason, SettingSeen
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity, Sighting
from auditor.hosts import covers, parse_host_pattern
from auditor.matching import holder_of, host_of, periods_at
from auditor.policy import NOWHERE, Account, Policy, ProcessingActivity, Retention, Store

DAYS_OF_MONTH = 365.2425 / 12
TOLERANCE = 1.5  # days: months differ, and no service counts them as we do
SHORT = 35  # days of which copies are usual, in safekeeping and backups

ANALYTICS = """
processing_activities:
  - {id: statistics, retention: {period: P12M, anchor: created}}
accounts:
  - {id: app, connector: google_analytics, property: properties/1, activities: [statistics]}
"""
HOSTING = "accounts: [{id: app, connector: netlify, site: example}]\n"
BUCKET = "accounts: [{id: app, connector: cloud_storage, bucket: example}]\n"
INJECTING = frozenset({"netlify"})  # connectors that ask for it
OPENING = frozenset({"cloud_storage", "firebase_hosting", "github", "google_meet"})
Promise = tuple[ProcessingActivity, Retention]


@check(
    "processor-retention-setting",
    title="Services are set to delete within the promised time",
    needs=Handling,
    references=["gdpr:5-1-e", "gdpr:25", "gdpr:28"],
    looks_at=[Aspect.SETTINGS],
    passing=Example(
        policy=ANALYTICS,
        seen=(example.setting("deletes_after", "TWO_MONTHS", period="P2M"),),
    ),
    failing=Example(
        policy=ANALYTICS,
        seen=(example.setting("deletes_after", "FOURTEEN_MONTHS", period="P14M"),),
    ),
)
def setting_keeps_too_long(policy: Policy, handling: Handling) -> Iterator[Remark]:
    """Set the service to the longest time it offers that is not longer than the promise.

    Not every service offers every time: Google Analytics has 2 and 14 months and nothing between,
    so a promise of 12 months needs 2. What is deleted may live on in backups, versions and bins:
    say so with `grace`. What is copied elsewhere is deleted only there.
    """
    holder = holder_of(policy, handling.subject)
    promised = periods_at(policy, holder)
    if isinstance(holder, Store) and holder.connector != "firestore":
        yield NotApplicable(why="a store of this kind has no settings that delete")
        return
    if not promised:
        yield NotApplicable(why="the policy sets no period for what is kept here")
        return
    longest = max(promised, key=lambda one: _days(one[1].period or "") + _grace(one[1]))
    at = holder.at if holder else NOWHERE
    for setting in handling.settings:
        try:
            yield from _judged(setting, longest, at)
        except ValueError:
            needs = f"a period in place of {setting.period}: collect the evidence again"
            yield Gap(what=f"setting:{setting.name}", reason=Reason.NOT_VERIFIED, needs=needs)


def _judged(setting: SettingSeen, longest: Promise, at: Position) -> Iterator[Finding]:
    activity, rule = longest
    promise = f"{activity.id} promises {rule.period} from {rule.anchor or 'a date'}"
    told = f"{setting.of or 'data'}: {setting.name} is {setting.value}"
    if setting.effect == "deletes_after" and setting.is_on:
        limit = _days(rule.period or "") + _grace(rule) + TOLERANCE
        if not setting.period:
            message = f"{told}, so nothing deletes it; {promise}"
            yield _finding(setting, Severity.HIGH, message, at, "set it to a time")
        elif _days(setting.period) > limit:
            message = f"{told}, {setting.period}; {promise}"
            yield _finding(setting, Severity.HIGH, message, at, "set it to a shorter time")
    elif setting.effect == "outlives_deletion" and setting.is_on:
        days = _days(setting.period) if setting.period else None
        if days is None or days > _grace(rule) + TOLERANCE:
            severity = Severity.LOW if days and days <= SHORT else Severity.MEDIUM
            how_long = setting.period or "for ever"
            message = f"{told}, so what is deleted can be had back ({how_long}); {promise}"
            advice = "let copies go sooner"
            yield _finding(setting, severity, message, at, advice, grace=setting.period)
    elif setting.effect == "counts_from_last_use":
        if setting.is_on and rule.anchor in {"created", "collected"}:
            message = f"{told}, so each visit starts the time anew; {promise}"
            yield _finding(setting, Severity.MEDIUM, message, at, "switch it off")
    elif setting.effect == "copies_to" and setting.is_on:
        message = f"{told}: data goes on to {setting.to}, where this setting deletes nothing"
        advice = "end the export, or declare where it goes as a store or an account of its own"
        yield _finding(setting, Severity.MEDIUM, message, at, advice)


def _finding(  # noqa: PLR0913, PLR0917 -- what is said of a setting
    setting: SettingSeen,
    severity: Severity,
    message: str,
    at: Position,
    advice: str,
    grace: str = "",
) -> Finding:
    declare = Remedy(
        kind="declare",
        text="say so in the policy, and tell people",
        yaml=f"grace: {grace}\n" if grace else "",
    )
    return Finding(
        object=f"setting:{setting.name}",
        facet="/".join(filter(None, (setting.effect, setting.of, setting.to))),
        severity=severity,
        message=message,
        at=at,
        seen=(Sighting(detail=f"setting {setting.name} = {setting.value}"),),
        remedies=(Remedy(kind="remove", text=advice), declare),
    )


@check(
    "processor-script-undeclared",
    title="Scripts that a service puts into pages are declared",
    needs=Handling,
    references=["eprivacy:5-3", "gdpr:13-1-e"],
    looks_at=[Aspect.SCRIPTS],
    passing=Example(policy=HOSTING, seen=(example.setting("injects", to="example.org"),)),
    failing=Example(policy=HOSTING, seen=(example.setting("injects", to="ads.example.net"),)),
)
def script_put_into_pages(policy: Policy, handling: Handling) -> Iterator[Remark]:
    """Take the script out where the service is set to add it, or declare whose it is.

    Hosting services can add snippets to every page: they are in no repository, so nobody who reads
    the code sees them.
    """
    holder = holder_of(policy, handling.subject)
    if not _tells(holder, INJECTING, handling, "injects"):
        yield NotApplicable(why="nobody can be asked here for scripts that are put into pages")
    for setting in handling.settings:
        if setting.effect == "injects" and not _is_declared(policy, setting.to):
            yield Finding(
                object=f"host:{setting.to}",
                severity=Severity.HIGH,
                message=f"{handling.subject} puts a script of {setting.to} into pages"
                f" ({setting.name}), and no processor in the policy has that host",
                at=holder.at if holder else NOWHERE,
                seen=(Sighting(detail=f"setting {setting.name} = {setting.value}"),),
                remedies=(
                    Remedy(kind="remove", text="take the script out of the service's settings"),
                    Remedy(kind="declare", text="declare the processor, and tell people"),
                ),
            )


def _is_declared(policy: Policy, host: str) -> bool:
    own = (domain for site in policy.sites for domain in (*site.first_party, host_of(site.url)))
    others = (domain for processor in policy.processors for domain in processor.domains)
    return any(covers(parse_host_pattern(domain), host) for domain in (*own, *others))


@check(
    "processor-exposed",
    title="Nobody else can read what is kept",
    needs=Handling,
    references=["gdpr:32", "gdpr:25"],
    looks_at=[Aspect.SETTINGS],
    passing=Example(policy=BUCKET),
    failing=Example(policy=BUCKET, seen=(example.setting("exposes", "allUsers"),)),
)
def open_to_others(policy: Policy, handling: Handling) -> Iterator[Remark]:
    """Close it: let only those read who have to.

    What anybody on the internet can read has been read by somebody. If it is meant to be public,
    keep nothing about people in it.
    """
    holder = holder_of(policy, handling.subject)
    if not _tells(holder, OPENING, handling, "exposes"):
        yield NotApplicable(why="nobody can be asked here who else can read")
    for setting in handling.settings:
        if setting.effect == "exposes" and setting.is_on:
            yield Finding(
                object=f"setting:{setting.name}",
                facet=setting.of,
                severity=Severity.CRITICAL,
                message=f"others can read {setting.of or 'what is kept'} of {handling.subject}:"
                f" {setting.name} is {setting.value}",
                at=holder.at if holder else NOWHERE,
                seen=(Sighting(detail=f"setting {setting.name} = {setting.value}"),),
                remedies=(Remedy(kind="remove", text="close it to all but those who need it"),),
            )


def _tells(
    holder: Store | Account | None, connectors: frozenset[str], handling: Handling, effect: str
) -> bool:
    """Return whether a holder can be asked for an effect: what nobody looks at is no pass."""
    is_asked = isinstance(holder, Account) and holder.connector in connectors
    return is_asked or any(setting.effect == effect for setting in handling.settings)


def _days(period: str) -> float:
    """Return a period in days, months as the average; ValueError if it is none."""
    found = parse_duration(period)
    return found.months * DAYS_OF_MONTH + found.days + found.seconds / 86_400


def _grace(rule: Retention) -> float:
    return _days(rule.grace) if rule.grace else 0.0
