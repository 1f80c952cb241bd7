"""The text of a policy as plain values, each with its line and column.

A small, strict part of YAML in which nothing changes silently: `NO`, `1.10`, `12:30` and
`2026-01-10` stay the text that was written, and whatever could surprise (aliases, tags, a key
written twice, invisible characters) is refused with its place.
"""

import codecs
import hashlib
import re
from collections.abc import Mapping

import msgspec
import yaml

from auditor.errors import Position
from auditor.policy_file.yaml_errors import HIDDEN, explained, invisible, place_of, shown
from auditor.policy_file.yaml_tree import JSON, Path, Problems, TreeBuilder, dotted

__all__ = ["JSON", "Document", "Path", "dotted", "read_document"]

MAX_BYTES = 1024 * 1024
DIRECTIVE = re.compile(r"(?:\A|(?<=[\r\n]))%")
START = Position(1, 1)

# A PyYAML built without libyaml has only the slower one.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A policy as written.

    `values` holds for each path of `tree` where its value begins (a mapping begins at its first
    key; the path of the whole file is `()`), `keys` where the key of that path stands. `text` has
    no byte order mark; `sha256` is the hex digest of the bytes that were read.
    """

    tree: dict[str, JSON]
    values: Mapping[Path, Position]
    keys: Mapping[Path, Position]
    text: str
    sha256: str


def read_document(data: bytes, shown_as: str) -> Document:
    """Read the bytes of a policy; `shown_as` is its file name in messages.

    Raises `PolicyError`. What leaves the rest readable (a key written twice, an alias, an
    invisible character) is collected, so that it is told together; anything else ends the reading.
    """
    problems = Problems(shown_as)
    text = _decoded(data, problems)
    builder = _built(text, problems)
    tree = builder.tree
    if not isinstance(tree, dict):
        what = "nothing" if tree is None else "a list" if isinstance(tree, list) else "one value"
        where = builder.values.get((), START)
        form = 'a policy is keys with values, such as "version: 1"'
        problems.stop(where, f"the file holds {what}; {form}")
    problems.raise_any()
    return Document(
        tree=tree,
        values=builder.values,
        keys=builder.keys,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _decoded(data: bytes, problems: Problems) -> str:
    if len(data) > MAX_BYTES:
        size = f"{MAX_BYTES // 2**20} MiB"
        problems.stop(START, f"the file is larger than {size}; policies are far smaller")
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\0" in data or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        problems.stop(START, "the file is UTF-16, or no text at all; save it as UTF-8")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        where = _end_of(data[: error.start].decode())
        byte = f"0x{data[error.start]:02X}"
        problems.stop(where, f"the byte {byte} is not UTF-8; save the file as UTF-8")
    for hit in HIDDEN.finditer(text):
        problems.add(_end_of(text[: hit.start()]), invisible(hit))
    problems.raise_any()
    # Before parsing: thousands of %TAG lines keep libyaml busy for seconds.
    if directive := DIRECTIVE.search(text):
        where = _end_of(text[: directive.start()])
        problems.stop(where, "YAML directives are not read; no line may begin with %")
    return text


def _built(text: str, problems: Problems) -> TreeBuilder:
    builder = TreeBuilder(text, problems)
    last = None
    try:
        for event in yaml.parse(text, Loader=LOADER):
            last = event.end_mark
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        problems.stop(*explained(error, text))
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        # PyYAML without libyaml: an escape such as "\UFFFFFFFF" raises whatever `chr` raises.
        problems.stop(place_of(last), f"cannot be read as YAML after this: {shown(str(error))}")
    return builder


def _end_of(text: str) -> Position:
    """Return where the character after `text` stands, with lines ending where YAML ends them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return Position(lines.count("\n") + 1, len(lines) - lines.rfind("\n"))
