"""The form of a policy: judged by our own schema alone, in bounded time."""

import time
from collections.abc import Callable, Iterator

import pytest
from referencing.exceptions import Unresolvable

from auditor.policy_file import form
from auditor.policy_file.strict_yaml import JSON, read_document
from auditor.policy_file.todo import Tree


@pytest.fixture
def remote_schema(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the schema of the form refer to another place."""
    monkeypatch.setattr(form, "strict_schema", lambda: {"$ref": "http://localhost:9/a.json"})
    form._validator.cache_clear()
    yield
    form._validator.cache_clear()


@pytest.mark.usefixtures("remote_schema", "no_network")
def test_no_schema_is_fetched() -> None:
    """Even a schema that refers to another place does not send us there."""
    document = read_document(b"version: 1", "policy.yaml")
    with pytest.raises(Unresolvable):
        list(form.form_faults(Tree(value=document.tree, document=document)))


def test_lacking() -> None:
    """The entries in which something is missing are found, however deep they stand."""
    value: JSON = {
        "version": 1,
        "controller": {"name": "a"},
        "sites": [{"id": "a"}, {"id": "b", "url": "https://b.example"}],
        "stores": [{"id": "a", "connector": "sql", "tables": [{"fields": {"x": {}}}]}],
    }
    assert form.lacking(value) == {
        ("sites", 0),
        ("stores", 0, "tables", 0),
        ("stores", 0, "tables", 0, "fields", "x"),
    }


def test_in_the_order_of_the_file(refusal: Callable[[str], str]) -> None:
    """Of many mistakes the first in the file are told, in whichever order they were found."""
    columns = ",\n".join(f"c{i}: user.emial" for i in range(200))
    start = "stores: [{id: a, connector: sql, tables: [{name: t, fields: {\n"
    said = refusal(f"{start}{columns}}}}}]}}]").splitlines()
    assert [line.split(":")[1] for line in said[:25]] == [str(line) for line in range(4, 29)]


HUGE = {
    "unknown keys": "".join(f"key{i}: 1\n" for i in range(20_000)),
    "missing keys": "sites:\n" + "- {a: 1}\n" * 12_000,
    "wrong words": "stores: [{id: a, connector: sql, tables: [{name: t, fields: {"
    + "".join(f"c{i}: user.emial, " for i in range(20_000))
    + "}}]}]",
    "alternatives": "processing_activities: [{id: a, retention: ["
    + "{period: forever}, " * 15_000
    + "]}]",
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_as_many_mistakes_as_fit(refusal: Callable[[str], str], text: str) -> None:
    """A file of nothing but mistakes is refused in seconds."""
    begin = time.perf_counter()
    assert len(refusal(text).splitlines()) == 26
    assert time.perf_counter() - begin < 30
