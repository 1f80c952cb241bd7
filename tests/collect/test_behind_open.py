"""What the catalogue does not know, open data may: by the host first, and names are weak."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.behind import behind_host, behind_names
from auditor.collect.behind_open import knowledge
from auditor.evidence import Behind, SiteObservation
from auditor.example import cookie, kept, sent
from auditor.knowledge.open_data import Consulted, Named, OpenData, Owner, consulting

ANALYTICS = ("analytics",)
HOSTS = OpenData(
    source="hosts",
    version="1",
    digest="sha256-h",
    licence="MIT",
    entries=4,
    owners=(
        Owner("Busy Bee", "Bee Co", ANALYTICS),
        Owner("Boxes", carries=True),
        Owner("Wrong", "Wrong Ltd"),
    ),
    below={"bee.example": 0, "boxes.example": 1, "stripe.com": 2},
)
NAMES = OpenData(
    source="names",
    version="2",
    digest="sha256-n",
    licence="Apache-2.0",
    entries=9,
    owners=(Owner("BUSY BEE"), Owner("Ant", "Ant Ltd", ANALYTICS), Owner("Other")),
    exact={
        "bee_id": (Named("bee_id", 0),),
        "ant_id": (Named("ant_id", 1, "ant.example"),),
        "both_x": (Named("both_x", 1), Named("both_x", 2)),
        "lang": (Named("lang", 2),),
        "session": (Named("session", 2, "ant.example"),),
        "ab": (Named("ab", 2),),
        "_fbp": (Named("_fbp", 2),),
    },
    begins={"antp": (Named("antp_*", 1),)},
)


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    """Consult both."""
    with consulting(Consulted(data=(HOSTS, NAMES), lock="sha256:l")):
        yield


def the_one(seen: SiteObservation) -> Behind:
    """Return who is behind what was seen."""
    found = [one for names in behind_names([seen]).values() for one in names.values()]
    return found[0] if found else Behind()


def test_a_host() -> None:
    """Named with its source, which has no id for it; the catalogue comes first."""
    assert behind_host("px.bee.example", ["https://px.bee.example/x"]) == Behind(
        called="Busy Bee",
        owner="Bee Co",
        purposes=ANALYTICS,
        source="hosts",
        confidence="host",
    )
    stripe = behind_host("js.stripe.com", [])
    assert (stripe.service, stripe.source, stripe.country) == ("stripe", "", "US")
    assert behind_host("who.example", []) == Behind()


@pytest.mark.parametrize(
    ("seen", "called", "source", "confidence"),
    [
        (cookie("x_y_z", writer="px.bee.example"), "Busy Bee", "hosts", "host"),
        (cookie("bee_id", writer="px.bee.example"), "Busy Bee", "hosts", "host and name"),
        (cookie("_fbp", writer="px.bee.example"), "Busy Bee", "hosts", "host"),
        (cookie("x_y_z", writer="cdn.boxes.example"), "", "", ""),
        (cookie("ant_id", writer="cdn.boxes.example"), "Ant", "names", "name"),
        (cookie("ant_id", domain="ant.example", writer=""), "Ant", "names", "host and name"),
        (cookie("ant_id", writer="js.ant.example"), "Ant", "names", "host and name"),
        (cookie("session", domain="px.ant.example", writer=""), "Other", "names", "host and name"),
        (sent("antp_*"), "Ant", "names", "name"),
        (kept("ant_id"), "Ant", "names", "name"),
        (kept("ant_id", storage="indexed_db"), "", "", ""),
        (cookie("both_x"), "", "", ""),
        (cookie("lang"), "", "", ""),
        (cookie("session"), "", "", ""),
        (cookie("ab"), "", "", ""),
        (sent("_fbp"), "Meta (Facebook)", "", "name"),
        (cookie("m", writer="m.stripe.com"), "Stripe", "", "host and name"),
    ],
    ids=range(17),
)
def test_a_name(seen: SiteObservation, called: str, source: str, confidence: str) -> None:
    """Whoever's host it is counts; a name that anybody uses, or several claim, is nobody's."""
    found = the_one(seen)
    assert (found.called, found.source, found.confidence) == (called, source, confidence)


def test_without_them_nothing_is_known() -> None:
    """They are asked only where a run says so."""
    with consulting(Consulted()):
        assert behind_host("px.bee.example", []) == Behind()
        assert the_one(sent("ant_id")) == Behind()
        assert list(knowledge()) == ["catalogue"]


def test_what_was_asked_is_told() -> None:
    """The evidence names the catalogue, each source, and the lock."""
    said = knowledge()
    assert said.pop("catalogue").startswith("sha256:")
    assert said == {"hosts": "1 sha256-h", "names": "2 sha256-n", "audit.lock": "sha256:l"}


names = st.text(max_size=40)


@given(st.lists(st.builds(cookie, names, domain=names, writer=names, by=names), max_size=5))
def test_whatever_pages_say(seen: list[SiteObservation]) -> None:
    """Names and hosts are data of pages: nothing raises."""
    with consulting(Consulted(data=(HOSTS, NAMES))):
        for kept_there in behind_names(seen).values():
            assert {one.source for one in kept_there.values()} <= {"", "hosts", "names"}
