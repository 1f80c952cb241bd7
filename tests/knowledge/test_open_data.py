"""What is compiled is asked in no time, and only where a run says so."""

import time

import msgspec
import pytest

from auditor.knowledge.open_data import (
    Consulted,
    Named,
    OpenData,
    Owner,
    consulted,
    consulting,
    decode,
    encode,
)

DATA = OpenData(
    source="s",
    version="1",
    digest="sha256-x",
    licence="MIT",
    entries=1,
    owners=(Owner("A"),),
    alone={"a.example": 0},
)


def test_they_are_asked_only_inside() -> None:
    """By default nothing but the catalogue is known, and so it is again afterwards."""
    assert consulted() == Consulted()
    with consulting(Consulted(data=(DATA,), lock="l")):
        assert consulted().data == (DATA,)
    assert consulted() == Consulted()


def test_the_same_data_are_the_same_bytes() -> None:
    """What is compiled twice has one digest, and reads back as it was."""
    assert encode(DATA) == encode(DATA)
    assert decode(encode(DATA)) == DATA


@pytest.mark.parametrize(
    "changed",
    [
        {"alone": {"a.example": 1}},
        {"below": {"a.example": -1}},
        {"exact": {"x": [["x", 1]]}},
        {"begins": {"x": [["x", 1]]}},
        {"short": [["x", 7]]},
        {"format": 2},
        {"more": 1},
    ],
)
def test_what_points_nowhere_is_refused(changed: dict[str, object]) -> None:
    """A damaged file is no data: it would fail in the middle of a run."""
    data = msgspec.json.decode(encode(DATA))
    with pytest.raises(ValueError, match=r".+"):
        decode(msgspec.json.encode({**data, **changed}))


def test_it_loads_and_answers_quickly() -> None:
    """As many as there are in the real ones: loaded in 15 ms, a question takes microseconds."""
    many = OpenData(
        source="s",
        version="1",
        digest="",
        licence="",
        entries=5000,
        owners=tuple(Owner(f"Company {n}", f"Company {n} Ltd") for n in range(2000)),
        below={f"host-{n}.example": n % 2000 for n in range(3000)},
        exact={f"name_{n}": (Named(f"name_{n}", n % 2000),) for n in range(2000)},
    )
    data = encode(many)
    loading, asking = [], []
    for _ in range(5):
        start = time.perf_counter()
        found = decode(data)
        loading.append(time.perf_counter() - start)
        start = time.perf_counter()
        for n in range(1000):
            found.owner_at(f"a.b.host-{n}.example")
            found.named(f"name_{n}")
        asking.append(time.perf_counter() - start)
    assert min(loading) < 0.015
    assert min(asking) / 2000 < 20e-6
