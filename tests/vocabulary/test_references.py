from urllib.parse import urlsplit

from inline_snapshot import snapshot

from auditor.vocabulary import REFERENCES


def test_every_reference_stands_under_its_own_key() -> None:
    """Whoever cites a key gets the text of that key."""
    assert all(key == reference.key for key, reference in REFERENCES.items())


def test_titles_say_the_article_and_what_it_is_about() -> None:
    """A person who does not know the law can tell from the title what is cited."""
    keys = ["gdpr:13-1-e", "gdpr:6-1-a", "eprivacy:5-3", "ccpa:1798.105", "rfc:6265"]
    assert [REFERENCES[key].title for key in keys] == snapshot(
        [
            "GDPR Art. 13(1)(e): Tell who receives the data",
            "GDPR Art. 6(1)(a): Consent",
            "ePrivacy Directive Art. 5(3): Consent before storing on, or reading from, a device",
            "California Civil Code 1798.105: Deletion",
            "RFC 6265: HTTP cookies",
        ]
    )


def test_titles_are_different() -> None:
    """No two keys look the same in a report."""
    assert len({reference.title for reference in REFERENCES.values()}) == len(REFERENCES)


def test_addresses_are_those_of_the_publishers() -> None:
    """Only the offices that publish a text are linked, always over https."""
    urls = [urlsplit(reference.url) for reference in REFERENCES.values()]
    assert {url.scheme for url in urls} == {"https"}
    assert sorted({url.netloc for url in urls}) == snapshot(
        [
            "eur-lex.europa.eu",
            "leginfo.legislature.ca.gov",
            "www.edpb.europa.eu",
            "www.rfc-editor.org",
        ]
    )


def test_what_checks_are_known_to_cite_is_there() -> None:
    """The articles, guidelines and standards that the built-in checks lean on."""
    articles = [*range(12, 23), 6, 7, 9, 10, 24, 25, 26, 28, 30, 32, 44, 46, 49, 77]
    principles = [f"5-1-{letter}" for letter in "abcdef"]
    told = [f"13-{point}" for point in ("1-a", "1-e", "1-f", "2-a", "2-b", "2-f")]
    sections = ["100", "105", "106", "120", "121", "130", "135"]
    wanted = {f"gdpr:{number}" for number in (*articles, *principles, *told, "7-3", "28-3")}
    wanted |= {f"ccpa:1798.{section}" for section in sections}
    wanted |= {"eprivacy:5-3", "eprivacy:13", "rfc:6265", "rfc:6797", "edpb:2-2023"}
    wanted |= {"edpb:cookie-banner-2023", "cjeu:c-673-17"}
    assert wanted - set(REFERENCES) == set()


def test_the_eprivacy_text_is_the_amended_one() -> None:
    """The directive of 2002 did not ask for consent to cookies; the text of 2009 does."""
    assert REFERENCES["eprivacy:5-3"].url.endswith("/2002/58/2009-12-19")
