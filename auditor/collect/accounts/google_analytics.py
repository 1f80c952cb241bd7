"""Google Analytics 4: how long events and people's ids are kept, what is collected, what goes on.

A property takes 17 requests, and two for each web stream; none depends on how many events there
are. No record is listed: only counts are asked for.
"""

from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Connector, Part, Question
from auditor.collect.accounts.google_analytics_copies import EVENTS, LINKS, linked, sharing
from auditor.collect.accounts.google_analytics_events import events
from auditor.collect.accounts.google_analytics_property import (
    ADMIN,
    DATA,
    REPORTS,
    SCOPE,
    listed,
    property_of,
)
from auditor.collect.accounts.google_analytics_streams import streams
from auditor.collect.credentials import google
from auditor.collect.rest import Service
from auditor.evidence import Aspect, Gap, Reason, SettingSeen

_MONTHS: Final = {
    "TWO_MONTHS": "P2M",
    "FOURTEEN_MONTHS": "P14M",
    "TWENTY_SIX_MONTHS": "P26M",
    "THIRTY_EIGHT_MONTHS": "P38M",
    "FIFTY_MONTHS": "P50M",
}
_PEOPLE: Final = "people's ids"


class _Retention(Struct, frozen=True):
    eventDataRetention: str = ""  # noqa: N815 -- Google's names, here and below
    userDataRetention: str = ""  # noqa: N815
    resetUserDataOnNewActivity: bool = False  # noqa: N815


class _Signals(Struct, frozen=True):
    state: str = ""


class _UserProvided(Struct, frozen=True):
    userProvidedDataCollectionEnabled: bool = False  # noqa: N815
    automaticallyDetectedDataCollectionEnabled: bool = False  # noqa: N815


class _Audience(Struct, frozen=True):
    name: str = ""
    membershipDurationDays: int = 0  # noqa: N815


def _retention(asking: Asking) -> Iterator[Part]:
    place = f"{ADMIN}/v1beta/{property_of(asking)}/dataRetentionSettings"
    found = asking.api.get(place, _Retention)
    for name, value, of in (
        ("eventDataRetention", found.eventDataRetention, EVENTS),
        ("userDataRetention", found.userDataRetention, _PEOPLE),
    ):
        if value in _MONTHS:
            yield SettingSeen(
                name=name, value=value, effect="deletes_after", of=of, period=_MONTHS[value]
            )
        else:
            yield _unknown(name)
    yield SettingSeen(
        name="resetUserDataOnNewActivity",
        value=str(found.resetUserDataOnNewActivity).lower(),
        effect="counts_from_last_use",
        of=_PEOPLE,
        is_on=found.resetUserDataOnNewActivity,
    )


def _signals(asking: Asking) -> Iterator[Part]:
    place = f"{ADMIN}/v1alpha/{property_of(asking)}/googleSignalsSettings"
    state = asking.api.get(place, _Signals).state
    if state not in {"GOOGLE_SIGNALS_ENABLED", "GOOGLE_SIGNALS_DISABLED"}:
        yield _unknown("googleSignalsSettings.state")
        return
    yield SettingSeen(
        name="googleSignalsSettings.state",
        value=state,
        effect="collects",
        of="people who are signed in to Google",
        is_on=state == "GOOGLE_SIGNALS_ENABLED",
        category="user.demographic",
    )


def _user_provided(asking: Asking) -> Iterator[Part]:
    place = f"{ADMIN}/v1alpha/{property_of(asking)}/userProvidedDataSettings"
    found = asking.api.get(place, _UserProvided)
    is_on = found.userProvidedDataCollectionEnabled
    is_detected = is_on and found.automaticallyDetectedDataCollectionEnabled
    for name, on, of in (
        ("userProvidedDataCollectionEnabled", is_on, "what the site sends"),
        ("automaticallyDetectedDataCollectionEnabled", is_detected, "what the tag finds in pages"),
    ):
        yield SettingSeen(
            name=name,
            value=str(on).lower(),
            effect="collects",
            of=of,
            is_on=on,
            category="user.contact",
        )


def _audiences(asking: Asking) -> Iterator[Part]:
    place = f"{ADMIN}/v1alpha/{property_of(asking)}/audiences"
    for number, audience in enumerate(listed(asking, place, "audiences", _Audience), 1):
        of = f"members of audience {number}"
        if audience.membershipDurationDays < 1:
            yield _unknown(f"membershipDurationDays, {of}")
            continue
        yield SettingSeen(
            name="membershipDurationDays",
            value=str(audience.membershipDurationDays),
            effect="deletes_after",
            of=of,
            period=f"P{audience.membershipDurationDays}D",
        )


def _unknown(name: str) -> Gap:
    needs = f"a value of {name} that is documented"
    return Gap(what=name, reason=Reason.NOT_VERIFIED, needs=needs)


def _question(what: str, ask: Callable[[Asking], Iterator[Part]], *aspects: Aspect) -> Question:
    return Question(
        what=what,
        permission="the scope analytics.readonly and the role Viewer of the property",
        aspects=aspects or (Aspect.SETTINGS,),
        ask=ask,
    )


GOOGLE_ANALYTICS: Final = Connector(
    name="google_analytics",
    service=Service(name="Google Analytics", hosts=(ADMIN, DATA), reads=(REPORTS,)),
    questions=(
        _question("data retention", _retention),
        _question("Google signals", _signals),
        _question("data that people gave", _user_provided),
        _question("streams, redaction and enhanced measurement", streams),
        *(_question(f"links to {to}", linked(kind)) for kind, (_, to) in LINKS.items()),
        _question("audiences", _audiences),
        _question("data sharing", sharing),
        _question("events", events, Aspect.TABLES, Aspect.FIELDS),
    ),
    credential="a service account with the role Viewer of this property and nothing else, its key"
    " as JSON in the variable; or an access token of the scope analytics.readonly",
    headers=google(SCOPE),
    cannot_show=(
        Gap(
            what="age of events",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="Google tells how long events are to be kept and not how old the oldest is;"
            " reports are made of totals that stay. Attach a screen of Admin > Data retention",
            aspects=(Aspect.AGES,),
        ),
        Gap(
            what="copies in BigQuery",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="retention settings do not cover what was exported: declare a linked BigQuery"
            " dataset as a store, or attach its expiration setting",
            aspects=(Aspect.AGES,),
        ),
        Gap(
            what="who is in the events",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="Google does not list people: an erasure is asked for by client or user id, and"
            " attested",
            aspects=(Aspect.SUBJECTS,),
        ),
        Gap(
            what="what the credential may change",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="attest that its role is Viewer, and attach a screen of Admin > Access"
            " management",
            aspects=(Aspect.PRIVILEGES,),
        ),
    ),
)
