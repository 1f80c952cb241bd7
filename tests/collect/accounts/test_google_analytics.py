"""Google Analytics, on a stand-in that answers as Google's own descriptions say."""

from collections.abc import Callable

import pytest
from fakes.documents import Json
from fakes.google_documents import google
from fakes.openapi import GOOD, Fake, Said
from fakes.running import gaps, seen_by, settings, tables, whole_text

from auditor.collect.accounts.connector import Part
from auditor.collect.accounts.google_analytics import GOOGLE_ANALYTICS
from auditor.evidence import Reason
from auditor.policy import Account

ACCOUNT = Account(id="statistics", connector="google_analytics", property="properties/7")
SCOPES = ("https://www.googleapis.com/auth/analytics.readonly",)
PLANTED = "Ada Planted <ada.planted@example.net>"
RETENTION = "/v1beta/properties/7/dataRetentionSettings"
REPORT = "POST /v1beta/properties/7:runReport"
DOCUMENT = google("analyticsadmin.v1beta", "analyticsadmin.v1alpha", "analyticsdata.v1beta")
STREAM = "properties/7/dataStreams/8"


def reports(
    events: int, signed_in: int, addressed: int, **meta: Json
) -> Callable[[dict[str, Json]], dict[str, Json]]:
    """Return what answers a report, by what it is confined to."""

    def answer(body: dict[str, Json]) -> dict[str, Json]:
        assert "dimensions" not in body
        only = body.get("dimensionFilter", {}).get("filter", {}).get("fieldName", "")
        counts = {
            "": events,
            "signedInWithUserId": signed_in,
            "pagePathPlusQueryString": addressed,
        }
        rows = [{"metricValues": [{"value": str(counts[only])}]}] if counts[only] else []
        return {"rows": rows, "rowCount": len(rows), "metadata": meta}

    return answer


def held(**more: Json) -> dict[str, Json]:
    """Return what the stand-in holds, by path."""
    alpha = "/v1alpha/properties/7"
    return {
        RETENTION: {
            "eventDataRetention": "FOURTEEN_MONTHS",
            "userDataRetention": "TWO_MONTHS",
            "resetUserDataOnNewActivity": True,
        },
        f"{alpha}/googleSignalsSettings": {"state": "GOOGLE_SIGNALS_DISABLED"},
        f"{alpha}/userProvidedDataSettings": {"userProvidedDataCollectionEnabled": False},
        "/v1beta/properties/7/dataStreams": {
            "dataStreams": [
                {"name": STREAM, "type": "WEB_DATA_STREAM"},
                {"name": "properties/7/dataStreams/9", "type": "IOS_APP_DATA_STREAM"},
            ]
        },
        f"/v1alpha/{STREAM}/dataRedactionSettings": {"emailRedactionEnabled": True},
        f"/v1alpha/{STREAM}/enhancedMeasurementSettings": {
            "streamEnabled": True,
            "siteSearchEnabled": True,
        },
        f"{alpha}/bigQueryLinks": {"bigqueryLinks": []},
        "/v1beta/properties/7/firebaseLinks": {"firebaseLinks": []},
        "/v1beta/properties/7/googleAdsLinks": {"googleAdsLinks": []},
        f"{alpha}/displayVideo360AdvertiserLinks": {},
        f"{alpha}/searchAds360Links": {},
        f"{alpha}/adSenseLinks": {},
        f"{alpha}/audiences": {"audiences": []},
        "/v1beta/properties/7": {"name": "properties/7", "account": "accounts/5"},
        "/v1beta/accounts/5/dataSharingSettings": {"name": "accounts/5/dataSharingSettings"},
        "/v1beta/properties/7/customDimensions": {"customDimensions": []},
        REPORT: reports(1000, 0, 0),
        **more,
    }


def seen(
    fake: Fake, *whats: str, account: Account = ACCOUNT, credential: str = GOOD
) -> list[Part]:
    """Return what the questions of these subjects yield, of all if none is named."""
    return seen_by(GOOGLE_ANALYTICS, fake, account, *whats, credential=credential)


def fake_of(**more: Json) -> Fake:
    """Return a stand-in whose token may read, with more than it usually holds."""
    return Fake(DOCUMENT, held(**more), scopes=SCOPES)


def test_a_property_is_seen_whole() -> None:
    """A credential that may read leaves no gap, and asks for no list of people."""
    fake = fake_of()
    parts = seen(fake)
    assert not gaps(parts)
    assert tables(parts)["events"].rows == 1000
    assert len(fake.asked) == 19
    assert {line.split()[0] for line in fake.asked if "runReport" not in line} == {"GET"}


def test_two_settings_of_retention() -> None:
    """Events and people's ids have a time each; counting from last use is a third fact."""
    found = settings(seen(fake_of(), "data retention"))
    assert [(one.name, one.of, one.period, one.effect, one.is_on) for one in found] == [
        ("eventDataRetention", "events", "P14M", "deletes_after", True),
        ("userDataRetention", "people's ids", "P2M", "deletes_after", True),
        ("resetUserDataOnNewActivity", "people's ids", "", "counts_from_last_use", True),
    ]


@pytest.mark.parametrize("value", ["RETENTION_DURATION_UNSPECIFIED", "TWELVE_MONTHS", ""])
def test_a_time_that_is_not_documented(value: str) -> None:
    """A value that Google does not document is a gap, never a guess."""
    body = b'{"eventDataRetention": "%s", "userDataRetention": "TWO_MONTHS"}' % value.encode()
    fake = Fake(DOCUMENT, held(), scopes=SCOPES, says=[Said(RETENTION, 200, body)])
    parts = seen(fake, "data retention")
    assert [(gap.what, gap.reason) for gap in gaps(parts)] == [
        ("eventDataRetention", Reason.NOT_VERIFIED)
    ]
    assert [one.name for one in settings(parts)] == [
        "userDataRetention",
        "resetUserDataOnNewActivity",
    ]


def test_what_is_collected() -> None:
    """Signals, data that people gave and enhanced measurement collect, if they are on."""
    more: dict[str, Json] = {
        "/v1alpha/properties/7/googleSignalsSettings": {"state": "GOOGLE_SIGNALS_ENABLED"},
        "/v1alpha/properties/7/userProvidedDataSettings": {
            "userProvidedDataCollectionEnabled": True
        },
        f"/v1alpha/{STREAM}/dataRedactionSettings": {"emailRedactionEnabled": False},
    }
    found = settings(seen(fake_of(**more)))
    on = [(one.name, one.category) for one in found if one.effect == "collects" and one.is_on]
    assert on == [
        ("googleSignalsSettings.state", "user.demographic"),
        ("userProvidedDataCollectionEnabled", "user.contact"),
        ("emailRedactionEnabled", "user.contact.email"),
        ("siteSearchEnabled", "user.behavior.search_history"),
    ]
    off = settings(seen(fake_of()))
    assert [one.name for one in off if one.effect == "collects" and one.is_on] == [
        "siteSearchEnabled"
    ]


def test_enhanced_measurement_that_is_off() -> None:
    """A switch of a stream whose enhanced measurement is off collects nothing."""
    more = {f"/v1alpha/{STREAM}/enhancedMeasurementSettings": {"siteSearchEnabled": True}}
    found = settings(seen(fake_of(**more), "streams, redaction and enhanced measurement"))
    assert {one.name for one in found if one.is_on and one.effect == "collects"} == set()


def test_signals_that_are_not_told() -> None:
    """A state of signals that is not documented is a gap."""
    more: dict[str, Json] = {"/v1alpha/properties/7/googleSignalsSettings": {}}
    parts = seen(fake_of(**more), "Google signals")
    assert [gap.reason for gap in gaps(parts)] == [Reason.NOT_VERIFIED]


def test_where_data_go_on() -> None:
    """Each link and each kind of sharing is a way out; whoever made a link is not told."""
    link = {
        "name": "properties/7/bigQueryLinks/x",
        "project": "projects/1",
        "dailyExportEnabled": True,
    }
    ads = {
        "name": "properties/7/googleAdsLinks/y",
        "creatorEmailAddress": "ada.planted@example.net",
    }
    more: dict[str, Json] = {
        "/v1alpha/properties/7/bigQueryLinks": {"bigqueryLinks": [link]},
        "/v1beta/properties/7/googleAdsLinks": {"googleAdsLinks": [ads]},
        "/v1beta/accounts/5/dataSharingSettings": {
            "sharingWithGoogleSupportEnabled": True,
            "sharingWithOthersEnabled": False,
        },
    }
    parts = seen(fake_of(**more))
    assert [(one.name, one.to) for one in settings(parts) if one.effect == "copies_to"] == [
        ("bigQueryLinks", "BigQuery"),
        ("googleAdsLinks", "Google Ads"),
        ("sharingWithGoogleSupportEnabled", "Google's support"),
    ]
    assert "lanted" not in whole_text(parts)


def test_audiences_keep_people() -> None:
    """How long somebody stays in an audience is a time of its own."""
    long = {"displayName": PLANTED, "description": PLANTED, "membershipDurationDays": 540}
    more: dict[str, Json] = {
        "/v1alpha/properties/7/audiences": {"audiences": [long, {"displayName": "x"}]}
    }
    parts = seen(fake_of(**more), "audiences")
    assert [one.period for one in settings(parts)] == ["P540D"]
    assert [gap.what for gap in gaps(parts)] == ["membershipDurationDays, members of audience 2"]
    assert "lanted" not in whole_text(parts)


def test_what_events_hold() -> None:
    """Documented fields, user ids and addresses in pages are counted by Google, and not listed."""
    own = [{"parameterName": "donor_email", "scope": "EVENT"}]
    more = {
        REPORT: reports(1000, 40, 3),
        "/v1beta/properties/7/customDimensions": {"customDimensions": own},
    }
    parts = seen(fake_of(**more), "events")
    fields = {field.name: field for field in tables(parts)["events"].fields}
    assert fields["user_id"].filled == 40
    (found,) = fields["pagePathPlusQueryString"].found
    assert (found.category, found.hits, found.looked_at) == ("user.contact.email", 3, 1000)
    assert "user.contact.email" in {one.category for one in fields["donor_email"].found}
    assert [(gap.what, gap.reason) for gap in gaps(parts)] == [
        ("own dimensions", Reason.CANNOT_BE_SHOWN)
    ]


@pytest.mark.parametrize("meta", [{"subjectToThresholding": True}, {"samplingMetadatas": [{}]}])
def test_counts_that_hold_something_back(meta: dict[str, Json]) -> None:
    """No address found where Google holds rows back is a gap, and no proof."""
    parts = seen(fake_of(**{REPORT: reports(1000, 0, 0, **meta)}), "events")
    assert [gap.what for gap in gaps(parts)] == ["numbers of events"]


def test_reports_that_are_refused() -> None:
    """Without the Data API the table is there, its numbers are a gap."""
    fake = Fake(DOCUMENT, held(), scopes=SCOPES, says=[Said("runReport", 403)])
    parts = seen(fake, "events")
    assert "events" in tables(parts)
    (gap,) = gaps(parts)
    assert gap.reason is Reason.FORBIDDEN
    assert "Google Analytics Data API" in gap.needs


@pytest.mark.parametrize("value", [b'"-1"', b'"many"', b'"1e9"', b"7"])
def test_numbers_that_are_none(value: bytes) -> None:
    """A count in a form that is not documented is a gap, and nothing is counted."""
    body = b'{"rows": [{"metricValues": [{"value": %s}]}]}' % value
    fake = Fake(DOCUMENT, held(), scopes=SCOPES, says=[Said("runReport", 200, body)])
    parts = seen(fake, "events")
    assert [gap.reason for gap in gaps(parts)] == [Reason.NOT_VERIFIED]
    assert tables(parts)["events"].rows == 0


def test_pages() -> None:
    """All pages are read: empty ones between, a full last one, Google's own 403 for a limit."""
    many = [
        {"name": f"properties/7/audiences/{n}", "membershipDurationDays": 30} for n in range(400)
    ]
    held_by = held(**{"/v1alpha/properties/7/audiences": {"audiences": many}})
    busy = Said("page-2", 403, b'{"error": {"status": "rateLimitExceeded"}}', times=1)
    for fake in (
        Fake(DOCUMENT, held_by, scopes=SCOPES, is_sparse=True),
        Fake(DOCUMENT, held_by, scopes=SCOPES, is_full=True),
        Fake(DOCUMENT, held_by, scopes=SCOPES, says=[busy]),
        Fake(DOCUMENT, held_by, scopes=SCOPES, says=[Said("page-2", 429, times=1)]),
    ):
        parts = seen(fake, "audiences")
        assert len(settings(parts)) == 400
        assert not gaps(parts)


@pytest.mark.parametrize(
    ("difficult", "reason"),
    [
        ({"turns": True}, Reason.NOT_VERIFIED),
        ({"says": [Said("page-2", 429)]}, Reason.RATE_LIMITED),
        ({"says": [Said("page-2", 200, b"<html>")]}, Reason.NOT_VERIFIED),
        ({"says": [Said("page-2", 200, b'{"audiences": 7}')]}, Reason.NOT_VERIFIED),
        ({"says": [Said("page-2", 200, b'{"nextPageToken": []}')]}, Reason.NOT_VERIFIED),
        ({"says": [Said("page-2", 403)]}, Reason.FORBIDDEN),
    ],
)
def test_half_a_list_is_a_gap(difficult: dict[str, Json], reason: Reason) -> None:
    """A list that breaks off is a gap, whatever came before."""
    many = [{"membershipDurationDays": 30}] * 250
    more = {"/v1alpha/properties/7/audiences": {"audiences": many}}
    parts = seen(Fake(DOCUMENT, held(**more), scopes=SCOPES, **difficult), "audiences")
    assert [gap.reason for gap in gaps(parts)] == [reason]


def test_no_streams_is_no_proof() -> None:
    """A property without streams collects nothing, or shows none: a gap."""
    more: dict[str, Json] = {"/v1beta/properties/7/dataStreams": {"dataStreams": []}}
    parts = seen(fake_of(**more), "streams, redaction and enhanced measurement")
    assert [gap.what for gap in gaps(parts)] == ["streams"]


def test_refusals() -> None:
    """Another token, another scope and another property are gaps of every question."""
    number = len(GOOGLE_ANALYTICS.questions)
    parts = seen(fake_of(), credential="another")
    assert [gap.reason for gap in gaps(parts)] == [Reason.NO_CREDENTIAL] * number
    other = Fake(DOCUMENT, held(), scopes=("https://www.googleapis.com/auth/drive",))
    assert [gap.reason for gap in gaps(seen(other))] == [Reason.FORBIDDEN] * number
    assert all("Viewer" in question.permission for question in GOOGLE_ANALYTICS.questions)
    for name in ("", "properties/", "properties/7/..", "\N{ARABIC-INDIC DIGIT SEVEN}", "7?x"):
        account = Account(id="statistics", connector="google_analytics", property=name)
        fake = fake_of()
        assert {gap.reason for gap in gaps(seen(fake, account=account))} == {Reason.UNDECIDED}
        assert not fake.asked


def test_the_property_may_be_a_number() -> None:
    """`1234` and `properties/1234` are the same property."""
    account = Account(id="statistics", connector="google_analytics", property="7")
    assert len(settings(seen(fake_of(), "data retention", account=account))) == 3


def test_values_stay_in_memory() -> None:
    """Whatever text Google may send, nothing of it is in the evidence."""
    more: dict[str, Json] = {
        "/v1alpha/properties/7/bigQueryLinks": {
            "bigqueryLinks": [{"name": "properties/7/bigQueryLinks/x"}]
        },
        "/v1alpha/properties/7/audiences": {
            "audiences": [{"name": "properties/7/audiences/1", "membershipDurationDays": 1}]
        },
    }
    fake = Fake(DOCUMENT, held(**more), scopes=SCOPES, text=PLANTED)
    parts = seen(fake)
    assert not gaps(parts)
    assert "lanted" not in whole_text(parts)
