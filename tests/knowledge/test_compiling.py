"""Files of open data, in the forms in which their keepers write them, become quick answers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from msgspec import structs

from auditor.knowledge.compiling import compile_data
from auditor.knowledge.open_data import OpenData, Owner, decode, encode
from auditor.knowledge.sources import SOURCES

ENTITIES = r"""
// made for this test
module.exports = [
  {
    name: 'Busy Bee',
    company: "Bee \"&\" Co",
    homepage: 'https://bee.example/', /* a comment, with 'quotes' */
    categories: ['analytics'],
    domains: ['*.bee.example', 'bee.example.net',],
    products: [{name: 'x', urlPatterns: [/bee\.example\/[a-z]+/i, 'y'], n: 2, t: true}],
  },
  {name: 'Boxes', categories: ['cdn'], domains: ['*.boxes.example', '192.0.2.7', 'no!', '*.com']},
];
"""
PUBLISHED = [
    {"name": "Bee", "category": "ad", "company": None, "domains": ["a.x.example", "*.x.example"]},
    {"name": "Ad & Co", "category": "ad", "domains": ["*.a.x.example", "*.x.example"]},
]
HEAD = (
    "ID,Platform,Category,Cookie / Data Key name,Domain,Description,Retention period,"
    "Data Controller,User Privacy & GDPR Rights Portals,Wildcard match\n"
)
COOKIES = f"""\ufeff{HEAD}\
1,Busy Bee,Analytics,bee_id,bee.example (3rd party),"counts, and counts",1 year,Bee Co,https://b.example,0
2,Busy Bee,Marketing,bee_,,x,1 year,Bee Co,,1
3,Busy Bee,Functional,bee_session_,,x,1 year,Bee Co,,1
4,Other,Functional,bee_id,,x,1 day,Other Ltd,,0
5,Other,Functional,ab,,x,1 day,Other Ltd,,1
6,,Functional,nobodys,,x,1 day,,,0
"""
DOMAINS = {"bee.example": {"entityName": "Bee Company Ltd", "displayName": "Bee", "aliases": []}}


def compiled(source: str, text: str) -> OpenData:
    """Compile a file of a source."""
    return compile_data(SOURCES[source], "1", "sha256-x", text.encode())


def test_entities_as_they_are_written() -> None:
    """JavaScript is read as data: nothing of it is run, and what is no host is left out."""
    assert structs.asdict(compiled("third-party-web", ENTITIES)) == snapshot(
        {
            "format": 1,
            "source": "third-party-web",
            "version": "1",
            "digest": "sha256-x",
            "licence": "MIT",
            "entries": 4,
            "owners": (
                Owner(
                    called="Busy Bee", company='Bee "&" Co', purposes=("analytics",), carries=False
                ),
                Owner(called="Boxes", company="", purposes=(), carries=True),
            ),
            "alone": {"bee.example.net": 0, "192.0.2.7": 1},
            "below": {"bee.example": 0, "boxes.example": 1},
            "exact": {},
            "begins": {},
            "short": (),
        }
    )


def test_entities_as_they_are_published() -> None:
    """One host alone and all below it are two things: each finds its own owner."""
    data = compiled("third-party-web", json.dumps(PUBLISHED))
    hosts = (
        "a.x.example",
        "b.a.x.example",
        "x.example",
        "z.x.example",
        "y.example",
        "",
        "192.0.2.1",
    )
    found = [data.owner_at(host) for host in hosts]
    assert [owner and owner.called for owner in found] == [
        "Bee",
        "Ad & Co",
        "Bee",
        "Bee",
        None,
        None,
        None,
    ]
    assert found[0] == Owner("Bee", "", ("marketing.advertising",))


def test_cookies() -> None:
    """A name belongs to all who claim it; of beginnings the longest counts."""
    data = compiled("open-cookie-database", COOKIES)

    def owners(name: str) -> list[tuple[str, str]]:
        return [(data.owners[one.owner].called, one.domain) for one in data.named(name)]

    assert owners("bee_id") == [("Busy Bee", "bee.example"), ("Other", "")]
    assert owners("bee_x") == [("Busy Bee", "")]
    assert data.owners[data.named("bee_x")[0].owner].purposes == ("marketing",)
    assert data.owners[data.named("bee_session_x")[0].owner].purposes == ()
    assert owners("abc") == [("Other", "")]
    assert owners("nobodys") == owners("Bee_id") == owners("") == []
    assert data.entries == 5


def test_domains() -> None:
    """The name that people know is shown, and the company behind it kept."""
    data = compiled("tracker-radar", json.dumps(DOMAINS))
    assert data.owner_at("px.bee.example") == Owner("Bee", "Bee Company Ltd")
    assert data.licence == "CC-BY-NC-SA-4.0"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("third-party-web", ""),
        ("third-party-web", "[]"),
        ("third-party-web", "<html>not found</html>"),
        ("third-party-web", '[{"name": 7}]'),
        ("third-party-web", "[" * 100_000),
        ("open-cookie-database", ""),
        ("open-cookie-database", HEAD),
        ("open-cookie-database", "a,b\n1,2\n"),
        ("open-cookie-database", HEAD + "1,P,x," + "n" * 200_000 + "\n"),
        ("tracker-radar", "[]"),
        ("tracker-radar", '{"x": {}}'),
    ],
    ids=range(11),
)
def test_another_form_is_refused(source: str, text: str) -> None:
    """A page that says "not found", or a file that has changed its form, is no data."""
    with pytest.raises(ValueError, match=r".+"):
        compiled(source, text)


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded."""
    monkeypatch.setattr("auditor.knowledge.compiling._MOST", 1)
    with pytest.raises(ValueError, match="more than 1 entries"):
        compiled("third-party-web", json.dumps(PUBLISHED))


def test_names_that_would_break_lines_are_tamed() -> None:
    """They are shown to people: one line, no control characters, not long."""
    text = json.dumps([{"name": "A\x1b[1m\nB" + "c" * 500, "domains": ["a.example"]}])
    (owner,) = compiled("third-party-web", text).owners
    assert owner.called.startswith("A [1m B")
    assert len(owner.called) == 200


@given(st.sampled_from([*SOURCES]), st.text(max_size=300) | st.binary(max_size=300))
def test_any_file(source: str, text: str | bytes) -> None:
    """It compiles, or a ValueError says that it does not."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    try:
        found = compile_data(SOURCES[source], "1", "sha256-x", data)
    except ValueError:
        return
    assert decode(encode(found)) == found


js_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@given(js_text.filter(lambda text: text.strip().isprintable()))
def test_any_text_in_javascript(name: str) -> None:
    """Quotes and backslashes in a string stay in it."""
    written = name.replace("\\", "\\\\").replace("'", "\\'")
    text = f"module.exports = [{{name: '{written}', domains: ['a.example']}}]"
    (owner,) = compiled("third-party-web", text).owners
    assert owner.called == name.strip()
