"""What events of Google Analytics hold: documented fields, the site's own, and addresses in them.

Events are counted, never listed: no value of one travels.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Part
from auditor.collect.accounts.counting import known_field
from auditor.collect.accounts.google_analytics_property import ADMIN, DATA, listed, property_of
from auditor.collect.refused import RefusedError
from auditor.collect.stores.reader import Column, Sample
from auditor.evidence import Aspect, FieldSeen, Found, Gap, Reason, TableSeen
from auditor.names import template

# What Google documents as collected with each event.
_ALWAYS: Final = {
    "user_pseudo_id": "user.device.cookie_id",
    "page_location": "user.behavior.browsing_history",
    "page_referrer": "user.behavior.browsing_history",
    "event_timestamp": "user.behavior",
    "geo": "user.location.imprecise",
    "device": "user.device",
}
_FIRST: Final = "2015-08-14"  # no report goes further back
_ADDRESS: Final = r"[^/?&=#]+(@|%40)[^/?&=#]+\.[a-zA-Z]{2,}"
_PATHS: Final = {
    "fieldName": "pagePathPlusQueryString",
    "stringFilter": {"matchType": "PARTIAL_REGEXP", "value": _ADDRESS},
}
_SIGNED_IN: Final = {
    "fieldName": "signedInWithUserId",
    "stringFilter": {"matchType": "EXACT", "value": "yes"},
}


class _Dimension(Struct, frozen=True):
    parameterName: str = ""  # noqa: N815 -- Google's names, here and below
    scope: str = ""


class _Value(Struct, frozen=True):
    value: str = ""


class _Row(Struct, frozen=True):
    metricValues: tuple[_Value, ...] = ()  # noqa: N815


class _Meta(Struct, frozen=True):
    subjectToThresholding: bool = False  # noqa: N815
    samplingMetadatas: tuple[dict[str, object], ...] = ()  # noqa: N815


class _Report(Struct, frozen=True):
    rows: tuple[_Row, ...] = ()
    metadata: _Meta = _Meta()


def events(asking: Asking) -> Iterator[Part]:
    """Yield the table of events, and what was not counted in it."""
    at = property_of(asking)
    place = f"{ADMIN}/v1beta/{at}/customDimensions"
    own = tuple(listed(asking, place, "customDimensions", _Dimension))
    try:
        counts = [_count(asking, only) for only in (None, _SIGNED_IN, _PATHS)]
    except RefusedError as error:
        needs = f"{error.needs}. It takes the Google Analytics Data API, turned on in the project"
        yield Gap(what="numbers of events", reason=error.reason, needs=needs)
        yield TableSeen(name="events", kind="collection", fields=tuple(_named(own, 0)))
        return
    if not all(is_whole for _, is_whole in counts):
        needs = "reports without thresholds and samples: Google holds back rows of few people"
        yield _gap("numbers of events", Reason.NOT_VERIFIED, needs)
    if own:
        needs = f"what the property's {len(own)} own dimensions hold: their values are not read"
        yield _gap("own dimensions", Reason.CANNOT_BE_SHOWN, needs)
    rows, signed_in, addressed = (number for number, _ in counts)
    fields = [known_field(name, category, rows, rows) for name, category in _ALWAYS.items()]
    fields.append(known_field("user_id", "user.unique_id", rows, signed_in))
    fields.append(_paths(rows, addressed))
    fields += _named(own, rows)
    yield TableSeen(name="events", kind="collection", rows=rows, fields=tuple(fields))


def _gap(what: str, reason: Reason, needs: str) -> Gap:
    return Gap(what=what, reason=reason, needs=needs, aspects=(Aspect.FIELDS,))


def _count(asking: Asking, only: object) -> tuple[int, bool]:
    """Return the number of events, and whether that is all of them."""
    body = {
        "dateRanges": [{"startDate": _FIRST, "endDate": "today"}],
        "metrics": [{"name": "eventCount"}],
        **({"dimensionFilter": {"filter": only}} if only else {}),
    }
    report = asking.api.ask(f"{DATA}/v1beta/{property_of(asking)}:runReport", _Report, body)
    texts = [value.value for row in report.rows for value in row.metricValues]
    if not all(text.isascii() and text.isdecimal() and len(text) < 20 for text in texts):  # noqa: PLR2004
        raise RefusedError(Reason.NOT_VERIFIED, "a number of events")
    meta = report.metadata
    return sum(map(int, texts)), not (meta.subjectToThresholding or meta.samplingMetadatas)


def _paths(rows: int, addressed: int) -> FieldSeen:
    """Return how many events have an e-mail address in the page's address, counted by Google."""
    found = Found(
        category="user.contact.email",
        detector="email",
        hits=addressed,
        looked_at=rows,
        low=addressed / rows if rows else 0.0,
        high=addressed / rows if rows else 0.0,
        embedded=True,
        exhaustive=True,
        confidence="high",
    )
    return FieldSeen(
        name="pagePathPlusQueryString",
        rows=rows,
        filled=rows,
        looked_at=rows,
        exhaustive=True,
        found=(found,) if addressed else (),
    )


def _named(own: tuple[_Dimension, ...], rows: int) -> Iterator[FieldSeen]:
    """Yield the site's own parameters: what their names say, since values are not looked at."""
    from auditor.collect.stores.profiling import profile_column  # noqa: PLC0415 -- takes a while

    for name in sorted({template(each.parameterName) for each in own if each.parameterName}):
        column = Column(name=name, type="", kind="text")
        found = profile_column("events", column, Sample(rows=rows, filled=0, values=()))
        yield FieldSeen(name=name, rows=rows, found=found)
