"""What was typed is found again, however it is wrapped, and nothing else is taken for it."""

import base64
import gzip
import hashlib
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from auditor.collect.site.typing_in.needles import DIGESTS
from auditor.collect.site.typing_in.person import Datum, person
from auditor.collect.site.typing_in.search import LONGEST, Search

PERSON = person("somebody")
EMAIL = PERSON["email"].value.encode()
WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "percent": lambda data: quote(data, safe="").encode(),
    "base64": base64.b64encode,
    "base64url": lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
    "hex": lambda data: data.hex().encode(),
    "md5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest().encode(),
    "sha1": lambda data: hashlib.sha1(data, usedforsecurity=False).hexdigest().encode(),
    "sha256": lambda data: hashlib.sha256(data).hexdigest().encode(),
    "sha512": lambda data: hashlib.sha512(data).hexdigest().encode(),
    "packed": lambda data: base64.b64encode(gzip.compress(data)),
}
NAMES = {"base64url": ("base64",), "packed": ("base64", "gzip"), "percent": ()}


def knowing(*data: Datum) -> Search:
    """Return a search for what somebody typed: all of it unless told."""
    search = Search()
    for datum in data or PERSON.values():
        search.learn(datum, datum.value)
    return search


EVERYTHING = knowing()


def found(data: bytes, search: Search = EVERYTHING) -> set[tuple[str, tuple[str, ...], bool]]:
    """Return kind, encoding and wholeness of what is in there."""
    return {(one.datum.data, one.encoding, one.is_whole) for one in search.find(data).found}


@settings(max_examples=300, deadline=None)
@given(
    datum=st.sampled_from(sorted(PERSON.values(), key=lambda datum: datum.data)),
    chain=st.lists(st.sampled_from(sorted(WRAPPINGS)), max_size=3),
    before=st.binary(max_size=30),
    after=st.binary(max_size=30),
)
@example(datum=PERSON["card"], chain=["base64"], before=b"\x1f\x8b\x08", after=b"")
def test_any_value_in_any_three_wrappings(
    datum: Datum, chain: list[str], before: bytes, after: bytes
) -> None:
    """Whatever stands around it; how it was wrapped is told from the outside in."""
    digested = [number for number, name in enumerate(chain) if name in DIGESTS]
    assume("packed" not in chain[: max(digested, default=0)])  # packing differs from tool to tool
    data = datum.value.encode()
    for name in chain:
        data = WRAPPINGS[name](data)
    wanted = tuple(word for name in reversed(chain) for word in NAMES.get(name, (name,)))
    assert (datum.data, wanted, True) in found(before + b"\n" + data + b"\n" + after)


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(["base64", "hex", "sha256", "base64url"]),
    before=st.text("abcdef0123456789", max_size=9),
    after=st.text("abcdef0123456789", max_size=9),
)
def test_letters_right_beside_it(name: str, before: str, after: str) -> None:
    """Where a wrapping begins cannot always be told from the text."""
    data = before.encode() + WRAPPINGS[name](EMAIL) + after.encode()
    assert ("email", NAMES.get(name, (name,)), True) in found(data)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000) | st.text(max_size=2000).map(str.encode))
def test_random_data_has_nothing_in_it(data: bytes) -> None:
    """Bytes and texts of every kind, wrapped too."""
    assert found(data) == set()
    assert found(base64.b64encode(data)) == set()
    assert found(data.hex().encode()) == set()


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('{"e": "MAIL"}', "email"),
        ("\\u0022{M\\u0040}", "email"),
        ("PLUS", "name"),
        ("(312) 555-0108", "phone"),
        ("+1 312.555.0108", "phone"),
        ("2223 0031 2200 3222", "card"),
    ],
)
def test_ways_to_write_it(text: str, data: str) -> None:
    """With escapes, in capitals, with `+` for a space, and numbers in groups."""
    seed = person("x")
    mail, name = seed["email"].value, seed["name"].value
    text = text.replace("MAIL", mail.upper()).replace("PLUS", name.replace(" ", "+"))
    text = text.replace("{M\\u0040}", mail.replace("@", "\\u0040"))
    assert (data, (), True) in found(text.encode(), knowing(*seed.values()))


@pytest.mark.parametrize(
    ("data", "written"),
    [
        ("email", EMAIL.replace(b".", b"", 1)),
        ("email", EMAIL.upper()),
        ("name", PERSON["name"].value.lower().replace(" ", "").encode()),
        ("name", PERSON["name"].value.split()[1].lower().encode()),
        ("phone", b"+1" + PERSON["phone"].value.encode()),
        ("phone", b"1" + PERSON["phone"].value.encode()),
    ],
)
def test_digests_of_common_ways_to_write_it(data: str, written: bytes) -> None:
    """As advertisers ask for them: no dots, lower case, no spaces, with the country's number."""
    assert found(hashlib.sha256(written).hexdigest().upper().encode()) >= {
        (data, ("sha256",), True)
    }
    raw = base64.b64encode(hashlib.sha256(written).digest())
    assert found(b'{"h":"' + raw + b'"}') >= {(data, ("base64", "sha256"), True)}


def test_the_beginning_of_a_value() -> None:
    """While it is typed; where other letters stand beside it, it is something else."""
    assert found(b"v=" + EMAIL[:6] + b"&x") == {("email", (), False)}
    assert found(base64.b64encode(b'{"v":"' + EMAIL[:8] + b'"}')) == {
        ("email", ("base64",), False)
    }
    assert found(b"v=" + EMAIL[:5] + b"&x") == set()
    assert found(b"xx" + EMAIL[:8] + b"&x") == set()
    assert found(EMAIL[:8] + b"bcdefgh") == set()


def test_what_was_cut_is_found_as_it_stands() -> None:
    """A field may take only a part of what is typed, or write it in another way."""
    search, datum = knowing(PERSON["email"]), PERSON["email"]
    digest = hashlib.sha256(EMAIL[:9]).hexdigest().encode()
    assert found(digest, search) == set()
    search.learn(datum, EMAIL[:9].decode())
    assert found(digest, search) == {("email", ("sha256",), True)}


def test_packed_bodies() -> None:
    """As they are, with more before them, and zlib's own form."""
    assert found(gzip.compress(EMAIL)) == {("email", ("gzip",), True)}
    assert found(b"--part\r\n" + gzip.compress(EMAIL)) == {("email", ("gzip",), True)}
    assert found(zlib.compress(EMAIL)) == {("email", ("gzip",), True)}
    assert found(gzip.compress(EMAIL)[:-8]) == {("email", ("gzip",), True)}
    assert found(b"\x1f\x8b\x08" + EMAIL[:5]) == set()


def test_too_much_is_told() -> None:
    """What is longer, or becomes so when it is unpacked, is not looked through to its end."""
    assert EVERYTHING.find(b"x " * 100).is_complete
    assert not EVERYTHING.find(b"x " * LONGEST).is_complete
    assert not EVERYTHING.find(gzip.compress(b"x " * LONGEST)).is_complete
    assert not EVERYTHING.find(gzip.compress(b"x" * LONGEST + EMAIL)).is_complete


def test_nothing_typed_nothing_found() -> None:
    """And nothing looked through: an empty search costs nothing."""
    assert not Search()
    assert Search().find(EMAIL).found == frozenset()
