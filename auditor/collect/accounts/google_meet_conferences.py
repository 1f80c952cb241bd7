"""Conferences of Google Meet that one account may see, who was in them, and what they left."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Part
from auditor.collect.accounts.counting import known_field
from auditor.collect.accounts.google_list import listed
from auditor.collect.ages import AgeCount
from auditor.collect.people import PeopleCount
from auditor.collect.refused import RefusedError
from auditor.evidence import Gap, Reason, SettingSeen, TableSeen

MEET: Final = "https://meet.googleapis.com"
_KEPT: Final = timedelta(days=30)
_NAME: Final = re.compile(r"conferenceRecords/[A-Za-z0-9_-]+")
_FIELDS: Final = {
    "signedinUser.displayName": "user.name",
    "signedinUser.user": "user.unique_id",
    "anonymousUser.displayName": "user.name",
    "phoneUser.displayName": "user.contact.phone_number",
}


class Conference(Struct, frozen=True):
    """A conference, by the name under which the rest is asked for."""

    name: str
    startTime: str | None = None  # noqa: N815 -- Google's names, here and below
    endTime: str | None = None  # noqa: N815
    expireTime: str | None = None  # noqa: N815


class _User(Struct, frozen=True):
    user: str | None = None
    displayName: str | None = None  # noqa: N815


class _Participant(Struct, frozen=True):
    earliestStartTime: str | None = None  # noqa: N815
    signedinUser: _User | None = None  # noqa: N815
    anonymousUser: _User | None = None  # noqa: N815
    phoneUser: _User | None = None  # noqa: N815


def each_conference(asking: Asking) -> Iterator[Conference]:
    """Yield the conferences that the account may see: those that it organised."""
    place = f"{MEET}/v2/conferenceRecords"
    for one in listed(asking.api, place, "conferenceRecords", Conference, {"pageSize": 100}):
        if not _NAME.fullmatch(one.name):
            raise RefusedError(Reason.NOT_VERIFIED, "a conference's name as it is documented")
        yield one


def conferences(asking: Asking) -> Iterator[Part]:
    """Yield the table of conferences, and when Google says that it deletes them."""
    created = AgeCount("created", "startTime")
    ended = AgeCount("event_end", "endTime; startTime while it goes on")
    late = 0
    for one in each_conference(asking):
        created.add_text(one.startTime)
        ended.add_text(one.endTime or one.startTime)
        late += _is_late(one)
    yield TableSeen(
        name="conference records",
        kind="collection",
        rows=created.ages().rows,
        ages=(created.ages(), ended.ages()),
    )
    yield SettingSeen(
        name="expiry of conference records, by Google's description of the interface",
        value="30 days after the end",
        effect="deletes_after",
        of="conference records and participants",
        period="P30D",
    )
    if late:
        needs = f"an expiry within 30 days: {late} conferences name a later one, or none"
        yield Gap(what="expiry of conference records", reason=Reason.NOT_VERIFIED, needs=needs)


def _is_late(one: Conference) -> bool:
    """Return whether a conference that has ended stays for longer than is documented."""
    if not one.endTime:
        return False
    try:
        end = datetime.fromisoformat(one.endTime)
        return datetime.fromisoformat(one.expireTime or "") - end > _KEPT
    except (ValueError, TypeError):  # no dates, or only one of them with a time zone
        return True


def participants(asking: Asking) -> Iterator[Part]:
    """Yield the table of who was there: how many have a name, an account, a telephone number."""
    ages = AgeCount("created", "earliestStartTime")
    people = PeopleCount(asking.key, "signedinUser.user", "id")
    filled = dict.fromkeys(_FIELDS, 0)
    for conference in each_conference(asking):
        place = f"{MEET}/v2/{conference.name}/participants"
        params = {"pageSize": 250}
        for one in listed(asking.api, place, "participants", _Participant, params):
            ages.add_text(one.earliestStartTime)
            people.add(((one.signedinUser and one.signedinUser.user) or "").removeprefix("users/"))
            for field in filled:
                user, _, part = field.partition(".")
                filled[field] += bool(getattr(getattr(one, user), part, None))
    rows = ages.ages().rows
    yield TableSeen(
        name="participants",
        kind="collection",
        rows=rows,
        fields=tuple(
            known_field(name, category, rows, filled[name]) for name, category in _FIELDS.items()
        ),
        ages=(ages.ages(),),
        subjects=people.seen() if filled["signedinUser.user"] or not rows else (),
    )
