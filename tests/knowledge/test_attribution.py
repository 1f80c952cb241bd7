"""Hosts say who they are; names only hint."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.provisional import domains

from auditor.hosts import parse_host_pattern
from auditor.knowledge.attribution import (
    GENERIC,
    NAME_KINDS,
    attribute,
    bears_name_of,
    by_name,
)
from auditor.knowledge.catalogue import Service, services
from auditor.names import template

EVERY = tuple(services().values())
IDS = ("GA1X9QZKPLMW7", "1234567890", "3f2b8c1e-9d4a-4e6b-8f7a-1c2d3e4f5a6b")


def found(host: str, path: str = "/") -> str:
    """Return the id of the service at a host, "" for none."""
    service = attribute(host, path)
    return service.id if service else ""


@pytest.mark.parametrize(
    ("host", "path", "service"),
    [
        ("client.crisp.chat", "/l.js", "crisp"),
        ("crisp.chat", "/", "crisp"),
        ("notcrisp.chat", "/", ""),
        ("crisp.chat.example", "/", ""),
        ("px.ads.linkedin.com", "/collect", "linkedin"),
        ("cdnjs.cloudflare.com", "/ajax/libs/x.js", "cdnjs"),
        ("www.cloudflare.com", "/", "cloudflare"),
        ("www.google.com", "/recaptcha/api.js", "google-recaptcha"),
        ("www.google.com", "/recaptchas", "google"),
        ("www.google.com", "/search", "google"),
        ("www.gstatic.com", "/firebasejs/9.0.0/firebase-app.js", "firebase"),
        ("fonts.gstatic.com", "/s/a.woff2", "google-fonts"),
        ("firestore.googleapis.com", "/", "firestore"),
        ("translate.googleapis.com", "/", "google"),
        ("reach4help.firebaseapp.com", "/__/auth/iframe", "firebase-auth"),
        ("reach4help.firebaseapp.com", "/", "firebase-hosting"),
        ("reach4help.web.app", "/", "firebase-hosting"),
        ("a.b.netlify.app", "/", "netlify"),
        ("identity.netlify.com", "/v1/x.js", "netlify-identity"),
        ("x.tt.omtrdc.net", "/", "adobe-target"),
        ("x.sc.omtrdc.net", "/", "adobe-analytics"),
        ("reach4help.org", "/", ""),
        ("com", "/", ""),
        ("localhost", "/", ""),
        ("127.0.0.1", "/", ""),
        ("0.1", "/", ""),
        ("::1", "/", ""),
        ("", "/", ""),
    ],
)
def test_who_answers(host: str, path: str, service: str) -> None:
    """The longest host wins, there the longest path; what is not known stays unknown."""
    assert found(host, path) == service


@pytest.mark.parametrize("service", EVERY, ids=lambda service: service.id)
def test_each_host_finds_its_service(service: Service) -> None:
    """What stands in the catalogue is found again, below the host too, where that is meant."""
    for text in service.hosts:
        pattern = parse_host_pattern(text)
        path = f"{pattern.path}/x"
        assert found(pattern.host, path) == service.id
        if pattern.subdomains:
            assert found(f"z-9.{pattern.host}", path) == service.id


@pytest.mark.parametrize("service", EVERY, ids=lambda service: service.id)
def test_each_name_finds_its_service(service: Service) -> None:
    """As evidence writes it: an id in place of the `*`, then templated."""
    for kind in NAME_KINDS:
        for pattern in service.names(kind):
            for name in {pattern, *(template(pattern.replace("*", id_)) for id_ in _ids(pattern))}:
                assert bears_name_of(service, kind, name)
                stem = pattern.partition("*")[0].rstrip("_").casefold()
                assert (service in by_name(kind, name)) == (stem not in GENERIC)


def _ids(pattern: str) -> tuple[str, ...]:
    """Return ids of each form; what stands against a word is an account's short number."""
    glued = pattern.partition("*")[0][-1:].isalpha()
    return ("123456",) if glued else IDS


@pytest.mark.parametrize(
    "name",
    """
    session sessionid connect.sid PHPSESSID d lang locale token uid c s tz csrftoken XSRF-TOKEN
    auth user id cart theme cookie_consent i18next _csrf JSESSIONID CookieConsent visitor_id
    visitor_id_9 __Host-session sid_2 m_1 a ab abc AMP ph mp_ ph_posthog r4h-language
    """.split(),
)
def test_names_that_anybody_uses_point_at_nobody(name: str) -> None:
    """They would be right by chance alone."""
    for kind in NAME_KINDS:
        assert by_name(kind, name) == ()


@pytest.mark.parametrize(
    ("kind", "name", "service"),
    [
        ("cookie", "_ga", "google-analytics"),
        ("cookie", "_ga_*", "google-analytics"),
        ("cookie", "AMP_TOKEN", "google-analytics"),
        ("cookie", "AMP_*", "amplitude"),
        ("cookie", "AMP_MKTG_*", "amplitude"),
        ("cookie", "ajs_anonymous_id", "segment"),
        ("cookie", "ph_*_posthog", "posthog"),
        ("cookie", "crisp-client%2Fsession%2F*", "crisp"),
        ("local_storage", "firebase:authUser:*:[DEFAULT]", "firebase-auth"),
        (
            "local_storage",
            "firebase:host:x-default-rtdb.firebaseio.com",
            "firebase-realtime-database",
        ),
        ("indexed_db", "firestore/[DEFAULT]/reach4help/main", "firestore"),
        ("indexed_db", "_ga", ""),
        ("cache_storage", "_ga", ""),
        ("cookie", "_GA", ""),
    ],
)
def test_whose_name_it_is(kind: str, name: str, service: str) -> None:
    """A name of one kind is none of another; upper and lower case differ."""
    assert [one.id for one in by_name(kind, name)] == ([service] if service else [])


def test_a_name_of_two_names_both() -> None:
    """Who of them it is, the name does not say."""
    assert [one.id for one in by_name("cookie", "__session")] == ["clerk", "firebase-hosting"]


def test_a_host_corroborates_even_a_common_name() -> None:
    """`d` is Slack's where Slack's host says so, and nobody's else."""
    slack = services()["slack"]
    assert bears_name_of(slack, "cookie", "d")
    assert not bears_name_of(slack, "local_storage", "d")
    assert not bears_name_of(slack, "service_worker", "d")


@given(domains(), st.text(max_size=30))
def test_any_host_and_path(host: str, path: str) -> None:
    """Nothing raises, and a host below another's is the same service's or a nearer one's."""
    above = attribute(host.lower(), path)
    below = attribute(f"zz.{host.lower()}", path)
    assert below is None or above is None or below.id in services()


@given(st.sampled_from(["cookie", "indexed_db", "device_access", ""]), st.text(max_size=300))
def test_any_name(kind: str, name: str) -> None:
    """Names are data of pages: none of them raises."""
    assert isinstance(by_name(kind, name), tuple)
    assert isinstance(bears_name_of(services()["slack"], kind, name), bool)
