"""Google Cloud Storage, so that of Firebase too: objects, how old they are, what outlives them.

A thousand objects take one request, and as many again if versions are kept, or what was deleted.
Names and types are looked at, contents are not.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Connector, Part, Question, Trace, Wanted
from auditor.collect.accounts.counting import AgeCount, FieldCount
from auditor.collect.accounts.google_list import listed
from auditor.collect.credentials import google
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Params, Service, segment
from auditor.evidence import Aspect, Gap, Reason, SettingSeen, TableSeen

HOST: Final = "https://storage.googleapis.com"
PAGE: Final = 1000
_MASK: Final = "nextPageToken,items(name,timeCreated,updated,timeDeleted,contentType,metadata)"
_DAY: Final = 86_400  # seconds
_LONGEST: Final = 12  # digits of a number of seconds
_ANYBODY: Final = frozenset({"allUsers", "allAuthenticatedUsers"})


class _Object(Struct, frozen=True, rename="camel"):
    name: str
    time_created: str | None = None
    updated: str | None = None
    time_deleted: str | None = None
    content_type: str | None = None
    metadata: dict[str, object] | None = None


class _Action(Struct, frozen=True):
    type: str = ""


class _Rule(Struct, frozen=True):
    action: _Action = _Action()
    condition: dict[str, object] = {}


class _Lifecycle(Struct, frozen=True):
    rule: tuple[_Rule, ...] = ()


class _Soft(Struct, frozen=True, rename="camel"):
    retention_duration_seconds: str = "0"


class _Versioning(Struct, frozen=True):
    enabled: bool = False


class _Least(Struct, frozen=True, rename="camel"):
    retention_period: str = "0"


class _Uniform(Struct, frozen=True):
    enabled: bool = False


class _Access(Struct, frozen=True, rename="camel"):
    public_access_prevention: str = ""
    uniform_bucket_level_access: _Uniform = _Uniform()


class _Bucket(Struct, frozen=True, rename="camel"):
    lifecycle: _Lifecycle = _Lifecycle()
    soft_delete_policy: _Soft = _Soft()
    versioning: _Versioning = _Versioning()
    retention_policy: _Least = _Least()
    iam_configuration: _Access = _Access()


class _Binding(Struct, frozen=True):
    role: str = ""
    members: tuple[str, ...] = ()


class _Policy(Struct, frozen=True):
    bindings: tuple[_Binding, ...] = ()


def _place(asking: Asking) -> str:
    if not asking.account.bucket:
        raise RefusedError(Reason.UNDECIDED, "`bucket`: the name of the bucket")
    return f"{HOST}/storage/v1/b/{segment(asking.account.bucket)}"


def _bucket(asking: Asking) -> _Bucket:
    return asking.api.get(_place(asking), _Bucket)


def _listed(asking: Asking, **params: str | bool) -> Iterator[_Object]:
    asked: Params = {"maxResults": PAGE, "fields": _MASK, **params}
    return listed(asking.api, f"{_place(asking)}/o", "items", _Object, asked)


def _objects(asking: Asking) -> Iterator[Part]:
    yield _table("objects", _listed(asking))


def _leftovers(asking: Asking) -> Iterator[Part]:
    """Yield what is no longer live and still there: old versions, and what was deleted softly."""
    bucket = _bucket(asking)
    versions = _listed(asking, versions=True)
    yield _table("old versions", (one for one in versions if one.time_deleted))
    if _seconds(bucket.soft_delete_policy.retention_duration_seconds):
        yield _table("deleted objects", _listed(asking, softDeleted=True))


def _table(name: str, objects: Iterator[_Object]) -> TableSeen:
    fields = FieldCount(name, {"contentType": ""})
    created = AgeCount("created", "timeCreated of each object")
    updated = AgeCount("last_updated", "updated of each object: its content or its metadata")
    for one in objects:
        fields.add({"name": one.name, "contentType": one.content_type, "metadata": one.metadata})
        created.add_text(one.time_created)
        updated.add_text(one.updated)
    return TableSeen(
        name=name,
        kind="files",
        rows=fields.rows,
        fields=fields.fields(),
        ages=(created.ages(), updated.ages()),
    )


def _settings(asking: Asking) -> Iterator[Part]:
    """Yield what deletes objects, and what keeps them although somebody does."""
    bucket = _bucket(asking)
    for rule in bucket.lifecycle.rule:
        if rule.action.type == "Delete":
            yield from _deletion(rule.condition)
    if seconds := _seconds(bucket.soft_delete_policy.retention_duration_seconds):
        yield _outlives("softDeletePolicy", seconds, "deleted objects")
    if bucket.versioning.enabled:
        days = [_days(rule, "daysSinceNoncurrentTime") for rule in bucket.lifecycle.rule]
        limit = min((day for day in days if day is not None), default=None)
        yield SettingSeen(
            name="versioning.enabled",
            value="true",
            effect="outlives_deletion",
            of="old versions",
            period="" if limit is None else f"P{limit}D",
        )
    if seconds := _seconds(bucket.retention_policy.retention_period):
        yield _outlives("retentionPolicy", seconds, "objects, which nobody can delete before")


def _deletion(condition: dict[str, object]) -> Iterator[SettingSeen]:
    """Yield a rule that bounds the age of all objects, or of all below a prefix.

    With any further condition some objects escape it, so that it promises nothing.
    """
    age, prefixes = condition.get("age"), condition.get("matchesPrefix") or [""]
    if set(condition) - {"age", "matchesPrefix"} or not isinstance(age, int):
        return
    for prefix in prefixes if isinstance(prefixes, list) else ():
        yield SettingSeen(
            name="lifecycle.rule",
            value=f"age {age}",
            effect="deletes_after",
            of=f"objects below {str(prefix)[:200]}" if prefix else "objects",
            period=f"P{age}D",
        )


def _days(rule: _Rule, name: str) -> int | None:
    """Return the days of a rule that deletes by one condition alone."""
    days = rule.condition.get(name)
    is_alone = not set(rule.condition) - {name, "isLive"}
    return days if rule.action.type == "Delete" and is_alone and isinstance(days, int) else None


def _seconds(text: str) -> int:
    """Return a number that Google writes as a text (int64)."""
    if not text.isdecimal() or len(text) > _LONGEST:
        raise RefusedError(Reason.NOT_VERIFIED, "a time in seconds")
    return int(text)


def _outlives(name: str, seconds: int, of: str) -> SettingSeen:
    days = -(-seconds // _DAY)
    value = f"{seconds} seconds"
    return SettingSeen(
        name=name, value=value, effect="outlives_deletion", of=of, period=f"P{days}D"
    )


def _readers(asking: Asking) -> Iterator[Part]:
    """Yield whether anybody on the internet can read, and what is not known of that."""
    access = _bucket(asking).iam_configuration
    if access.public_access_prevention == "enforced":
        return
    for binding in asking.api.get(f"{_place(asking)}/iam", _Policy).bindings:
        for member in _ANYBODY.intersection(binding.members):
            yield SettingSeen(
                name=binding.role[:200], value=member, effect="exposes", of="objects"
            )
    if not access.uniform_bucket_level_access.enabled:
        needs = "uniform bucket-level access: without it each object may be open by itself"
        yield Gap(what="who can read single objects", reason=Reason.NOT_VERIFIED, needs=needs)


def _find(asking: Asking, wanted: Wanted) -> Iterator[Trace]:
    """Count the objects with a person's id or address as a part of their path; reads all names."""
    wants = {value.strip().casefold() for value in wanted.keys.values()}
    for place, params in (("objects", {}), ("old versions", {"versions": True})):
        found = (one for one in _listed(asking, **params) if params == {} or one.time_deleted)
        number = sum(bool(wants & _parts(one.name)) for one in found)
        yield Trace(place=place, number=number)


def _parts(name: str) -> set[str]:
    """Return the folders of a path, and its file with and without an ending."""
    parts = name.casefold().split("/")
    return {*parts, *(part.rpartition(".")[0] for part in parts)} - {""}


_VIEWER: Final = "the role Storage Object Viewer (roles/storage.objectViewer)"

CLOUD_STORAGE: Final = Connector(
    name="cloud_storage",
    service=Service(name="Cloud Storage", hosts=(HOST,)),
    questions=(
        Question(
            what="objects",
            permission=_VIEWER,
            aspects=(Aspect.TABLES, Aspect.FIELDS, Aspect.AGES),
            ask=_objects,
        ),
        Question(
            what="old versions and deleted objects",
            permission=f"{_VIEWER}, with storage.buckets.get",
            aspects=(Aspect.TABLES, Aspect.FIELDS, Aspect.AGES),
            ask=_leftovers,
        ),
        Question(
            what="how long objects are kept",
            permission="storage.buckets.get (roles/storage.legacyBucketReader)",
            aspects=(Aspect.SETTINGS,),
            ask=_settings,
        ),
        Question(
            what="who can read",
            permission="storage.buckets.get and storage.buckets.getIamPolicy",
            aspects=(Aspect.SETTINGS,),
            ask=_readers,
        ),
    ),
    credential="Give a service account the roles Storage Object Viewer and Storage Legacy Bucket"
    " Reader on this bucket only, and put its key, or an access token, into the variable",
    headers=google("https://www.googleapis.com/auth/devstorage.read_only"),
    cannot_show=(
        Gap(
            what="what files hold",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="somebody who knows what people upload, and attests it: only names and types are"
            " looked at",
            aspects=(Aspect.FIELDS,),
        ),
        Gap(
            what="who is in the files",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="somebody who compares the folders of people with the accounts",
            aspects=(Aspect.SUBJECTS,),
        ),
        Gap(
            what="what the credential may change",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="somebody who looks at the roles of the service account in IAM, and attests that"
            " they only read",
            aspects=(Aspect.PRIVILEGES,),
        ),
    ),
    find=_find,
    finds_by=("id", "email"),
)
