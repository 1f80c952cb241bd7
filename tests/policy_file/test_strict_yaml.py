"""Reading policy.yaml: nothing hostile gets through, nothing honest is changed."""

# ruff: noqa: E501 -- a message is one line

import hashlib
import json
import random
import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from auditor.errors import PolicyError, Position
from auditor.policy_file import strict_yaml
from auditor.policy_file.strict_yaml import JSON, Document, Path, read_document

LOADERS = [yaml.SafeLoader, strict_yaml.LOADER]

LAUGHS = "a: &a [ha, ha]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def read_with(loader: type, data: bytes) -> Document:
    """Read a policy with one of PyYAML's loaders; whatever it is, this takes seconds."""
    before = time.monotonic()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strict_yaml, "LOADER", loader)
        try:
            return read_document(data, "policy.yaml")
        finally:
            assert time.monotonic() - before < 20


def refusal(data: bytes) -> str:
    """Read what must be refused, and return all that is said about it."""
    with pytest.raises(PolicyError) as caught:
        read_with(strict_yaml.LOADER, data)
    return str(caught.value)


def outcome(loader: type, data: bytes) -> Document | PolicyError:
    """Read what may be good or bad."""
    try:
        return read_with(loader, data)
    except PolicyError as error:
        return error


HOSTILE = {
    "billion laughs": (
        LAUGHS.encode(),
        snapshot("""\
policy.yaml:1:4: a: text that begins with & must be quoted: write "&a" (YAML anchors are not read)
policy.yaml:2:4: b: text that begins with & must be quoted: write "&b" (YAML anchors are not read)
policy.yaml:2:8: b[0]: text that begins with * must be quoted: write "*a" (YAML aliases are not read)
policy.yaml:2:12: b[1]: text that begins with * must be quoted: write "*a" (YAML aliases are not read)
policy.yaml:2:16: b[2]: text that begins with * must be quoted: write "*a" (YAML aliases are not read)
policy.yaml:2:20: b[3]: text that begins with * must be quoted: write "*a" (YAML aliases are not read)
policy.yaml:2:24: b[4]: text that begins with * must be quoted: write "*a" (YAML aliases are not read)
policy.yaml:2:28: b[5]: text that begins with * must be quoted: write "*a" (YAML aliases are not read)
policy.yaml:2:32: b[6]: text that begins with * must be quoted: write "*a" (YAML aliases are not read)
policy.yaml:2:36: b[7]: text that begins with * must be quoted: write "*a" (YAML aliases are not read)
policy.yaml:2:40: b[8]: text that begins with * must be quoted: write "*a" (YAML aliases are not read)
policy.yaml:2:44: b[9]: text that begins with * must be quoted: write "*a" (YAML aliases are not read)
policy.yaml:3:4: c: text that begins with & must be quoted: write "&c" (YAML anchors are not read)
policy.yaml:3:8: c[0]: text that begins with * must be quoted: write "*b" (YAML aliases are not read)
policy.yaml:3:12: c[1]: text that begins with * must be quoted: write "*b" (YAML aliases are not read)
policy.yaml:3:16: c[2]: text that begins with * must be quoted: write "*b" (YAML aliases are not read)
policy.yaml:3:20: c[3]: text that begins with * must be quoted: write "*b" (YAML aliases are not read)
policy.yaml:3:24: c[4]: text that begins with * must be quoted: write "*b" (YAML aliases are not read)
policy.yaml:3:28: c[5]: text that begins with * must be quoted: write "*b" (YAML aliases are not read)
policy.yaml:3:32: c[6]: text that begins with * must be quoted: write "*b" (YAML aliases are not read)
policy.yaml:3:36: c[7]: text that begins with * must be quoted: write "*b" (YAML aliases are not read)
policy.yaml:3:40: c[8]: text that begins with * must be quoted: write "*b" (YAML aliases are not read)
policy.yaml:3:44: c[9]: text that begins with * must be quoted: write "*b" (YAML aliases are not read)
policy.yaml:4:4: d: text that begins with & must be quoted: write "&d" (YAML anchors are not read)
policy.yaml:4:8: d[0]: text that begins with * must be quoted: write "*c" (YAML aliases are not read)
policy.yaml:4:12: there are more problems from here on; they are not listed\
"""),
    ),
    "list that holds itself": (
        b"a: &a [*a]",
        snapshot("""\
policy.yaml:1:4: a: text that begins with & must be quoted: write "&a" (YAML anchors are not read)
policy.yaml:1:8: a[0]: text that begins with * must be quoted: write "*a" (YAML aliases are not read)\
"""),
    ),
    "alias": (
        b"a: 1\nb: [*_ga, *sid]",
        snapshot("""\
policy.yaml:2:5: b[0]: text that begins with * must be quoted: write "*_ga" (YAML aliases are not read)
policy.yaml:2:11: b[1]: text that begins with * must be quoted: write "*sid" (YAML aliases are not read)\
"""),
    ),
    "alias as a key": (
        b"*a : 1",
        snapshot(
            'policy.yaml:1:1: ["*a"]: text that begins with * must be quoted: write "*a" (YAML aliases are not read)'
        ),
    ),
    "host with an unquoted star": (
        b"domains: [*.example.org]",
        snapshot(
            'policy.yaml:1:11: text that begins with * must be quoted: write "*.example.org" (YAML aliases are not read)'
        ),
    ),
    "python tag": (
        b"a: !!python/object/apply:os.system [id]",
        snapshot(
            'policy.yaml:1:4: a: text that begins with ! must be quoted: write "!!python/object/apply:os.system" (YAML tags are not read)'
        ),
    ),
    "tag on a key": (
        b"!!str a: 1",
        snapshot(
            'policy.yaml:1:1: a: text that begins with ! must be quoted: write "!!str" (YAML tags are not read)'
        ),
    ),
    "lone tag": (
        b"a: ! 1\nb: ! [x]",
        snapshot("""\
policy.yaml:1:4: a: text that begins with ! must be quoted: write "!" (YAML tags are not read)
policy.yaml:2:4: b: text that begins with ! must be quoted: write "!" (YAML tags are not read)\
"""),
    ),
    "unknown tag handle": (
        b"a: !e!x 1",
        snapshot(
            'policy.yaml:1:4: text that begins with ! must be quoted: write "!e!x" (YAML tags are not read)'
        ),
    ),
    "deep block": (
        "".join(f"{' ' * n}a:\n" for n in range(5000))[:900_000].encode(),
        snapshot(
            "policy.yaml:33:33: a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a: nested more than 32 levels deep"
        ),
    ),
    "deep flow": (
        b"a: " + b"[" * 200_000,
        snapshot(
            "policy.yaml:1:35: a[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]: nested more than 32 levels deep"
        ),
    ),
    "a mebibyte of brackets": (
        b"[" * 1024 * 1024,
        snapshot(
            "policy.yaml:1:33: [0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]: nested more than 32 levels deep"
        ),
    ),
    "same key": (
        b"cookies: [a]\nb: 1\ncookies: []\n",
        snapshot("policy.yaml:3:1: cookies: the same key stands in line 1; keep one"),
    ),
    "same key, once quoted": (
        b'a: 1\n"a": 2\n',
        snapshot("policy.yaml:2:1: a: the same key stands in line 1; keep one"),
    ),
    "same key, number and text": (
        b'{1: a, "1": b, true: c, "true": d}',
        snapshot("""\
policy.yaml:1:8: 1: the same key stands in line 1; keep one
policy.yaml:1:25: true: the same key stands in line 1; keep one\
"""),
    ),
    "same key three times": (
        b"a: 1\nb: 2\na: 3\na: 4\n",
        snapshot("""\
policy.yaml:3:1: a: the same key stands in line 1; keep one
policy.yaml:4:1: a: the same key stands in line 1; keep one\
"""),
    ),
    "same key in a list item": (
        b"x:\n  - id: a\n    id: b\n",
        snapshot("policy.yaml:3:5: x[0].id: the same key stands in line 2; keep one"),
    ),
    "merge key": (
        b"a: 1\n<<: {x: 1}",
        snapshot('policy.yaml:2:1: ["<<"]: merge keys are not read; write the values out'),
    ),
    "second document": (
        b"a: 1\n---\nb: 2\n",
        snapshot("policy.yaml:2:1: a second document begins; a file is one policy"),
    ),
    "60,000 keys": (
        f"{{{', '.join(f'k{n}: 1' for n in range(60_000))}}}".encode(),
        snapshot("policy.yaml:1:263889: more than 50,000 keys and values"),
    ),
    "5,000 digits": (
        b"a: 1\nb: " + b"7" * 5000,
        snapshot(
            'policy.yaml:2:4: b: "777777777777777777777777777777777777777777777777777777777777…" (5,000 characters) is too long for a number; quote it if it is text'
        ),
    ),
    "19 digits": (
        b"a: -1000000000000000000",
        snapshot(
            'policy.yaml:1:4: a: "-1000000000000000000" is too long for a number; quote it if it is text'
        ),
    ),
    "escaped control characters": (
        rb'a: "\x1b\x00\u202e"',
        snapshot("policy.yaml:1:4: a: the invisible character U+001B is not allowed; remove it"),
    ),
    "escaped line break": (
        rb'a: "x\ry"',
        snapshot("policy.yaml:1:4: a: the invisible character U+000D is not allowed; remove it"),
    ),
    "escaped control characters in a key": (
        rb'"a\nb": {"\u202e": 1}',
        snapshot("""\
policy.yaml:1:1: ["a\\u000ab"]: the invisible character U+000A is not allowed; remove it
policy.yaml:1:10: ["a\\u000ab"]["\\u202e"]: the invisible character U+202E is not allowed; remove it\
"""),
    ),
    "raw control and bidi characters": (
        "a: \x1b[1m\nb: [x, n\u202ee] # \u2066\n".encode(),
        snapshot("""\
policy.yaml:1:4: the invisible character U+001B is not allowed; remove it
policy.yaml:2:9: the invisible character U+202E is not allowed; remove it
policy.yaml:2:15: the invisible character U+2066 is not allowed; remove it\
"""),
    ),
    "line separator": (
        "a: 1\u2028b: 2".encode(),
        snapshot("policy.yaml:1:5: the invisible character U+2028 is not allowed; remove it"),
    ),
    "byte order mark inside": (
        "a: \ufeff1".encode(),
        snapshot("policy.yaml:1:4: the invisible character U+FEFF is not allowed; remove it"),
    ),
    "surrogate": (
        b"a: x\nb: \xed\xa0\x80",
        snapshot("policy.yaml:2:4: the byte 0xED is not UTF-8; save the file as UTF-8"),
    ),
    "escaped surrogate": (
        rb'a: "\ud800"',
        snapshot(
            "policy.yaml:1:4: an escape in this quoted text is not known; write the character itself, or use single quotes, where a backslash is only a backslash"
        ),
    ),
    "escape beyond Unicode": (
        rb'a: "\UFFFFFFFF"',
        snapshot(
            "policy.yaml:1:4: an escape in this quoted text is not known; write the character itself, or use single quotes, where a backslash is only a backslash"
        ),
    ),
    "escape just beyond Unicode": (
        rb'a: "\U00110000"',
        snapshot(
            "policy.yaml:1:4: an escape in this quoted text is not known; write the character itself, or use single quotes, where a backslash is only a backslash"
        ),
    ),
    "NUL": (
        b"a: \x00",
        snapshot("policy.yaml:1:1: the file is UTF-16, or no text at all; save it as UTF-8"),
    ),
    "UTF-16": (
        "a: 1".encode("utf-16"),
        snapshot("policy.yaml:1:1: the file is UTF-16, or no text at all; save it as UTF-8"),
    ),
    "UTF-16 without a NUL": (
        "\u653f\u7b56".encode("utf-16"),
        snapshot("policy.yaml:1:1: the file is UTF-16, or no text at all; save it as UTF-8"),
    ),
    "UTF-16 without a mark": (
        "a: 1".encode("utf-16-le"),
        snapshot("policy.yaml:1:1: the file is UTF-16, or no text at all; save it as UTF-8"),
    ),
    "UTF-32": (
        "a: 1".encode("utf-32-be"),
        snapshot("policy.yaml:1:1: the file is UTF-16, or no text at all; save it as UTF-8"),
    ),
    "Latin-1": (
        "a: 1\r\nb: \N{LATIN SMALL LETTER E WITH ACUTE}".encode("latin-1"),
        snapshot("policy.yaml:2:4: the byte 0xE9 is not UTF-8; save the file as UTF-8"),
    ),
    "list as a key": (
        b"? [a]\n: b",
        snapshot(
            "policy.yaml:1:3: a key is one name, not a group; if {{ }} is text, quote the whole value"
        ),
    ),
    "mapping as a key": (
        b"a: {{ host }}",
        snapshot(
            "policy.yaml:1:5: a: a key is one name, not a group; if {{ }} is text, quote the whole value"
        ),
    ),
    "no bytes": (
        b"",
        snapshot(
            'policy.yaml:1:1: the file holds nothing; a policy is keys with values, such as "version: 1"'
        ),
    ),
    "comments only": (
        b"# a policy\n\n# will stand here\n",
        snapshot(
            'policy.yaml:1:1: the file holds nothing; a policy is keys with values, such as "version: 1"'
        ),
    ),
    "empty document": (
        b"---\n",
        snapshot(
            'policy.yaml:2:1: the file holds nothing; a policy is keys with values, such as "version: 1"'
        ),
    ),
    "a text": (
        b"cookies",
        snapshot(
            'policy.yaml:1:1: the file holds one value; a policy is keys with values, such as "version: 1"'
        ),
    ),
    "a list": (
        b"- a: 1\n",
        snapshot(
            'policy.yaml:1:1: the file holds a list; a policy is keys with values, such as "version: 1"'
        ),
    ),
    "%YAML": (
        b"%YAML 1.1\n---\na: 1\n",
        snapshot("policy.yaml:1:1: YAML directives are not read; no line may begin with %"),
    ),
    "%TAG": (
        b"# x\r%TAG ! tag:example.org,2026:\n---\na: 1\n",
        snapshot("policy.yaml:2:1: YAML directives are not read; no line may begin with %"),
    ),
    "unknown directive": (
        b"%X\n---\na: 1\n",
        snapshot("policy.yaml:1:1: YAML directives are not read; no line may begin with %"),
    ),
    "too many bytes": (
        b"#" * (1024 * 1024 + 1),
        snapshot("policy.yaml:1:1: the file is larger than 1 MiB; policies are far smaller"),
    ),
    "list item that becomes text": (
        b"domains:\n  - a.org\n   - b.org\n",
        snapshot(
            "policy.yaml:2:5: domains[0]: the list item below is indented deeper and so becomes part of this text; align the -, or quote the text"
        ),
    ),
}

COSTLY = {
    "nested flow mappings": "{a: " * 262_144,
    "nested lists on one line": "- " * 524_288,
    "nested keys on one line": "? " * 524_288,
    "the same key": "a: 1\n" * 200_000,
    "empty lists": f"[{'[],' * 300_000}",
    "tag directives": "".join(f"%TAG !a{n}! tag:x\n" for n in range(50_000)) + "---\na: 1\n",
    "late tag directives": "a: 1\n...\n" + "".join(f"%TAG !a{n}! t:x\n" for n in range(50_000)),
    "digits": f"a: {'1' * 1_000_000}",
    "empty lines in a block": "a: |\n" + "\n" * 1_000_000,
    "an unclosed quotation mark": "a: '" + "x\n" * 500_000,
    "list items that become text": "a:\n - b\n" + "  - c\n" * 170_000,
    "a long name before many aliases": f"? '{'k' * 500_000}'\n: [{'*a, ' * 40_000}]",
}


@pytest.mark.parametrize(("data", "said"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_refused(data: bytes, said: str) -> None:
    """Each hostile file is refused with the place of what is wrong and what to do about it."""
    assert refusal(data) == said


@pytest.mark.parametrize("data", [data for data, _ in HOSTILE.values()], ids=HOSTILE)
def test_hostile_text_is_refused_without_libyaml(data: bytes) -> None:
    """PyYAML's slower loader lets nothing through either."""
    with pytest.raises(PolicyError, match=r"^policy\.yaml:\d+:\d+: "):
        read_with(yaml.SafeLoader, data)


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("text", COSTLY.values(), ids=COSTLY)
def test_costly_text_ends_in_time(text: str, loader: type) -> None:
    """A file made to keep the reader busy ends within seconds, and its message is short."""
    result = outcome(loader, text.encode())
    assert isinstance(result, Document) or len(str(result)) < 10_000


def test_problems_are_told_together() -> None:
    """What leaves the rest readable is listed in the order of the file, at most 25 of it."""
    assert refusal(b'a: 1\nb: *x\na: 2\nc: "\\u202e"\nd: !x 3\ne: [1\n') == snapshot("""\
policy.yaml:2:4: b: text that begins with * must be quoted: write "*x" (YAML aliases are not read)
policy.yaml:3:1: a: the same key stands in line 1; keep one
policy.yaml:4:4: c: the invisible character U+202E is not allowed; remove it
policy.yaml:5:4: d: text that begins with ! must be quoted: write "!x" (YAML tags are not read)
policy.yaml:7:1: the bracket opened in line 6 is not closed, or a comma is missing\
""")
    many = refusal(b"a: 1\n" * 100).splitlines()
    assert len(many) == 26
    assert many[-1] == snapshot(
        "policy.yaml:27:1: there are more problems from here on; they are not listed"
    )


def test_byte_order_mark_is_dropped() -> None:
    """A UTF-8 byte order mark counts neither as text nor as a column, but in the digest."""
    data = b"\xef\xbb\xbfa: 1\n"
    document = read_document(data, "policy.yaml")
    assert document.tree == {"a": 1}
    assert document.text == "a: 1\n"
    assert document.keys["a",] == Position(1, 1)
    assert document.sha256 == hashlib.sha256(data).hexdigest()


NASTY = (
    "NO on 1.10 12:30 2026-01-10 0123 -0 +1 1e3 0x1F 1_000 .inf ~ null Null true True y = << - ? :"
    " * & ! | > % @ ` # , [a] {a} *a &a !a @a %a #a 'a' \"a\" it's C:\\x a:b é 😀 999999999999999999"
    " 9999999999999999999 x:"
).split()
characters = st.characters(
    exclude_categories=["Cc", "Cs"],
    exclude_characters="\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067"
    "\u2068\u2069\ufeff\ufffe\uffff",
)
names = st.text(characters, max_size=20) | st.sampled_from(NASTY)
texts = (
    names
    | st.text(characters | st.sampled_from("\n\t"), max_size=20)
    | st.sampled_from(["a: b", "- a", "a #b", " a ", "a\n- b\n", "\n", "a\n\n b", "\ta"])
)
scalars = texts | st.booleans() | st.none() | st.integers(1 - 10**18, 10**18 - 1)
trees = st.dictionaries(
    names,
    st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
        max_leaves=15,
    ),
    max_size=4,
)


def paths(node: JSON, path: Path = ()) -> Iterator[tuple[Path, JSON]]:
    """Yield each value of a tree with its path."""
    yield path, node
    if isinstance(node, dict):
        for name, child in node.items():
            yield from paths(child, (*path, name))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from paths(child, (*path, index))


def quotings(text: str) -> list[str]:
    """Return the ways to write a text on one line."""
    ways = [json.dumps(text, ensure_ascii=False)]
    if not set(text) & set("\n\t"):
        ways.append("'" + text.replace("'", "''") + "'")
    if re.fullmatch(r"[A-Za-z][\w.]*( [\w.]+)*", text) and text not in {"true", "false", "null"}:
        ways.append(text)
    return ways


def inline(value: JSON, dice: random.Random) -> str:
    """Write a scalar or an empty collection."""
    return dice.choice(quotings(value)) if isinstance(value, str) else json.dumps(value)


def block(node: JSON, dice: random.Random, indent: int = 0) -> str:
    """Write a tree in block style, each text quoted in one of its ways, with comments."""
    items = (
        [(f"{inline(name, dice)}:", child) for name, child in node.items()]
        if isinstance(node, dict)
        else [("-", child) for child in node]
        if isinstance(node, list)
        else []
    )
    lines = []
    for head, child in items:
        deeper = isinstance(child, dict | list) and child
        width = indent + dice.randint(1, 4)
        tail = f"\n{block(child, dice, width)}" if deeper else f" {inline(child, dice)}"
        lines.append(f"{' ' * indent}{head}{tail}")
        lines += dice.choice([[], ["# - 'x: ["], [""]])
    return "\n".join(lines)


@given(
    st.sampled_from(LOADERS),
    st.binary() | st.text("ab01:-?[]{}&*!|>'\"%@`#,.<~\\ \t\r\n").map(str.encode),
)
@settings(deadline=timedelta(seconds=5))
def test_any_bytes_are_read_or_refused(loader: type, data: bytes) -> None:
    """Whatever the bytes are, there is a document or a `PolicyError` with places in the text."""
    result = outcome(loader, data)
    if isinstance(result, Document):
        assert isinstance(result.tree, dict)
        return
    assert result.problems
    for problem in result.problems:
        assert 1 <= problem.where.line <= len(data.splitlines()) + 1
        assert 1 <= problem.where.column <= len(data) + 1


@given(st.sampled_from(LOADERS), trees, st.sampled_from(["flow", "block", "block, ASCII"]))
@settings(deadline=timedelta(seconds=5))
def test_what_pyyaml_writes_reads_back(loader: type, tree: dict[str, JSON], style: str) -> None:
    """A tree that PyYAML wrote is read without any change."""
    text = yaml.safe_dump(
        tree,
        default_flow_style=style == "flow",
        allow_unicode=style != "block, ASCII",
        width=1_000_000,
    )
    assert read_with(loader, text.encode()).tree == tree


@given(st.sampled_from(LOADERS), trees)
@settings(deadline=timedelta(seconds=5))
def test_json_reads_back(loader: type, tree: dict[str, JSON]) -> None:
    """JSON is read without any change."""
    text = json.dumps(tree, ensure_ascii=False, indent=1)
    assert read_with(loader, text.encode()).tree == tree


@given(st.sampled_from(LOADERS), trees.filter(bool), st.randoms(use_true_random=False))
@settings(deadline=timedelta(seconds=5))
def test_every_value_and_key_has_its_place(
    loader: type, tree: dict[str, JSON], dice: random.Random
) -> None:
    """However it is quoted, a tree reads back with the exact place of each value and key."""
    document = read_with(loader, block(tree, dice).encode())
    lines = document.text.split("\n")

    def written_at(place: Position) -> str:
        return lines[place.line - 1][place.column - 1 :]

    assert document.tree == tree
    found = dict(paths(tree))
    assert set(document.values) == set(found)
    assert set(document.keys) == {path for path in found if path and isinstance(path[-1], str)}
    for path, place in document.keys.items():
        assert written_at(place).startswith(tuple(quotings(str(path[-1]))))
    for path, place in document.values.items():
        value = found[path]
        if isinstance(value, dict) and value:
            assert place == document.keys[*path, next(iter(value))]
        elif isinstance(value, list) and value:
            assert written_at(place).startswith("-")
        else:
            ways = quotings(value) if isinstance(value, str) else [json.dumps(value)]
            assert written_at(place).startswith(tuple(ways))
