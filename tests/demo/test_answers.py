import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.demo.answers import Answer, Host, answer, read_hosts


@pytest.fixture
def host(site: Path) -> Host:
    """Return the small host."""
    return read_hosts(site)["www.example.org"]


def test_a_folder_is_a_host(site: Path) -> None:
    """Each folder is a host, and nothing else is."""
    assert list(read_hosts(site)) == ["www.example.org"]


def test_pages_need_no_suffix(host: Host) -> None:
    """`/` is index.html, and `/about?x` is about.html, with the type that `_headers` gives."""
    assert answer(host, "/").body == b"<title>home</title>"
    found = answer(host, "/about?x=1")
    assert (found.status, found.body) == (200, b"about")
    assert found.headers == (("Content-Type", "text/plain"),)


def test_a_type_is_guessed_from_the_name(host: Host) -> None:
    """Where `_headers` says nothing, the suffix says the type."""
    assert answer(host, "/key.js").headers == (("Content-Type", "text/javascript"),)


def test_an_empty_file_is_no_content(host: Host) -> None:
    """A file without content is a 204, with the headers of a pattern that fits."""
    found = answer(host, "/empty")
    assert found.status == 204
    assert ("X-One", "1") in found.headers


def test_redirects(host: Host) -> None:
    """A status sends elsewhere with what the `*` stood for; 200 answers with another file."""
    assert answer(host, "/old/a/b") == Answer(status=301, headers=(("Location", "/new/a/b"),))
    assert answer(host, "/v1/whatever:signUp").body == answer(host, "/key.js").body


def test_random_parts(host: Host) -> None:
    """In a file they are made once, in a header for each answer: each visitor has an id."""
    assert re.fullmatch(rb'"key_\w{12}"', answer(host, "/key.js").body)
    assert answer(host, "/key.js") == answer(host, "/key.js")
    ids = {dict(answer(host, "/").headers)["Set-Cookie"] for _ in range(3)}
    assert len(ids) == 3
    assert all(re.fullmatch(r"id=\w{16}; Path=/", one) for one in ids)


@pytest.mark.parametrize(
    "target",
    ["/_headers", "/_redirects", "/../secret.txt", "/%2e%2e/secret.txt", "//etc/passwd", "x", ""],
)
def test_nothing_else_is_answered(host: Host, target: str) -> None:
    """What the host does not have is a 404, however it is asked for."""
    assert answer(host, target).status == 404


@given(st.text())
def test_any_target_is_answered(target: str) -> None:
    """Whatever is asked for, a small host answers with what it has or a 404."""
    host = Host(files={"/index.html": b"home"})
    try:
        found = answer(host, target)
    except ValueError:  # urlsplit refuses some hosts
        assert target.startswith(("//", "\\")) or "//" in target
        return
    assert found.status in {200, 404}
