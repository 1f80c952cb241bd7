"""What the values of a policy become, and where they stand."""

import pytest
from inline_snapshot import snapshot

from auditor.errors import PolicyError
from auditor.policy_file.strict_yaml import JSON, dotted, read_document
from auditor.policy_file.yaml_tree import MAX_DEPTH

VALUES: dict[str, JSON] = {
    "true": True,
    "false": False,
    "null": None,
    "~": None,
    "": None,
    "0": 0,
    "42": 42,
    "-7": -7,
    "999999999999999999": 999999999999999999,
    "'true'": "true",
    '"42"': "42",
    '"caf\\u00e9"': "caf\N{LATIN SMALL LETTER E WITH ACUTE}",
    "|\n  x\n  y": "x\ny",
    ">\n  x\n  y": "x y",
    "first\n  second - third": "first second - third",
}
AS_WRITTEN = (
    "NO on yes True TRUE Null 1.10 3.14 .inf .nan 1e3 0x1F 0o17 0123 -0 +1 1_000 12:30 190:20:30"
    " 2026-01-10 2026-13-01 2026-01-10T12:00:00Z 0000000000000000000001 = P12M TODO"
).split()

NESTED = b"""\
# where it is deployed
controller:
  name: Reach4Help
sites:
- id: www
  url: "https://reach4help.org/"
  crawl: {max_pages: 25, "start": [/, '/x']}
-   - a
    -
      b
notes: |
  two
  lines
empty:
"""


@pytest.mark.parametrize(("text", "value"), VALUES.items())
def test_scalars(text: str, value: JSON) -> None:
    """Only true, false, null and whole numbers are more than text; quotes make all of it text."""
    tree = read_document(f"a: {text}".encode(), "policy.yaml").tree
    assert tree == {"a": value}
    assert type(tree["a"]) is type(value)


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_text_stays_as_written(text: str) -> None:
    """Whatever other readers of YAML take for a number, a date or a truth value stays text."""
    assert read_document(f"a: {text}\n{text}: b".encode(), "p").tree == {"a": text, text: "b"}


@pytest.mark.parametrize("key", ["1", "true", "null", "~", "2026-01-10", "1.5", "'<<'"])
def test_keys_are_text(key: str) -> None:
    """A key is the text that was written, whatever it looks like."""
    assert read_document(f"{key}: 1".encode(), "p").tree == {key.strip("'"): 1}


def test_places() -> None:
    """Values and keys are found at their line and column; a mapping begins at its first key."""
    document = read_document(NESTED, "policy.yaml")
    values = {dotted(path): (at.line, at.column) for path, at in document.values.items()}
    keys = {dotted(path): (at.line, at.column) for path, at in document.keys.items()}
    assert values == snapshot(
        {
            "": (2, 1),
            "controller": (3, 3),
            "controller.name": (3, 9),
            "sites": (5, 1),
            "sites[0]": (5, 3),
            "sites[0].id": (5, 7),
            "sites[0].url": (6, 8),
            "sites[0].crawl": (7, 10),
            "sites[0].crawl.max_pages": (7, 22),
            "sites[0].crawl.start": (7, 35),
            "sites[0].crawl.start[0]": (7, 36),
            "sites[0].crawl.start[1]": (7, 39),
            "sites[1]": (8, 5),
            "sites[1][0]": (8, 7),
            "sites[1][1]": (10, 7),
            "notes": (11, 8),
            "empty": (14, 7),
        }
    )
    assert keys == snapshot(
        {
            "controller": (2, 1),
            "controller.name": (3, 3),
            "sites": (4, 1),
            "sites[0].id": (5, 3),
            "sites[0].url": (6, 3),
            "sites[0].crawl": (7, 3),
            "sites[0].crawl.max_pages": (7, 11),
            "sites[0].crawl.start": (7, 26),
            "notes": (11, 1),
            "empty": (14, 1),
        }
    )


def test_places_count_characters() -> None:
    """Columns count characters, not bytes, and every kind of line end ends one line."""
    document = read_document("é: '😀'\r\na: {é: 1, b: 2}\rc: 3\n".encode(), "policy.yaml")
    places = {dotted(path): (at.line, at.column) for path, at in document.keys.items()}
    assert places == snapshot(
        {'["é"]': (1, 1), "a": (2, 1), 'a["é"]': (2, 5), "a.b": (2, 11), "c": (3, 1)}
    )


def test_depth_limit() -> None:
    """The deepest allowed nesting is read; one level more is refused."""
    inner = MAX_DEPTH - 1
    read_document(b"a: " + b"[" * inner + b"]" * inner, "p")
    with pytest.raises(PolicyError, match="nested more than 32 levels deep"):
        read_document(b"a: " + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, "p")


def test_node_limit() -> None:
    """50,000 keys and values are read; one more is refused."""
    read_document(b"a: [" + b"1," * 49_997 + b"]", "p")
    with pytest.raises(PolicyError, match="more than 50,000 keys and values"):
        read_document(b"a: [" + b"1," * 49_998 + b"]", "p")


def test_dotted() -> None:
    """A path reads as in most languages; unusual keys are quoted, cut and made visible."""
    assert dotted(()) == ""
    assert dotted(("device_storage", 2, "max_age")) == "device_storage[2].max_age"
    assert dotted((0, 1)) == "[0][1]"
    assert dotted(("x", "a.b", "\u202ey\n")) == snapshot('x["a.b"]["\\u202ey\\u000a"]')
    assert dotted(("k" * 100,)) == snapshot(
        '["kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…" (100 characters)]'
    )
