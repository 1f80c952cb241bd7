"""A value is called an identifier if it could single out a visitor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.names import looks_like_identifier

IDENTIFIERS = [
    "GA1.1.1234567890.1763812345",
    "GS1.1.1763812345.1.1.1763812399.0.0.0",
    "fb.1.1763812345678.1234567890",
    "3f9c2a1b-77de-4c1f-9a3b-0123456789ab",
    "d41d8cd98f00b204e9800998ecf8427e",
    "s%3Akq3Xw9ZpL2mN8vB4cR7tY1.abc",
    "V1StGXR8_Z5jdHi6B-myT",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def",
    "jane@example.org",
    "jane%40example.org",
    "192.168.1.20",
    "1234567",
    '{"consent":true,"id":"k3j9x0q2lz7m"}',
    "isGpcEnabled=0&consentId=3f9c2a1b-77de-4c1f-9a3b-0123456789ab&groups=C0001%3A1",
]

ORDINARY = [
    *("", "1", "-1", "true", "null", "accepted", "granted", "denied", "dark-mode", "windows10"),
    *("en-US", "en-US,en;q=0.9", "Europe/Paris", "America/Argentina/Buenos_Aires", "USD", "75011"),
    *("1.2.3", "v2.14.0", "142.0.7444.59", "1920x1080", "1920x1080x24", "19999.99", "50%"),
    *("2026-11-22", "20261122", "20261122T103000Z", "2026-11-22T10:30:00.123456Z", "10:30"),
    *("2026-11-22T10%3A30%3A00.123456Z",),
    *("2026-11-22 10:30", "Sat, 22 Nov 2026 10:30:00 GMT+0100", "1763812345", "1763812345678"),
    *('{"necessary":true,"at":1763812345678}', "necessary:1|analytics:0", "a%2Cstatistics"),
    *("1YNN", "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA.YAAAAAAAAAA", "#ff00aa"),
    *("https://reach4help.org/donate", "/volunteer/sign-up"),
]


@pytest.mark.parametrize("value", IDENTIFIERS)
def test_identifiers(value: str) -> None:
    """Ids, tokens, addresses and long numbers single out, inside other text as well."""
    assert looks_like_identifier(value)


@pytest.mark.parametrize("value", ORDINARY)
def test_ordinary_values(value: str) -> None:
    """Flags, words, dates, locales, sizes and consent strings do not."""
    assert not looks_like_identifier(value)


@given(st.uuids().map(str), st.text(",;|:= ", max_size=3))
def test_uuids(uuid: str, around: str) -> None:
    """A UUID is found whatever separates it from the rest."""
    assert looks_like_identifier(f"accepted{around}" * bool(around) + uuid)


@given(st.text() | st.sampled_from(["1", "-a", "@a.b", "%", "aA1"]).map(lambda t: t * 100_000))
def test_any_value(value: str) -> None:
    """Any value, however long, gets an answer."""
    assert looks_like_identifier(value) in {True, False}
