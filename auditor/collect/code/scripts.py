"""Scripts, read as trees: addresses in strings, packages that are imported, ids of accounts.

Comments are no strings. A string may be cut by a substitution: what stands before it counts.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final, Literal

from tree_sitter import Language, Node, Parser

from auditor.collect.code.places import LONGEST_PACKAGE, Place, account_id, address
from auditor.collect.code.tags import LOADED, tags_in
from auditor.evidence.code import How

Dialect = Literal["javascript", "typescript", "tsx"]

# What sends or loads, by the last part of its name.
ASKING: Final = frozenset(
    "fetch get post put patch request ajax axios open load import importScripts sendBeacon"
    " WebSocket EventSource Worker SharedWorker getScript script initializeApp loadScript"
    " init create createClient connect io configure setup".split()
)
# Keys of settings that hold an address: `dsn`, `apiUrl`, `api_host`.
_ADDRESSED: Final = re.compile(r"(?:url|uri|src|href|dsn|endpoint|host|server)$", re.IGNORECASE)
_SAME: Final = frozenset(
    "template_substitution parenthesized_expression jsx_expression object array as_expression"
    " satisfies_expression non_null_expression ternary_expression await_expression".split()
)
_Names = Callable[[], frozenset[str]]  # of what is asked, for who wants to know
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
    names = cache(lambda: _asked_names(root))
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type in {"string", "template_string"}:
            yield from _string(node, first_line, names)
        waiting += reversed(node.children)


def _string(node: Node, first_line: int, names: _Names) -> Iterator[Place]:
    text = _begins(node)
    line, column = node.start_point[0] + 1 + first_line, node.start_point[1] + 1
    if package := _imported(node, text):
        yield Place(name=f"package:npm:{package}", how="dependency", line=line, column=column)
        return
    yield from account_id(text, line, column)
    whole = _written(node.children)
    if "<" in whole and "//" in whole:  # markup that a script writes
        yield from tags_in(whole.encode(), line - 1)
    elif text and (how := _how(node, names)) is not None:
        yield from address(text, how, line, column)


def _begins(node: Node) -> str:
    """Return a string up to its first substitution."""
    whole = [*node.children]
    cut = [at for at, part in enumerate(whole) if part.type == "template_substitution"][:1]
    return _written(whole[: cut[0]] if cut else whole)


def _written(parts: Iterable[Node]) -> str:
    """Return what stands in parts of a string; of an escape the backslash goes."""
    said = ((part.type, (part.text or b"").decode("utf-8", "replace")) for part in parts)
    return "".join(
        text.removeprefix("\\") if kind == "escape_sequence" else text
        for kind, text in said
        if kind in {"string_fragment", "escape_sequence"}
    )


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


def _how(node: Node, names: _Names) -> How | None:
    """Return how an address is used; None for a link, which nobody but a visitor follows."""
    at = _whole(node)
    parent = at.parent
    kind = parent.type if parent is not None else ""
    if parent is None or kind in {"import_statement", "export_statement"}:
        return "call" if parent is not None else "text"
    if kind == "jsx_attribute":
        return _of_attribute(parent)
    if kind == "arguments":
        return "call" if _is_asked(parent, at) else "text"
    if kind == "assignment_expression":
        left = _word(parent, "left").rpartition(".")[2]
        return "call" if left in LOADED - {"href"} else "text"
    if kind == "variable_declarator" and _word(parent, "name") in names():
        return "call"
    return "text"


def _whole(node: Node) -> Node:
    """Return the expression of which an address is the beginning, or the value that is used."""
    while (parent := node.parent) is not None:
        kind, first = parent.type, parent.named_children[:1]
        operator = _word(parent, "operator") if kind == "binary_expression" else ""
        goes_on = (
            kind in _SAME
            or (kind == "template_string" and first == [node])
            or (kind == "binary_expression" and (first == [node] or operator in {"||", "??"}))
            or (kind == "pair" and bool(_ADDRESSED.search(_word(parent, "key").strip("'\""))))
        )
        if kind == "arguments" and parent.parent is not None:
            made = parent.parent
            if _word(made, "constructor") in {"URL", "Request"}:
                node = made
                continue
        if not goes_on:
            return node
        node = parent
    return node


def _of_attribute(attribute: Node) -> How | None:
    tag = _word(attribute.parent, "name")
    name = (attribute.children[0].text or b"").decode("utf-8", "replace")
    is_loaded = name in {*LOADED, "srcSet", "formAction"} and tag not in _LINKS
    return "tag" if is_loaded else None


def _is_asked(arguments: Node, given: Node) -> bool:
    """Return whether a call with this among its arguments asks somebody."""
    called = _word(arguments.parent, "function") or _word(arguments.parent, "constructor")
    last = called.rpartition(".")[2]
    if last == "setAttribute":
        first = arguments.named_children[0]
        return first != given and _begins(first) in LOADED - {"href"}
    return last in ASKING


def _asked_names(root: Node) -> frozenset[str]:
    """Return the names by which something is asked, or loaded: what they stand for is, too."""
    found: set[str] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "identifier" and _how(node, frozenset) in {"call", "tag"}:
            found.add((node.text or b"").decode("utf-8", "replace"))
        waiting += node.children
    return frozenset(found)


def _word(node: Node | None, field: str) -> str:
    found = node.child_by_field_name(field) if node is not None else None
    return (found.text or b"").decode("utf-8", "replace") if found is not None else ""
