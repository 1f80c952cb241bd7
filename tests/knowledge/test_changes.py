"""Whoever updates open data sees what they say otherwise."""

from auditor.knowledge.changes import changes
from auditor.knowledge.open_data import Named, OpenData, Owner


def data(*called: str, **more: object) -> OpenData:
    """Return data with owners of these names."""
    facts = {"source": "s", "version": "1", "digest": "", "licence": "", "entries": 1, **more}
    return OpenData(**facts, owners=tuple(map(Owner, called)))  # type: ignore[arg-type]


OLD = data("A", "B", alone={"x.example": 0}, below={"y.example": 1})


def test_nothing_changes() -> None:
    """The order of owners is of no importance."""
    assert changes(OLD, OLD) == ()
    same = data("B", "A", alone={"x.example": 1}, below={"y.example": 0})
    assert changes(OLD, same) == ()


def test_what_changes() -> None:
    """Hosts and names that come, go, or are somebody else's now."""
    exact = {"n": (Named("n", 0), Named("n", 1))}
    new = data("A", "C", alone={"x.example": 1}, below={"z.example": 0}, exact=exact)
    assert changes(OLD, new) == (
        "host *.y.example: B -> unknown",
        "host *.z.example: unknown -> A",
        "host x.example: A -> C",
        "name n: unknown -> A or C",
    )
    assert len(changes(None, new)) == 3
