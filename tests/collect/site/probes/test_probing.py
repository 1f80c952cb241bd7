"""What probes tell, and what it means that they do not: gaps, never silence."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.site.probes.probing import ASPECTS, Fact, Probes
from auditor.collect.site.said import Missed, Said, Saw
from auditor.collect.site.story import Story
from auditor.evidence import DeviceRead, Reason, State

BY = "https://js.ads.example/x.js"


class _Frame:
    url = "https://shop.example/"
    parent_frame = None


FRAME: Any = _Frame()
PAGE: Any = SimpleNamespace(frames=[FRAME])


def told(*texts: str) -> list[Said]:
    """Return what is told after a frame has said all this."""
    said: list[Said] = []
    story = Story(said.append, State.BEFORE, 1000)
    story.page = FRAME.url
    probes = Probes(story)
    for text in texts:
        probes._hear({"frame": FRAME}, text)  # as the browser calls it
    probes.finish()
    probes.unarmed(PAGE, FRAME.url)
    return said


def fact(**facts: object) -> str:
    """Return a telling as a page sends it."""
    return json.dumps({"by": BY, **facts})


ARMED = fact(kind="armed")


def test_a_frame_that_is_not_heard_is_a_gap() -> None:
    """So that neither fingerprinting nor recording passes; one that is heard has none."""
    (missed,) = told()
    assert isinstance(missed, Missed)
    assert (missed.gap.reason, missed.gap.aspects) == (Reason.PROBE_NOT_ARMED, ASPECTS)
    assert told(ARMED) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (fact(kind="cap"), Reason.CAP_REACHED),
        ("{", Reason.NOT_VERIFIED),
        ("", Reason.NOT_VERIFIED),
    ],
)
def test_what_is_not_told_is_a_gap(text: str, reason: Reason) -> None:
    """A cap, and a telling that is none."""
    (missed,) = told(ARMED, text)
    assert isinstance(missed, Missed)
    assert (missed.gap.reason, missed.gap.aspects) == (reason, ASPECTS)


def test_an_offer_that_somebody_takes_up_is_a_call() -> None:
    """Only an offer that nobody takes up asks for addresses alone."""
    offer, talks = fact(kind="read", what="webrtc"), fact(kind="talks", what="webrtc")
    (saw,) = told(ARMED, offer)
    assert isinstance(saw, Saw)
    assert isinstance(saw.seen, DeviceRead)
    assert (saw.seen.what, saw.seen.writer) == ("webrtc", "js.ads.example")
    assert told(ARMED, offer, talks) == []
    assert len(told(ARMED, offer, offer, talks)) == 1


def test_code_in_the_page_is_the_pages() -> None:
    """Where no script is named, the page itself has read."""
    (saw,) = told(ARMED, fact(kind="read", what="canvas", sign="text read back", by=""))
    assert isinstance(saw, Saw)
    assert isinstance(saw.seen, DeviceRead)
    assert (saw.seen.writer, saw.seen.signs) == ("shop.example", ("text read back",))


@given(
    st.sampled_from(["read", "talks", "hears", "sends"]),
    st.text(max_size=50),
    st.text(max_size=200),
    st.floats() | st.none() | st.text(max_size=5),
)
def test_whatever_a_page_makes_up_nothing_raises(
    kind: str, what: str, sign: str, size: object
) -> None:
    """A page may say anything: it is told short, or is a gap."""
    for one in told(ARMED, fact(kind=kind, what=what, sign=sign, size=size, by=sign)):
        if isinstance(one, Saw):
            assert isinstance(one.seen, DeviceRead)
            assert len(one.seen.what) <= 20


def test_the_fields_of_a_fact() -> None:
    """What the scripts send is what is read here."""
    assert Fact.__struct_fields__ == ("kind", "what", "sign", "by", "size")
