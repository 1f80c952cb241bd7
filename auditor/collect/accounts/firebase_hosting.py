"""Firebase Hosting: whether visitors are logged, for how long, and whether the rules are open.

Six requests, whatever the size of the site.
"""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Connector, Part, Question
from auditor.collect.accounts.google_list import listed
from auditor.collect.credentials import google
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Service, segment
from auditor.evidence import Aspect, Gap, Reason, SettingSeen

HOSTING: Final = "https://firebasehosting.googleapis.com"
RULES: Final = "https://firebaserules.googleapis.com"
LOGGING: Final = "https://logging.googleapis.com"
_LONGEST: Final = 256 * 1024  # characters of rules, as Firebase allows

_COMMENTS: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_STRINGS: Final = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_ALLOWS: Final = re.compile(r"\ballow\s+([a-z,\s]+?)\s*(?::\s*if\b([^;]*))?;")
_READS: Final = frozenset({"read", "get", "list"})
_ONLY_TIME: Final = re.compile(r"\s*request\.time\s*<\s*timestamp\.date\([\d\s,]+\)\s*")


class _Site(Struct, frozen=True):
    name: str


class _Config(Struct, frozen=True, rename="camel"):
    max_versions: str | None = None
    cloud_logging_enabled: bool = False


class _Log(Struct, frozen=True, rename="camel"):
    name: str
    retention_days: int = 30  # Cloud Logging's default


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
    name = asking.api.get(f"{HOSTING}/v1beta1/projects/-/sites/{_site(asking)}", _Site).name
    parts = name.split("/")
    if parts[:1] != ["projects"] or len(parts) != 4:  # noqa: PLR2004 -- as above
        raise RefusedError(Reason.NOT_VERIFIED, "the project of the site")
    return segment(parts[1])


def _logs(asking: Asking) -> Iterator[Part]:
    """Yield whether requests are logged, with their IP addresses, and how long logs are kept."""
    config = asking.api.get(f"{HOSTING}/v1beta1/sites/{_site(asking)}/config", _Config)
    yield SettingSeen(
        name="cloudLoggingEnabled",
        value=str(config.cloud_logging_enabled).lower(),
        effect="collects",
        of="visitors",
        category="user.device.ip_address",
        is_on=config.cloud_logging_enabled,
    )
    if not config.cloud_logging_enabled:
        return
    place = f"{LOGGING}/v2/projects/{_project(asking)}/locations/-/buckets"
    for log in listed(asking.api, place, "buckets", _Log, {}):
        name = log.name.rpartition("/")[2]
        if name != "_Required":  # Google's own records of administration
            yield SettingSeen(
                name="retentionDays",
                value=str(log.retention_days),
                effect="deletes_after",
                of=f"IP addresses of visitors in the log {name[:100]}",
                period=f"P{log.retention_days}D",
            )


def _rules(asking: Asking) -> Iterator[Part]:
    """Yield each place whose rules let anybody read."""
    place = f"{RULES}/v1/projects/{_project(asking)}/releases"
    for release in listed(asking.api, place, "releases", _Release, {}):
        parts = release.ruleset_name.split("/")
        ruleset = "/".join(segment(part) for part in parts)
        rules = asking.api.get(f"{RULES}/v1/{ruleset}", _Ruleset)
        of = _kind(release.name)
        for file in rules.source.files:
            if len(file.content) > _LONGEST:
                needs = f"rules of fewer than {_LONGEST:,} characters"
                yield Gap(what=f"rules of {of}", reason=Reason.CAP_REACHED, needs=needs)
            elif value := _open(file.content):
                yield SettingSeen(name="rules", value=value, effect="exposes", of=of)


def _kind(name: str) -> str:
    """Return what a release of rules is for: `.../releases/cloud.firestore`."""
    kind = name.partition("/releases/")[2].partition("/")[0]
    known = {"cloud.firestore": "Firestore", "firebase.storage": "Cloud Storage"}
    return f"documents of {known.get(kind, kind[:100])}"


def _open(rules: str) -> str:
    """Return the rule that lets anybody read, "" if none does.

    Only conditions that are always true are found, and the test mode of a new project, which is
    open until a day; what a condition with functions lets through cannot be told.
    """
    plain = _STRINGS.sub("''", _COMMENTS.sub(" ", rules))
    for found in _ALLOWS.finditer(plain):
        methods, condition = found[1], found[2]
        is_read = not _READS.isdisjoint(re.split(r"[,\s]+", methods))
        is_true = condition is None or condition.strip() in {"true", "(true)"}
        if is_read and (is_true or _ONLY_TIME.fullmatch(condition or "")):
            return " ".join(found[0].split())[:200]
    return ""


FIREBASE_HOSTING: Final = Connector(
    name="firebase_hosting",
    service=Service(name="Firebase", hosts=(HOSTING, RULES, LOGGING)),
    questions=(
        Question(
            what="logs of visitors",
            permission="the roles Firebase Hosting Viewer and Logs Configuration Viewer"
            " (firebasehosting.sites.get, logging.buckets.list)",
            aspects=(Aspect.SETTINGS,),
            ask=_logs,
        ),
        Question(
            what="security rules",
            permission="the role Firebase Rules Viewer (roles/firebaserules.viewer)",
            aspects=(Aspect.SETTINGS,),
            ask=_rules,
        ),
    ),
    credential="Give a service account the roles Firebase Hosting Viewer, Firebase Rules Viewer"
    " and Logs Configuration Viewer, and put its key, or an access token, into the variable",
    headers=google(
        "https://www.googleapis.com/auth/cloud-platform.read-only",
        "https://www.googleapis.com/auth/firebase.readonly",
    ),
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
