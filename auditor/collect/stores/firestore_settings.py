"""How a Firestore database is set: what expires, and for how long what is gone can be had back."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from auditor.collect.refused import RefusedError
from auditor.collect.rest import Api
from auditor.evidence import Reason, SettingSeen

_DAY: Final = 86_400  # seconds
_LONGEST: Final = 12  # digits of a number of seconds


class _Database(Struct, frozen=True, rename="camel"):
    version_retention_period: str = ""
    point_in_time_recovery_enablement: str = ""


class _Ttl(Struct, frozen=True):
    state: str = ""


class _Field(Struct, frozen=True, rename="camel"):
    name: str = ""
    ttl_config: _Ttl | None = None


class _Fields(Struct, frozen=True):
    fields: list[_Field] = []


class _Schedule(Struct, frozen=True):
    retention: str = ""


class _Schedules(Struct, frozen=True, rename="camel"):
    backup_schedules: list[_Schedule] = []


def settings_of(api: Api, root: str) -> Iterator[SettingSeen]:
    """Yield the settings of a database; `RefusedError` if the credential may not see them."""
    database = api.get(root, _Database)
    if database.version_retention_period:
        yield _kept(
            database.point_in_time_recovery_enablement or "versionRetentionPeriod",
            database.version_retention_period,
            "deleted and changed documents",
        )
    schedules = api.get(f"{root}/backupSchedules", _Schedules).backup_schedules
    for number, schedule in enumerate(schedules, 1):
        yield _kept(f"backupSchedule {number}", schedule.retention, "backups")
    place = f"{root}/collectionGroups/-/fields"
    for field in api.get(place, _Fields, {"filter": "ttlConfig:*"}).fields:
        if field.ttl_config and field.ttl_config.state == "ACTIVE":
            parts = field.name.split("/")
            yield SettingSeen(
                name="ttlConfig",
                value="ACTIVE",
                effect="deletes_at",
                of="/".join(parts[-3::2])[:500],  # the collection, and the field that says when
            )


def _kept(name: str, text: str, of: str) -> SettingSeen:
    """Return a time that Google writes as seconds: `604800s`."""
    digits = text.removesuffix("s").partition(".")[0]
    if not digits.isdecimal() or len(digits) > _LONGEST:
        raise RefusedError(Reason.NOT_VERIFIED, "a time in seconds")
    seconds = int(digits)
    period = f"P{seconds // _DAY}D" if seconds % _DAY == 0 else f"PT{seconds}S"
    return SettingSeen(
        name=name, value=text[:50], effect="outlives_deletion", of=of, period=period
    )
