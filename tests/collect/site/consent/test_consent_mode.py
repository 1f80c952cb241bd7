import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.site.consent import ConsentMode, consent_mode
from auditor.collect.site.consent.consent_mode import Answer

URL = "https://www.google-analytics.com/g/collect?v=2"


def alike(answer: Answer, *, chosen: bool = False) -> ConsentMode:
    """Return one answer to everything."""
    return ConsentMode(
        ad_storage=answer,
        analytics_storage=answer,
        ad_user_data=answer,
        ad_personalization=answer,
        chosen=chosen,
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("gcs=G100", ConsentMode(ad_storage="denied", analytics_storage="denied")),
        ("gcs=G101", ConsentMode(ad_storage="denied", analytics_storage="granted")),
        ("gcs=G111", ConsentMode(ad_storage="granted", analytics_storage="granted")),
        ("gcs=G1-0", ConsentMode(analytics_storage="denied")),
        ("gcd=11p1p1p1p5", alike("denied")),
        ("gcd=13t3t3t3t5", alike("granted")),
        ("gcd=13r3r3r3r5", alike("granted", chosen=True)),
        ("gcd=13q3q3q3q5", alike("denied", chosen=True)),
        ("gcd=13l3l3l3l1&gcs=G111", consent_mode(f"{URL}&gcs=G111")),
        ("gcd=13l3l3l3l1", None),
        ("gcs=G2", None),
        ("q=1", None),
    ],
)
def test_what_requests_say(query: str, said: ConsentMode | None) -> None:
    """`gcd` says more than `gcs` and is preferred, unless it says that nothing was set."""
    assert consent_mode(f"{URL}&{query}") == said


@given(st.text(max_size=300))
def test_any_address_can_be_read(text: str) -> None:
    """Whatever stands in an address, it is read or is none."""
    consent_mode(text)
    consent_mode(f"{URL}&gcd={text}&gcs={text}")
