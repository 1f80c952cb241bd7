"""Names in free text: asked of a language model only where it is installed and nothing else is."""

from collections.abc import Iterator, Sequence

import pytest
from msgspec import Struct

from auditor.collect.stores import entities
from auditor.collect.stores.entities import people_in
from auditor.collect.stores.profiling import profile_column
from auditor.collect.stores.reader import Column, Sample

NOBODY = [f"no answer on the phone, the order {n} is late" for n in range(80)]
SOMEBODY = [f"spoke with Anna Adams about the order {n}" for n in range(20)]


class Entity(Struct):
    """What a model found in a text."""

    text: str
    label_: str


class Read(Struct):
    """A text that a model has read."""

    ents: Sequence[Entity]


class Model:
    """Finds one name, and keeps count of what it read."""

    def __init__(self, label: str = "PERSON", name: str = "Anna Adams") -> None:
        """Begin with the one thing that it knows."""
        self.label, self.name, self.read = label, name, 0

    def pipe(self, texts: Sequence[str]) -> Iterator[Read]:
        """Yield what is in each text."""
        for text in texts:
            self.read += 1
            yield Read([Entity(self.name, self.label)] if self.name in text else [])


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    """Install a model that knows one name."""
    made = Model()
    monkeypatch.setattr(entities, "is_installed", lambda: True)
    monkeypatch.setattr(entities, "_model", lambda: made)
    return made


def profiled(name: str, values: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return what a column is said to hold, by what, and how surely."""
    sample = Sample(rows=len(values), filled=len(values), values=tuple(values), is_all=True)
    found = profile_column("calls", Column(name=name, type="text", kind="text"), sample)
    return [(one.category, one.detector, one.confidence) for one in found]


def test_names_in_sentences_are_a_guess(model: Model) -> None:
    """They are told at low confidence, with the share of texts that hold one."""
    del model
    assert profiled("remark", NOBODY + SOMEBODY) == [("user.name", "named-entities", "low")]
    found = people_in(NOBODY + SOMEBODY)
    assert found is not None
    assert (found.hits, found.looked_at, found.exhaustive) == (20, 100, False)


def test_what_is_known_is_not_asked_about(model: Model) -> None:
    """A column of addresses, of short words, or of hardly any sentence is not read."""
    assert profiled("x", [f"a{n}@example.org" for n in range(9)])[0][1] == "email"
    assert profiled("state", ["on", "off"] * 20) == []
    assert people_in(["on"] * 80 + SOMEBODY) is None
    assert model.read == 0


def test_only_full_names_of_people_count(model: Model) -> None:
    """A place is none, a first name alone neither; one text in a hundred is too few."""
    assert people_in(NOBODY * 2 + SOMEBODY[:1]) is None
    model.label = "GPE"
    assert people_in(SOMEBODY) is None
    model.label, model.name = "PERSON", "Anna"
    assert people_in(SOMEBODY) is None


def test_a_bounded_number_is_read(model: Model) -> None:
    """However many there are."""
    people_in(SOMEBODY * 100)
    assert model.read == entities.MOST


def test_without_the_model_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is optional."""
    monkeypatch.setattr(entities, "MODEL", "no_such_model")
    assert people_in(SOMEBODY) is None


def test_the_model_itself() -> None:
    """Where it is installed, it finds people, and not places."""
    pytest.importorskip(entities.MODEL, reason="the extra `ner` is not installed")
    assert people_in(SOMEBODY) is not None
    assert people_in([f"a table from New York, model Grand Royal {n}" for n in range(50)]) is None
