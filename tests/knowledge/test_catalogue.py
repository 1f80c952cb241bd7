"""What the catalogue of services holds is whole, sourced, and of one mind."""

import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from auditor.hosts import is_address, parse_host_pattern
from auditor.knowledge import catalogue
from auditor.knowledge.attribution import GENERIC, NAME_KINDS
from auditor.knowledge.catalogue import Facts, Service, services
from auditor.names import check_pattern, template
from auditor.policy_file.strict_yaml import read_document
from auditor.vocabulary import COUNTRIES, PURPOSES

ROOT = Path(__file__).parents[2]
EVERY = tuple(services().values())
REACH4HELP = """
    airtable firebase firebase-analytics firebase-auth firebase-crashlytics firebase-functions
    firebase-hosting firebase-installations firebase-messaging firebase-performance
    firebase-realtime-database firebase-remote-config firebase-storage firestore github
    google-analytics google-fonts google-maps google-meet google-recaptcha google-tag-manager
    netlify netlify-forms netlify-identity netlify-rum slack stripe youtube
""".split()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that stands for the catalogue's."""
    monkeypatch.setattr(catalogue, "_FOLDER", tmp_path)
    return tmp_path


def test_it_has_what_sites_use() -> None:
    """All that Reach4Help uses is there, and a hundred more."""
    assert [service for service in REACH4HELP if service not in services()] == []
    assert len(EVERY) > 100
    assert list(services()) == sorted(services())


@pytest.mark.parametrize("service", EVERY, ids=lambda service: service.id)
def test_a_service_is_well_formed(service: Service) -> None:
    """Each fact has a source, and every word is one that policy.yaml has too."""
    assert service.name
    assert service.category
    assert service.purposes
    assert {*service.purposes} <= {*PURPOSES}
    assert service.country in {*COUNTRIES, ""}
    for facts in service.facts:
        parts = urlsplit(facts.ref)
        assert (parts.scheme, bool(parts.hostname)) == ("https", True)
        assert facts != Facts(ref=facts.ref), "a source of nothing"
        for kind in NAME_KINDS:
            for name in facts.names(kind):
                check_pattern(name)


@pytest.mark.parametrize("service", EVERY, ids=lambda service: service.id)
def test_names_are_telling(service: Service) -> None:
    """Evidence can hold them, a pattern fits little else, and a carrier claims nothing common."""
    for kind in NAME_KINDS:
        for name in service.names(kind):
            start, star, _ = name.partition("*")
            assert template(name) == name
            assert not star or len(start) >= 4 or len(name.replace("*", "")) >= 8
            assert not service.carries or name.casefold() not in GENERIC


@pytest.mark.parametrize("field", ["controller", "country"])
def test_one_controller_in_one_country(field: str) -> None:
    """No service has two of them, and one controller is in one country."""
    for service in EVERY:
        assert len({getattr(facts, field) for facts in service.facts} - {""}) <= 1
    countries = {(service.controller, service.country) for service in EVERY if service.controller}
    assert len(countries) == len(dict(countries))


def test_no_host_belongs_to_two() -> None:
    """Each host, with its path, is claimed once, and is one that a browser can talk to."""
    claims = [parse_host_pattern(text) for service in EVERY for text in service.hosts]
    places = [(pattern.host, pattern.path) for pattern in claims]
    assert len(places) == len({*places})
    assert [host for host, _ in places if is_address(host) or "." not in host] == []


def test_the_services_of_our_own_policies_exist() -> None:
    """Whatever policy.yaml names, here and in the examples, is in the catalogue."""
    for path in (ROOT / "policy.yaml", ROOT / "tests" / "policy_file" / "contract.yaml"):
        tree = read_document(path.read_bytes(), path.name).tree
        assert isinstance(tree, dict)
        processors = tree["processors"]
        assert isinstance(processors, list)
        for processor in processors:
            assert isinstance(processor, dict)
            named = processor.get("services", [])
            assert isinstance(named, list)
            assert {*map(str, named)} <= {*services()}


def test_it_loads_quickly() -> None:
    """It is read in every run: the whole catalogue takes a few milliseconds."""
    fastest = 1.0
    for _ in range(5):
        services.cache_clear()
        start = time.perf_counter()
        services()
        fastest = min(fastest, time.perf_counter() - start)
    assert fastest < 0.03


def test_an_id_that_comes_twice_is_an_error(folder: Path) -> None:
    """Two files cannot mean two things by one id."""
    for name in ("a.json", "b.json"):
        (folder / name).write_text('[{"id": "x", "name": "X", "category": "c", "facts": []}]')
    services.cache_clear()
    try:
        with pytest.raises(ValueError, match="an id twice"):
            services()
    finally:
        services.cache_clear()
