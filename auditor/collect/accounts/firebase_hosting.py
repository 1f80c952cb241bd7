"""Firebase Hosting: whether visitors are logged, for how long, what measures them, open rules.

Five requests, one for each web app, and one for each set of rules, whatever the size of the site.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Connector, Part, Question
from auditor.collect.accounts.firebase_rules import judged
from auditor.collect.accounts.google_list import listed
from auditor.collect.credentials import google
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Service, segment
from auditor.evidence import Aspect, Gap, Reason, SettingSeen

HOSTING: Final = "https://firebasehosting.googleapis.com"
FIREBASE: Final = "https://firebase.googleapis.com"
RULES: Final = "https://firebaserules.googleapis.com"
LOGGING: Final = "https://logging.googleapis.com"
SCOPES: Final = (
    "https://www.googleapis.com/auth/cloud-platform.read-only",
    "https://www.googleapis.com/auth/firebase.readonly",
)
_LONGEST: Final = 256 * 1024  # characters of rules, as Firebase allows
_DAYS: Final = 3650  # that a log is kept at most
_RULED: Final = {"cloud.firestore": "Firestore", "firebase.storage": "Cloud Storage"}


class _Site(Struct, frozen=True):
    name: str


class _Config(Struct, frozen=True, rename="camel"):
    max_versions: str = "0"
    cloud_logging_enabled: bool = False


class _Log(Struct, frozen=True, rename="camel"):
    name: str
    retention_days: int = 30  # Cloud Logging's default


class _App(Struct, frozen=True, rename="camel"):
    app_id: str


class _Connected(Struct, frozen=True, rename="camel"):
    measurement_id: str = ""


class _Release(Struct, frozen=True, rename="camel"):
    name: str
    ruleset_name: str


class _File(Struct, frozen=True):
    content: str = ""


class _Source(Struct, frozen=True):
    files: tuple[_File, ...] = ()


class _Ruleset(Struct, frozen=True):
    source: _Source = _Source()


def _site(asking: Asking) -> str:
    if not asking.account.site:
        raise RefusedError(Reason.UNDECIDED, "`site`: the id of the hosting site")
    return segment(asking.account.site)


def _project(asking: Asking) -> str:
    """Return the project of a site: its name says it, `projects/P/sites/S`."""
    if asking.account.project:
        return segment(asking.account.project)
    name = asking.api.get(f"{HOSTING}/v1beta1/projects/-/sites/{_site(asking)}", _Site).name
    parts = name.split("/")
    if parts[:1] != ["projects"] or len(parts) != 4 or parts[1] in {"", "-"}:  # noqa: PLR2004 -- as above
        raise RefusedError(Reason.NOT_VERIFIED, "`project`: the site's name does not tell it")
    return segment(parts[1])


def _logs(asking: Asking) -> Iterator[Part]:
    """Yield whether requests are logged, with their IP addresses, and how long logs are kept."""
    config = asking.api.get(f"{HOSTING}/v1beta1/sites/{_site(asking)}/config", _Config)
    yield SettingSeen(
        name="maxVersions",
        value=config.max_versions[:20] if config.max_versions != "0" else "unlimited",
        effect="outlives_deletion",
        of="pages of earlier deployments",
        is_on=config.max_versions == "0",
    )
    yield SettingSeen(
        name="cloudLoggingEnabled",
        value=str(config.cloud_logging_enabled).lower(),
        effect="collects",
        of="visitors",
        category="user.device.ip_address",
        is_on=config.cloud_logging_enabled,
    )
    if config.cloud_logging_enabled:
        yield from _kept(asking)


def _kept(asking: Asking) -> Iterator[Part]:
    """Yield how long each log is kept; which of them visitors are in depends on its filters."""
    place = f"{LOGGING}/v2/projects/{_project(asking)}/locations/-/buckets"
    number = 0
    for log in listed(asking.api, place, "buckets", _Log, {}):
        name = log.name.rpartition("/")[2]
        if name == "_Required":  # Google's own records of administration
            continue
        number += 1
        days = log.retention_days
        if not 0 < days <= _DAYS:
            needs = f"a time of 1 to {_DAYS} days"
            yield Gap(what=f"log {number}", reason=Reason.NOT_VERIFIED, needs=needs)
            continue
        yield SettingSeen(
            name="retentionDays",
            value=str(days),
            effect="deletes_after",
            of=f"IP addresses of visitors in the log {name[:100]}",
            period=f"P{days}D",
        )
    if not number:
        needs = "the logs of the project: none is shown, and requests are logged"
        yield Gap(what="logs of visitors", reason=Reason.NOT_IN_EVIDENCE, needs=needs)


def _apps(asking: Asking) -> Iterator[Part]:
    """Yield which web apps are connected to Google Analytics."""
    place = f"{FIREBASE}/v1beta1/projects/{_project(asking)}/webApps"
    for number, app in enumerate(listed(asking.api, place, "apps", _App, {}), 1):
        found = asking.api.get(f"{place}/{segment(app.app_id)}/config", _Connected)
        yield SettingSeen(
            name="measurementId",
            value=found.measurement_id[:100] or "none",
            effect="collects",
            of=f"visitors of web app {number}, for Google Analytics",
            category="user.behavior.browsing_history",
            is_on=bool(found.measurement_id),
        )


def _rules(asking: Asking) -> Iterator[Part]:
    """Yield each place whose rules let anybody read, and where that cannot be told."""
    place = f"{RULES}/v1/projects/{_project(asking)}/releases"
    for release in listed(asking.api, place, "releases", _Release, {}):
        kind = release.name.partition("/releases/")[2].partition("/")[0]
        of = f"documents of {_RULED.get(kind, kind[:100])}"
        ruleset = "/".join(segment(part) for part in release.ruleset_name.split("/"))
        rules = asking.api.get(f"{RULES}/v1/{ruleset}", _Ruleset)
        for file in rules.source.files:
            yield from _judged(file.content, of)


def _judged(rules: str, of: str) -> Iterator[Part]:
    if len(rules) > _LONGEST:
        needs = f"rules of at most {_LONGEST:,} characters"
        yield Gap(what=f"rules of {of}", reason=Reason.CAP_REACHED, needs=needs)
        return
    found = judged(rules)
    if found.open:
        yield SettingSeen(name="rules", value=found.open, effect="exposes", of=of)
    if found.unclear:
        needs = (
            f"somebody who reads the rules and attests that strangers read nothing:"
            f" {found.unclear} conditions call functions, or give a choice"
        )
        yield Gap(what=f"rules of {of}", reason=Reason.CANNOT_BE_SHOWN, needs=needs)


FIREBASE_HOSTING: Final = Connector(
    name="firebase_hosting",
    service=Service(name="Firebase", hosts=(HOSTING, FIREBASE, RULES, LOGGING)),
    questions=(
        Question(
            what="logs of visitors",
            permission="firebasehosting.sites.get and logging.buckets.list",
            aspects=(Aspect.SETTINGS,),
            ask=_logs,
        ),
        Question(
            what="web apps",
            permission="firebase.clients.list and firebase.clients.get",
            aspects=(Aspect.SETTINGS,),
            ask=_apps,
        ),
        Question(
            what="security rules",
            permission="firebaserules.releases.list and firebaserules.rulesets.get",
            aspects=(Aspect.SETTINGS,),
            ask=_rules,
        ),
    ),
    credential="Give a service account a role of your own with firebasehosting.sites.get,"
    " logging.buckets.list, firebase.clients.list, firebase.clients.get,"
    " firebaserules.releases.list and firebaserules.rulesets.get, and put its key, or an access"
    " token, into the variable",
    headers=google(*SCOPES),
    cannot_show=(
        Gap(
            what="what the credential may change",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="somebody who looks at the roles of the service account in IAM, and attests that"
            " they only view",
            aspects=(Aspect.PRIVILEGES,),
        ),
    ),
)
