from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.site.consent import TcString, read_tc_string

NUMBERS = st.sets(st.integers(1, 24))


def written(*, version: int = 2, cmp: int = 0, **given: set[int]) -> str:
    """Return a core string with what is given, and everything else zero."""

    def bits(name: str, size: int) -> str:
        return "".join(str(int(at + 1 in given.get(name, set()))) for at in range(size))

    text = f"{version:06b}{0:072b}{cmp:012b}{0:050b}"
    text += bits("features", 12) + bits("consent", 24) + bits("legitimate", 24)
    text = text.ljust(240, "0")
    return urlsafe_b64encode(int(text, 2).to_bytes(30)).decode().rstrip("=")


@given(NUMBERS, NUMBERS, st.sets(st.integers(1, 12)), st.integers(0, 4095))
def test_what_was_written_is_read(
    consent: set[int], legitimate: set[int], features: set[int], cmp: int
) -> None:
    """Purposes, special features and the maker of the banner come back, whatever follows."""
    core = written(cmp=cmp, consent=consent, legitimate=legitimate, features=features)
    assert read_tc_string(f"{core}.YAAAAAAA") == TcString(
        cmp=cmp,
        purposes=tuple(sorted(consent)),
        legitimate_interests=tuple(sorted(legitimate)),
        special_features=tuple(sorted(features)),
    )


def test_a_published_string() -> None:
    """The example that readers of TC strings are commonly tried with."""
    read = read_tc_string(
        "CLcVDxRMWfGmWAVAHCENAXCkAKDAADnAABRgA5mdfCKZuYJez-NQm0TBMYA4oCAAGQYIAAAAAAEAIAEgAA"
    )
    assert read is not None
    assert (read.cmp, read.purposes, read.special_features) == (21, (1, 3, 9, 10), (2,))


@pytest.mark.parametrize("text", ["", "C", "CLcV", written(version=1), "*" * 60, "C" * 9000])
def test_what_is_none(text: str) -> None:
    """Other versions, cut ones and other texts say nothing."""
    assert read_tc_string(text) is None


@given(st.text(max_size=100))
def test_any_text_can_be_read(text: str) -> None:
    """Whatever a page hands out, it is read or is none."""
    read_tc_string(text)
    read_tc_string("C" * 40 + text)
