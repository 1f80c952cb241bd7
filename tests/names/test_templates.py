"""What is personal or random in a name is gone from its template; ordinary names stay whole."""

import string
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from auditor.names import same_name, template

PERSONAL = """
_ga_D8LRHP9HJ8
_gat_UA-1234567-1
_hjSessionUser_123456
_iub_cs-12345678
slot_12345
visid_incap_592261
incap_ses_1234_592261
mp_0123456789abcdef0123456789abcdef_mixpanel
ph_phc_AbCdEf0123GhIjKl4567MnOpQr89StUvWxYz0123456_posthog
amplitude_id_fef1e872c952688acd962d30aa545b9ereach4help.org
AMCV_53A934A2566A5D1F0A490D4D%40AdobeOrg
AMCV_XXXX%40AdobeOrg
SSESSd41d8cd98f00b204e9800998ecf8427e
TS01a2b3c4
ASPSESSIONIDQARBCTSD
wordpress_logged_in_d41d8cd98f00b204e9800998ecf8427e
wp-settings-time-17
user-17
firebase:authUser:AIzaSyA1b2C3d4E5f6:[DEFAULT]
@@auth0spajs@@::kq3Xw9ZpL2mN8vB4cR7tY1uI6oP0::default
0f8fad5b-d9cb-469f-a165-70867728950e.session
user-jane.doe@example.org-prefs
draft:prénom.nom@exämple.org
jane%40example.org
jane%2540example%252Eorg
email=o'brien@example.org
{"email":"jane@example.org"}
call-06-12-34-56-78
+33 6 12 34 56 78
+33612345678
ip_192.168.1.20
eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def
V1StGXR8_Z5jdHi6B-myT
token=QWxhZGRpbjpvcGVuIHNlc2FtZQ==
main.3f9c2a1b77.js
app-BxK3dQ9z.js
""".strip().splitlines()

_ORDINARY = """
JSESSIONID PHPSESSID __stripe_mid _ga _gid _fbp csrftoken XSRF-TOKEN cookieconsent_status NID
AWSALBCORS AWSALBTGCORS OptanonAlertBoxClosed wordpress_logged_in_* __Secure-1PSIDTS 1P_JAR li_gc
ajs_anonymous_id DYN_USER_CONFIRM bm_sz __cf_bm sha256 utf8 i18nextLng euconsent-v2 uuid2 reese84
IABGPP_HDR_GppString everest_g_v2 _vwo_uuid_v2 firebaseLocalStorageDb amplitude_id hubspotutk
loglevel:webpack-dev-server __Host-next-auth.csrf-token next-auth.session-token.0 connect.sid
promo_2026-11-22 file-1024x768.jpg logo@2x.png jquery-3.6.0.min.js bootstrap@5.3.0
es2015-polyfills.js WebGL2Support oauth2CallbackUrlV2State web3modalV2 CookieConsentBulkSetting
oidc.user:https://idp.example.org/realms/x:client
"""
ORDINARY = _ORDINARY.split()

emails = st.builds(
    "{}.{}@{}.{}".format,
    *[st.text(string.ascii_letters + "éñ", min_size=3, max_size=12)] * 3,
    st.sampled_from(["org", "co.uk", "museum"]),
)
surroundings = st.sampled_from(["", "user-", "prefs:", "cart/", "a=", "=1", ":1", "-prefs", " "])


def test_personal_parts() -> None:
    """Ids, addresses, numbers and tokens become a star, and what is around them stays readable."""
    assert {name: template(name) for name in PERSONAL} == snapshot(
        {
            "_ga_D8LRHP9HJ8": "_ga_*",
            "_gat_UA-1234567-1": "_gat_UA-*",
            "_hjSessionUser_123456": "_hjSessionUser_*",
            "_iub_cs-12345678": "_iub_cs-*",
            "slot_12345": "slot_*",
            "visid_incap_592261": "visid_incap_*",
            "incap_ses_1234_592261": "incap_ses_*",
            "mp_0123456789abcdef0123456789abcdef_mixpanel": "mp_*_mixpanel",
            "ph_phc_AbCdEf0123GhIjKl4567MnOpQr89StUvWxYz0123456_posthog": "ph_phc_*_posthog",
            "amplitude_id_fef1e872c952688acd962d30aa545b9ereach4help.org": "amplitude_id_*.org",
            "AMCV_53A934A2566A5D1F0A490D4D%40AdobeOrg": "AMCV_*%40AdobeOrg",
            "AMCV_XXXX%40AdobeOrg": "AMCV_*%40AdobeOrg",
            "SSESSd41d8cd98f00b204e9800998ecf8427e": "SSESS*",
            "TS01a2b3c4": "TS*",
            "ASPSESSIONIDQARBCTSD": "ASPSESSIONID*",
            "wordpress_logged_in_d41d8cd98f00b204e9800998ecf8427e": "wordpress_logged_in_*",
            "wp-settings-time-17": "wp-settings-time-*",
            "user-17": "user-*",
            "firebase:authUser:AIzaSyA1b2C3d4E5f6:[DEFAULT]": "firebase:authUser:*:[DEFAULT]",
            "@@auth0spajs@@::kq3Xw9ZpL2mN8vB4cR7tY1uI6oP0::default": "@@auth0spajs@@::*::default",
            "0f8fad5b-d9cb-469f-a165-70867728950e.session": "*.session",
            "user-jane.doe@example.org-prefs": "user-*-prefs",
            "draft:prénom.nom@exämple.org": "draft:*",
            "jane%40example.org": "*",
            "jane%2540example%252Eorg": "*",
            "email=o'brien@example.org": "email=*",
            '{"email":"jane@example.org"}': '{"email":"*"}',
            "call-06-12-34-56-78": "call-*",
            "+33 6 12 34 56 78": "*",
            "+33612345678": "*",
            "ip_192.168.1.20": "ip_*",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def": "*",
            "V1StGXR8_Z5jdHi6B-myT": "*-myT",
            "token=QWxhZGRpbjpvcGVuIHNlc2FtZQ==": "token=*",
            "main.3f9c2a1b77.js": "main.*.js",
            "app-BxK3dQ9z.js": "app-*.js",
        }
    )


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_names(name: str) -> None:
    """A name that everybody's browser has stays whole."""
    assert template(name) == name


def test_addresses_in_full_width() -> None:
    """The same address, as East Asian keyboards write it, and as URLs carry it."""
    for at in ("\uff20", "\ufe6b", "%EF%BC%A0", "%ef%b9%ab", "%25EF%25BC%25A0"):
        assert template(f"jo.doe{at}mail.example") == "*"
    assert template("\uff4a\uff4f@mail\uff0eexample") == "*"


def test_user_names() -> None:
    """A user's name goes where it is known to stand."""
    provider = "CognitoIdentityServiceProvider"
    assert template(f"{provider}.4f1g2h3j5k6l7m.jane.doe.idToken") == f"{provider}.*.idToken"


@given(surroundings, emails, surroundings)
def test_addresses(before: str, email: str, after: str) -> None:
    """No part of an address is left, written plainly or percent-encoded."""
    for address in (email, email.replace("@", "%40"), email.replace("@", "%2540")):
        kept = template(before + address + after).casefold()
        assert not [part for part in email.casefold().split("@") if part in kept]


@given(st.uuids(), surroundings)
def test_uuids(uuid: object, before: str) -> None:
    """A UUID goes, in small letters and in capitals."""
    kept = template(f"{before}{uuid}")
    assert (
        kept
        == template(f"{before}{str(uuid).upper()}")
        == template(f"{before}x").replace("x", "*")
    )


@given(st.text() | st.text("aA1@*-._%:=+ e", max_size=300))
@example("jane@x.orgjane@x.org12345")
def test_templates_are_stable(name: str) -> None:
    """A template is its own, has no two stars together and at most 200 characters."""
    kept = template(name)
    assert template(kept) == kept
    assert "**" not in kept
    assert len(kept) <= 200


def test_long_names() -> None:
    """Of a long name the beginning stays, and no address is cut into one that passes."""
    assert template("ab-" * 100) == ("ab-" * 67)[:199] + "*"
    assert template("key:" + "x" * 5000) == "key:*"
    assert template("f" * 500 + "/" + "é" * 490 + "jane@example.org") == "f" * 199 + "*"
    assert template("3f9c2a1b" * 124 + "/jane@example.org") == "*/*"


@pytest.mark.parametrize(
    "piece", ["a", "1-", "%40a", "user-", "a.b@", "111-", "eyJ", "aA1", "*-", "(1"]
)
def test_hostile_names(piece: str) -> None:
    """A name made to be slow is not."""
    started = time.perf_counter()
    for length in (990, 1_000_000):
        template(piece * (length // len(piece)))
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("declared", "seen", "expected"),
    [
        ("_ga_*", "_ga_*", True),
        ("_ga*", "_ga_*", True),
        ("_ga_D8LRHP9HJ8", "_ga_*", True),
        ("firebase:*", "firebase:authUser:*:[DEFAULT]", True),
        ("_ga", "_ga_*", False),
        ("_gat_*", "_ga_*", False),
        ("user-jane@example.org", "user-*", True),
        ("JSESSIONID", "JSESSIONID", True),
        ("jsessionid", "JSESSIONID", False),
    ],
)
def test_same_name(declared: str, seen: str, *, expected: bool) -> None:
    """A declared pattern covers the template, a declared name has the same one."""
    assert same_name(declared, seen) is expected
