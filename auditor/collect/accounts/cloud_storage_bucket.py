"""A bucket of Cloud Storage: what deletes its objects, what keeps them, and who can read them."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Part
from auditor.collect.refused import RefusedError
from auditor.collect.rest import segment
from auditor.evidence import Gap, Reason, SettingSeen
from auditor.names import template

HOST: Final = "https://storage.googleapis.com"
_DAY: Final = 86_400  # seconds
_LONGEST: Final = 12  # digits of a number of seconds
_MOST: Final = 100 * 365  # days of a rule
_ANYBODY: Final = frozenset({"allUsers", "allAuthenticatedUsers"})
_ACTIONS: Final = frozenset({"Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"})


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


class _Logging(Struct, frozen=True, rename="camel"):
    log_bucket: str = ""


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
    logging: _Logging = _Logging()
    iam_configuration: _Access = _Access()


class _Binding(Struct, frozen=True):
    role: str = ""
    members: tuple[str, ...] = ()


class _Policy(Struct, frozen=True):
    bindings: tuple[_Binding, ...] = ()


def place_of(asking: Asking) -> str:
    """Return the address of the bucket; `RefusedError` where the policy names none."""
    if not asking.account.bucket:
        raise RefusedError(Reason.UNDECIDED, "`bucket`: the name of the bucket")
    return f"{HOST}/storage/v1/b/{segment(asking.account.bucket)}"


def settings(asking: Asking) -> Iterator[Part]:
    """Yield what deletes objects, what keeps them although somebody does, and who is logged."""
    bucket = _bucket(asking)
    for rule in bucket.lifecycle.rule:
        if rule.action.type == "Delete":
            yield from _deletion(rule.condition)
        elif rule.action.type not in _ACTIONS:
            needs = "an action of a lifecycle rule that is known"
            yield Gap(what="a lifecycle rule", reason=Reason.NOT_VERIFIED, needs=needs)
    if seconds := _seconds(bucket.soft_delete_policy.retention_duration_seconds):
        yield _outlives("softDeletePolicy", seconds, "deleted objects")
    if bucket.versioning.enabled:
        days = (_days(rule) for rule in bucket.lifecycle.rule if rule.action.type == "Delete")
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
    if bucket.logging.log_bucket:
        yield SettingSeen(
            name="logging.logBucket",
            value=template(bucket.logging.log_bucket),
            effect="collects",
            of="whoever reads an object",
            category="user.device.ip_address",
        )


def readers(asking: Asking) -> Iterator[Part]:
    """Yield whether anybody on the internet can read, and what is not known of that."""
    access = _bucket(asking).iam_configuration
    if access.public_access_prevention == "enforced":
        return
    for binding in asking.api.get(f"{place_of(asking)}/iam", _Policy).bindings:
        for member in sorted(_ANYBODY.intersection(binding.members)):
            yield SettingSeen(
                name=template(binding.role), value=member, effect="exposes", of="objects"
            )
    if not access.uniform_bucket_level_access.enabled:
        needs = "uniform bucket-level access: without it each object may be open by itself"
        yield Gap(what="who can read single objects", reason=Reason.NOT_VERIFIED, needs=needs)


def _bucket(asking: Asking) -> _Bucket:
    return asking.api.get(place_of(asking), _Bucket)


def _deletion(condition: dict[str, object]) -> Iterator[Part]:
    """Yield a rule that bounds the age of all live objects, or of all below a prefix.

    With any further condition some objects escape it, so that it promises nothing.
    """
    if "age" not in condition or not _is_alone(condition):
        return
    days, prefixes = _whole(condition["age"]), condition.get("matchesPrefix") or [""]
    if days is None or not isinstance(prefixes, list):
        needs = f"a rule with an age of 0 to {_MOST:,} days"
        yield Gap(what="a lifecycle rule", reason=Reason.NOT_VERIFIED, needs=needs)
        return
    for prefix in prefixes:
        yield SettingSeen(
            name="lifecycle.rule",
            value=f"age {days}",
            effect="deletes_after",
            of=f"objects below {template(str(prefix))}" if prefix else "objects",
            period=f"P{days}D",
        )


def _is_alone(condition: dict[str, object]) -> bool:
    """Return whether nothing but prefixes narrows an age of live objects."""
    is_live = condition.get("isLive", True) is True
    return is_live and set(condition) <= {"age", "isLive", "matchesPrefix"}


def _days(rule: _Rule) -> int | None:
    """Return after how many days, at most, a rule deletes every old version."""
    for name in ("daysSinceNoncurrentTime", "age"):
        others = {key: value for key, value in rule.condition.items() if key != name}
        if name in rule.condition and others in ({}, {"isLive": False}):
            return _whole(rule.condition[name])
    return None


def _whole(days: object) -> int | None:
    """Return a number of days, None for what is none."""
    return days if type(days) is int and 0 <= days <= _MOST else None


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
