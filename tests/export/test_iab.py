"""IAB Europe's disclosure: of the form that its text asks for, with our meaning of each field."""

import json
from typing import Any

import pytest
from inline_snapshot import snapshot
from jsonschema import Draft202012Validator

from auditor.export import FORMATS, Wanted
from auditor.policy import Policy
from auditor.testing import policy

# Written from the list of fields in "Vendor Device Storage & Operational Disclosures" 1.1.
NUMBERS = {"type": "array", "uniqueItems": True, "items": {"type": "integer", "minimum": 1}}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["disclosures", "domains"],
    "additionalProperties": False,
    "properties": {
        "disclosures": {
            "type": "array",
            "items": {
                "type": "object",
                "required": [
                    "identifier", "type", "maxAgeSeconds", "cookieRefresh", "domains", "purposes",
                ],
                "additionalProperties": False,
                "properties": {
                    "identifier": {"type": "string", "minLength": 1, "not": {"const": "*"}},
                    "type": {"enum": ["cookie", "web", "app"]},
                    "maxAgeSeconds": {"type": ["integer", "null"], "minimum": 0},
                    "cookieRefresh": {"type": ["boolean", "null"]},
                    "domains": {"type": "array", "items": {"type": "string", "minLength": 1}},
                    "purposes": NUMBERS,
                    "specialPurposes": NUMBERS,
                    "description": {"type": "string"},
                    "optOut": {"type": ["boolean", "null"]},
                },
                "if": {"properties": {"type": {"const": "cookie"}}},
                "else": {
                    "properties": {
                        "maxAgeSeconds": {"const": None}, "cookieRefresh": {"const": None},
                    }
                },
            },
        },
        "domains": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["domain", "use"],
                "additionalProperties": False,
                "properties": {"domain": {"type": "string"}, "use": {"type": "string"}},
            },
        },
    },
}  # fmt: skip


def written(of: Policy) -> Any:  # noqa: ANN401 -- JSON
    """Return the disclosure, which is of its form."""
    told = json.loads(FORMATS["iab-device-storage"].render(Wanted(policy=of)))
    Draft202012Validator(SCHEMA).validate(told)
    return told


def row(**facts: object) -> Any:  # noqa: ANN401 -- JSON
    """Return the one disclosure of a policy with one row."""
    given = {"identifier": "abc", "type": "cookie", **facts}
    [told] = written(policy(f"device_storage: [{json.dumps(given)}]"))["disclosures"]
    return told


def test_the_small_policy(small: Policy) -> None:
    """What is only read from the device is no storage."""
    assert written(small) == snapshot(
        {
            "disclosures": [
                {
                    "identifier": "__stripe_mid",
                    "type": "cookie",
                    "maxAgeSeconds": 31536000,
                    "cookieRefresh": True,
                    "domains": ["example.org"],
                    "purposes": [],
                    "specialPurposes": [1],
                    "description": "Recognises a browser that paid",
                },
                {
                    "identifier": "session",
                    "type": "cookie",
                    "maxAgeSeconds": 0,
                    "cookieRefresh": False,
                    "domains": ["example.org"],
                    "purposes": [1],
                },
                {
                    "identifier": "theme",
                    "type": "web",
                    "maxAgeSeconds": None,
                    "cookieRefresh": None,
                    "domains": ["example.org"],
                    "purposes": [1],
                },
            ],
            "domains": [
                {"domain": "example.org", "use": "website of Lantern"},
                {"domain": "*.stripe.com", "use": "Stripe"},
            ],
        }
    )


@pytest.mark.parametrize(
    ("lifetime", "seconds"),
    [
        pytest.param("session", 0, id="session"),
        pytest.param("PT30M", 1_800, id="half an hour"),
        pytest.param("P1DT1H", 90_000, id="a day and an hour"),
        pytest.param("PT36H", 129_600, id="36 hours"),
        pytest.param("P1M", 31 * 86_400, id="the longest month"),
        pytest.param("P2M", 62 * 86_400, id="the two longest months in a row"),
        pytest.param("P1Y", 365 * 86_400, id="a year"),
        pytest.param("P12M", 365 * 86_400, id="the same in months"),
    ],
)
def test_lifetimes_in_seconds(lifetime: str, seconds: int) -> None:
    """Months are counted by the calendar, as long as they can be."""
    assert row(max_age=lifetime)["maxAgeSeconds"] == seconds


@pytest.mark.parametrize(
    "kind", ["local_storage", "session_storage", "indexed_db", "cache_storage"]
)
def test_all_other_storage_is_web(kind: str) -> None:
    """It has no lifetime in this format."""
    told = row(type=kind)
    assert (told["type"], told["maxAgeSeconds"], told["cookieRefresh"]) == ("web", None, None)


@pytest.mark.parametrize(
    ("purpose", "consent", "purposes", "special"),
    [
        pytest.param("essential.service", "required", [1], [], id="ours alone"),
        pytest.param("marketing.advertising.profiling", "required", [1, 3], [], id="asked"),
        pytest.param("functional.storage", "required", [1], [], id="storing itself"),
        pytest.param("functional.storage", "exempt_transmission", [], [], id="exempt"),
        pytest.param("essential.fraud_detection", "required", [1], [1], id="special"),
    ],
)
def test_purpose_1_means_that_one_is_asked(
    purpose: str, consent: str, purposes: list[int], special: list[int]
) -> None:
    """The purposes are those that the vocabulary maps; exempt rows are without 1."""
    told = row(purpose=purpose, consent=consent)
    assert (told["purposes"], told.get("specialPurposes", [])) == (purposes, special)


def test_wildcards_stay() -> None:
    """A part of a name may be a wildcard there, too."""
    assert row(identifier="_ga_*", domains=["*.example.org"])["identifier"] == "_ga_*"


def test_a_hostile_name_is_a_string() -> None:
    """Nothing but ASCII is written, so nothing hidden is."""
    made = FORMATS["iab-device-storage"].render(
        Wanted(policy=policy('device_storage: [{identifier: "a\\"}é<b", type: cookie}]'))
    )
    assert made.isascii()
    assert json.loads(made)["disclosures"][0]["identifier"] == 'a"}é<b'
