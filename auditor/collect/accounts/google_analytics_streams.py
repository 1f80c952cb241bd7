"""What each stream of a Google Analytics property collects by itself, and what it blacks out."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Part
from auditor.collect.accounts.google_analytics_property import ADMIN, listed, property_of
from auditor.evidence import Aspect, Gap, Reason, SettingSeen

_WEB: Final = "WEB_DATA_STREAM"
_MEASURED: Final = {
    "scrollsEnabled": "user.behavior.browsing_history",
    "outboundClicksEnabled": "user.behavior.browsing_history",
    "siteSearchEnabled": "user.behavior.search_history",
    "videoEngagementEnabled": "user.behavior.media_consumption",
    "fileDownloadsEnabled": "user.behavior.browsing_history",
    "pageChangesEnabled": "user.behavior.browsing_history",
    "formInteractionsEnabled": "user.behavior",
}


class _Stream(Struct, frozen=True):
    name: str = ""
    type: str = ""


class _Redaction(Struct, frozen=True):
    emailRedactionEnabled: bool = False  # noqa: N815 -- Google's name


def streams(asking: Asking) -> Iterator[Part]:
    """Yield what each web stream collects; streams of apps have no such settings."""
    at = property_of(asking)
    number = 0
    for stream in listed(asking, f"{ADMIN}/v1beta/{at}/dataStreams", "dataStreams", _Stream):
        number += 1
        if stream.type != _WEB:
            continue
        own = stream.name.removeprefix(f"{at}/dataStreams/")
        if not (own.isascii() and own.isdecimal()):
            needs = "a stream's name in the form that is documented"
            yield Gap(what=f"stream {number}", reason=Reason.NOT_VERIFIED, needs=needs)
            continue
        yield from _redaction(asking, f"{at}/dataStreams/{own}")
        yield from _measured(asking, f"{at}/dataStreams/{own}")
    if not number:
        needs = "a stream: the property has none that can be seen, so nothing is collected in it"
        yield Gap(
            what="streams",
            reason=Reason.NOT_IN_EVIDENCE,
            needs=needs,
            aspects=(Aspect.SETTINGS, Aspect.TABLES),
        )


def _redaction(asking: Asking, stream: str) -> Iterator[Part]:
    place = f"{ADMIN}/v1alpha/{stream}/dataRedactionSettings"
    is_on = asking.api.get(place, _Redaction).emailRedactionEnabled
    yield SettingSeen(
        name="emailRedactionEnabled",
        value=str(is_on).lower(),
        effect="collects",
        of=f"addresses in events of {stream}",
        is_on=not is_on,  # they are kept as they come
        category="user.contact.email",
    )


def _measured(asking: Asking, stream: str) -> Iterator[Part]:
    place = f"{ADMIN}/v1alpha/{stream}/enhancedMeasurementSettings"
    found = asking.api.get(place, dict[str, object])
    for name, category in _MEASURED.items():
        is_on = found.get("streamEnabled") is True and found.get(name) is True
        yield SettingSeen(
            name=name,
            value=str(found.get(name) is True).lower(),
            effect="collects",
            of=stream,
            is_on=is_on,
            category=category,
        )
