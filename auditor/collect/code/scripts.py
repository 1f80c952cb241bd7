"""Scripts, read as trees: addresses in strings, packages that are imported, ids of accounts.

Comments are no strings. A string may be cut by a substitution: what stands before it counts.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final, Literal

from tree_sitter import Language, Node, Parser

from auditor.collect.code.places import LONGEST_PACKAGE, Place, account_id, address
from auditor.evidence.code import How

Dialect = Literal["javascript", "typescript", "tsx"]

# What sends or loads, by the last part of its name.
ASKING: Final = frozenset(
    "fetch get post put patch request ajax axios open load import importScripts sendBeacon"
    " WebSocket EventSource Worker SharedWorker getScript script initializeApp loadScript".split()
)
LOADED: Final = frozenset("src href srcset action data poster formaction ping".split())
_LINKS: Final = frozenset({"a", "area", "Link", "NavLink"})


@cache
def _parser(dialect: Dialect) -> Parser:
    if dialect == "javascript":
        import tree_sitter_javascript as grammar  # noqa: PLC0415 -- loaded when it is needed

        return Parser(Language(grammar.language()))
    import tree_sitter_typescript as grammars  # noqa: PLC0415 -- as above

    made = grammars.language_tsx() if dialect == "tsx" else grammars.language_typescript()
    return Parser(Language(made))


def read_script(data: bytes, dialect: Dialect, first_line: int = 0) -> tuple[list[Place], bool]:
    """Return what a script names, and whether all of it could be understood."""
    root = _parser(dialect).parse(data).root_node
    return [*_places(root, first_line)], not root.has_error


def _places(root: Node, first_line: int) -> Iterator[Place]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type in {"string", "template_string"}:
            yield from _string(node, first_line)
        waiting += reversed(node.children)


def _string(node: Node, first_line: int) -> Iterator[Place]:
    text = _begins(node)
    line, column = node.start_point[0] + 1 + first_line, node.start_point[1] + 1
    if package := _imported(node, text):
        yield Place(name=f"package:npm:{package}", how="dependency", line=line, column=column)
        return
    yield from account_id(text, line, column)
    if (how := _how(node)) is not None:
        yield from address(text, how, line, column)


def _begins(node: Node) -> str:
    """Return a string up to its first substitution; of an escape the backslash goes."""
    text = ""
    for part in node.children:
        if part.type == "template_substitution":
            break
        if part.type in {"string_fragment", "escape_sequence"}:
            said = (part.text or b"").decode("utf-8", "replace")
            text += said.removeprefix("\\") if part.type == "escape_sequence" else said
    return text


def _imported(node: Node, text: str) -> str:
    """Return the package that an import, an export or `require` names, "" for none."""
    parent = node.parent
    if parent is None or text.startswith((".", "/")) or ":" in text:
        return ""
    is_import = parent.type in {"import_statement", "export_statement"}
    if parent.type == "arguments" and parent.parent is not None:
        function = parent.parent.child_by_field_name("function")
        is_import = function is not None and function.text in {b"require", b"import"}
    parts = text.split("/")
    name = "/".join(parts[: 2 if text.startswith("@") else 1])
    return name if is_import and len(name) <= LONGEST_PACKAGE else ""


def _how(node: Node) -> How | None:
    """Return how an address is used; None for a link, which nobody but a visitor follows."""
    parent = node.parent
    kind = parent.type if parent is not None else ""
    if parent is None or kind in {"import_statement", "export_statement"}:
        return "call" if parent is not None else "text"
    if kind == "jsx_attribute":
        tag = _word(parent.parent, "name")
        attribute = (parent.children[0].text or b"").decode("utf-8", "replace")
        is_loaded = attribute in {*LOADED, "srcSet", "formAction"} and tag not in _LINKS
        return "tag" if is_loaded else None
    if kind == "arguments":
        called = _word(parent.parent, "function") or _word(parent.parent, "constructor")
        return "call" if called.rpartition(".")[2] in ASKING else "text"
    if kind == "assignment_expression":
        left = _word(parent, "left").rpartition(".")[2]
        return "call" if left in LOADED - {"href"} else "text"
    return "text"


def _word(node: Node | None, field: str) -> str:
    found = node.child_by_field_name(field) if node is not None else None
    return (found.text or b"").decode("utf-8", "replace") if found is not None else ""
