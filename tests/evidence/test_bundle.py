"""The evidence file: the same again, the same bytes, and a clear word on any other file."""

import json
import math
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import CollectError
from auditor.evidence import (
    EARLIEST,
    LATEST,
    Ages,
    Aspect,
    ConsentCounted,
    CookieSent,
    CookieSet,
    Evidence,
    FieldSeen,
    Found,
    Gap,
    HostFacts,
    PageLoaded,
    Reason,
    RequestSent,
    SiteEvidence,
    Source,
    State,
    StoreEvidence,
    TableSeen,
    Tool,
    ValueShape,
    decode,
    encode,
)
from auditor.testing import ages, cookie, field, page, request, sent, site, store, table

words = st.text(max_size=12)
states = st.none() | st.sampled_from(State)
shapes = st.builds(ValueShape, length=st.integers(0, 5000), identifier=st.booleans())
common: dict[str, st.SearchStrategy[Any]] = {
    "page": words,
    "state": states,
    "frame": words,
    "t": st.none() | st.integers(0, 2**53),
    "by": words,
}
flags = {
    key: st.booleans()
    for key in ("host_only", "capped", "deleted", "secure", "http_only", "partitioned", "over_tls")
}
observations = st.one_of(
    st.builds(
        PageLoaded,
        url=words,
        status=st.integers(0, 999),
        links=st.none() | st.lists(words, max_size=3).map(tuple),
        **common,
    ),
    st.builds(
        RequestSent,
        url=words,
        host=words,
        method=words,
        resource=words,
        status=st.none() | st.integers(0, 999),
        failed=words,
        redirected_from=words,
        **common,
    ),
    st.builds(
        CookieSet,
        name=words,
        domain=words,
        writer=words,
        path=words,
        lifetime=st.none() | st.integers(-(10**12), 10**12),
        same_site=words,
        refused=words,
        value=shapes,
        **flags,
        **common,
    ),
    st.builds(CookieSent, name=words, host=words, value=shapes, **common),
)
gaps = st.builds(
    Gap,
    what=words,
    reason=st.sampled_from(Reason),
    needs=words,
    aspects=st.lists(st.sampled_from(Aspect), max_size=2).map(tuple),
    state=states,
)
sources = st.builds(
    Source,
    kind=words,
    path=words,
    sha256=words,
    tool=words,
    collected_at=st.integers(0, 2**34).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    state=states,
)
sites = st.builds(
    SiteEvidence,
    site=words,
    url=words,
    sources=st.lists(sources, min_size=1, max_size=2).map(tuple),
    hosts=st.dictionaries(words, st.builds(HostFacts, registrable_domain=words), max_size=3),
    observations=st.lists(observations, max_size=5).map(tuple),
    gaps=st.lists(gaps, max_size=2).map(tuple),
)
counts = st.integers(0, 2**53)
shares = st.floats(0, 1)
found = st.builds(
    Found,
    category=words,
    detector=words,
    by_name=st.booleans(),
    hits=counts,
    looked_at=counts,
    low=shares,
    high=shares,
    embedded=st.booleans(),
    exhaustive=st.booleans(),
    confidence=st.sampled_from(["high", "medium", "low"]),
)
fields = st.builds(
    FieldSeen,
    name=words,
    type=words,
    rows=counts,
    filled=counts,
    looked_at=counts,
    exhaustive=st.booleans(),
    found=st.lists(found, max_size=2).map(tuple),
)
ages_seen = st.builds(
    Ages,
    anchor=words,
    fallback=words,
    holding=st.lists(words, max_size=2).map(tuple),
    rows=counts,
    days=st.dictionaries(st.dates(EARLIEST, LATEST), counts, max_size=3),
    undated=counts,
    unreadable=counts,
    assumed=words,
)
consents = st.builds(
    ConsentCounted, activity=words, audience=counts, without=counts, withdrawn=counts
)
tables = st.builds(
    TableSeen,
    name=words,
    kind=st.sampled_from(["table", "view", "collection", "files"]),
    rows=counts,
    fields=st.lists(fields, max_size=2).map(tuple),
    ages=st.lists(ages_seen, max_size=2).map(tuple),
    consents=st.lists(consents, max_size=1).map(tuple),
)
stores = st.builds(
    StoreEvidence,
    store=words,
    sources=st.lists(sources, min_size=1, max_size=2).map(tuple),
    tables=st.lists(tables, max_size=2).map(tuple),
    can_write=st.lists(words, max_size=2).map(tuple),
    gaps=st.lists(gaps, max_size=2).map(tuple),
)
bundles = st.builds(
    Evidence,
    tool=st.builds(Tool, name=words, version=words),
    sites=st.lists(sites, max_size=2).map(tuple),
    stores=st.lists(stores, max_size=2).map(tuple),
)
ONE = Evidence(
    tool=Tool(name="test", version="1"),
    sites=(
        site(
            cookie("a", lifetime=60),
            sent("b"),
            request("https://example.org/x"),
            page(links=("https://example.org/y",)),
            gaps=[Gap(what="w", reason=Reason.TIMEOUT, needs="n")],
        ),
    ),
    stores=(
        store(
            table(
                "t",
                field("f", "user.name"),
                ages({"2026-01-01": 1}),
                ConsentCounted(activity="a", audience=1),
            )
        ),
    ),
)


def refusal(data: bytes) -> str:
    """Return what is said of a file that cannot be read, in one line of bounded length."""
    with pytest.raises(CollectError) as caught:
        decode(data, "old.json")
    text = str(caught.value)
    assert text.startswith("old.json: ")
    assert len(text) < 400
    assert "\n" not in text
    return text


def changed(path: str, value: object) -> bytes:
    """Return the file of ONE with another value at a dotted path."""
    tree: Any = json.loads(encode(ONE))
    keys = [int(key) if key.isdigit() else key for key in path.split("/")]
    inner = tree
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    return json.dumps(tree).encode()


@given(bundles)
def test_what_is_kept_is_read_back(evidence: Evidence) -> None:
    """Nothing is lost, and the same evidence gives the same bytes, however often it was read."""
    data = encode(evidence)
    again = decode(data, "evidence.json")
    assert again == evidence
    assert encode(again) == data


def test_the_bytes_do_not_depend_on_order() -> None:
    """Hosts are a map: in which order they were seen does not show."""
    facts = {name: HostFacts(registrable_domain=name) for name in ("b.org", "a.org")}
    (one,) = ONE.sites
    turned = dict(sorted(facts.items()))
    files = {
        encode(msgspec.structs.replace(ONE, sites=(msgspec.structs.replace(one, hosts=hosts),)))
        for hosts in (facts, turned)
    }
    assert len(files) == 1


def test_what_was_worked_out_is_not_kept() -> None:
    """Asking evidence questions does not change the file."""
    before = encode(ONE)
    (one,) = ONE.sites
    assert one.cookies
    assert one.contacts
    assert one.pages
    assert encode(ONE) == before


def test_the_file_is_json_with_its_format_and_version() -> None:
    """Anybody can see what it is."""
    tree = json.loads(encode(ONE))
    assert (tree["format"], tree["version"]) == ("policy-auditor evidence", 1)
    assert encode(ONE).endswith(b"}\n")


@given(st.integers(min_value=0))
def test_a_file_cut_short_is_never_taken_for_whole(end: int) -> None:
    """An evidence file that was not written to its end is refused wherever it ends."""
    data = encode(ONE).strip()
    refusal(data[: end % len(data)])


@given(st.integers(min_value=0), st.binary(min_size=1, max_size=4))
def test_a_broken_file_is_an_error_or_evidence(place: int, noise: bytes) -> None:
    """Any bytes give evidence or one clear error, never another exception."""
    data = encode(ONE)
    start = place % len(data)
    with suppress(CollectError):
        decode(data[:start] + noise + data[start + len(noise) :], "old.json")


@given(st.binary(max_size=60))
def test_foreign_bytes(data: bytes) -> None:
    """What is no evidence file is named as such."""
    assert "not an evidence file" in refusal(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not an evidence file"),
        (b"null", "not an evidence file"),
        (b"[]", "not an evidence file"),
        (b"{}", "`audit collect` writes one"),
        (b'{"format": "something else", "version": 1}', "not an evidence file"),
        (b'{"format": 1}', "not an evidence file"),
        (b"\xff\xfe", "not an evidence file"),
        (b'{"log": {"version": "1.2", "entries": []}}', "give it a name that ends in .har"),
        (b'{"log": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not an evidence file"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not an evidence file"),
        (b'{"a": ' * 100_000 + b"1" + b"}" * 100_000, "not an evidence file"),
        (b'{"format": "policy-auditor evidence", "version": 2, "new": {}}', "of version 2"),
        (b'{"format": "policy-auditor evidence"}', "of version 0"),
        (b'{"format": "policy-auditor evidence", "version": "1"}', "not an evidence file"),
        (b'{"format": "policy-auditor evidence", "version": 1}', "damaged evidence"),
    ],
    ids=range(15),
)
def test_other_files(data: bytes, words: str) -> None:
    """Each says what it is taken for, and what to do."""
    assert words in refusal(data)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tool/",
        "sites/0/",
        "sites/0/sources/0/",
        "sites/0/hosts/example.org/",
        "sites/0/observations/0/",
        "sites/0/observations/0/value/",
        "sites/0/gaps/0/",
        "stores/0/",
        "stores/0/tables/0/",
        "stores/0/tables/0/fields/0/",
        "stores/0/tables/0/fields/0/found/0/",
        "stores/0/tables/0/ages/0/",
        "stores/0/tables/0/consents/0/",
    ],
)
def test_unknown_fields_are_refused_everywhere(path: str) -> None:
    """A field that this version does not know could be the one that matters."""
    assert "unknown field `extra`" in refusal(changed(f"{path}extra", 1))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("sites", {}),
        ("sites/0/site", 7),
        ("sites/0/sources", []),
        ("sites/0/sources/0/collected_at", "yesterday"),
        ("sites/0/sources/0/collected_at", "2026-01-15T12:00:00"),
        ("sites/0/sources/0/collected_at", "0001-01-01T00:00:00+14:00"),
        ("sites/0/sources/0/collected_at", "9999-12-31T23:59:59-14:00"),
        ("sites/0/observations/0", []),
        ("sites/0/observations/0/kind", "mind_read"),
        ("sites/0/observations/0/name", None),
        ("sites/0/observations/0/lifetime", "long"),
        ("sites/0/observations/0/lifetime", 1.5),
        ("sites/0/observations/0/secure", 1),
        ("sites/0/observations/0/state", "asleep"),
        ("sites/0/observations/0/domain", "x." * 127),
        ("sites/0/hosts", {"y" * 254: {"registrable_domain": "y"}}),
        ("sites/0/gaps/0/reason", "tired"),
        ("sites/0/gaps/0/aspects", ["smell"]),
        ("stores", {}),
        ("stores/0/sources", []),
        ("stores/0/tables/0/rows", -1),
        ("stores/0/tables/0/kind", "queue"),
        ("stores/0/tables/0/name", "x" * 1001),
        ("stores/0/tables/0/ages/0/days", {"yesterday": 1}),
        ("stores/0/tables/0/ages/0/days", {"2026-02-30": 1}),
        ("stores/0/tables/0/ages/0/days", {"2026-01-01": -1}),
        ("stores/0/tables/0/ages/0/undated", 0.5),
        ("stores/0/tables/0/fields/0/found/0/confidence", "certain"),
    ],
    ids=range(28),
)
def test_wrong_values_are_refused(path: str, value: object) -> None:
    """A value of the wrong type, or one with which nobody can reckon, is named with its place."""
    assert "damaged evidence (" in refusal(changed(path, value))


@pytest.mark.parametrize("kind", ["sites", "stores"])
def test_more_than_anybody_has_is_refused(kind: str) -> None:
    """A file of a thousand sites or stores is made to keep a machine busy."""
    (one,) = json.loads(encode(ONE))[kind]
    assert "length <= 1000" in refusal(changed(kind, [one] * 1001))


def test_evidence_from_before_there_were_stores() -> None:
    """It has none, and can still be judged."""
    tree = json.loads(encode(ONE))
    del tree["stores"]
    assert decode(json.dumps(tree).encode(), "old.json").stores == ()


def test_days_are_kept_as_dates() -> None:
    """Anybody can read how many records there are for each day, in the order of the days."""
    (one,) = ONE.stores
    seen = ages({"2026-01-02": 2, "2026-01-01": 1})
    data = encode(msgspec.structs.replace(ONE, stores=(store(table("t", seen)),)))
    assert b'"days":{"2026-01-01":1,"2026-01-02":2}' in data
    assert decode(data, "e.json").stores[0].tables[0].ages[0].days[date(2026, 1, 1)] == 1
    assert (
        [item.subject for item in ONE.items]
        == ["site:www", one.subject]
        == [
            "site:www",
            "store:app",
        ]
    )


def test_collected_at_is_the_oldest_moment() -> None:
    """Evidence is as old as its oldest part; none has no date."""
    day = datetime(2026, 1, 15, 12, tzinfo=UTC)
    one = site()
    (source,) = one.sources
    earlier = msgspec.structs.replace(
        source, collected_at=day.astimezone(timezone(timedelta(hours=9))) - timedelta(hours=1)
    )
    mixed = msgspec.structs.replace(one, sources=(source, earlier))
    tool = Tool(name="test", version="1")
    assert Evidence(tool=tool, sites=(one, mixed)).collected_at() == day - timedelta(hours=1)
    assert Evidence(tool=tool).collected_at() is None


def test_a_number_that_json_does_not_know_is_refused() -> None:
    """`NaN` is no JSON."""
    assert math.isnan(json.loads("NaN"))
    assert "not an evidence file" in refusal(encode(ONE).replace(b'"version":1', b'"version":NaN'))
