"""Other languages and settings: addresses and ids in their strings, found by Pygments' lexers.

A lexer knows what is a string and what is a comment in some five hundred languages. What it does
not know is what a program does; an address that a call is given, as in `requests.get(...)`, is
taken to be asked.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from auditor.collect.code.places import Place, account_id, address
from auditor.evidence.code import How

# What Pygments calls the lexer of a kind of file.
_LANGUAGES: Final = {
    ".c": "c",
    ".cc": "cpp",
    ".clj": "clojure",
    ".coffee": "coffeescript",
    ".cpp": "cpp",
    ".cs": "csharp",
    ".dart": "dart",
    ".elm": "elm",
    ".ex": "elixir",
    ".exs": "elixir",
    ".go": "go",
    ".gradle": "groovy",
    ".groovy": "groovy",
    ".h": "c",
    ".hs": "haskell",
    ".java": "java",
    ".jl": "julia",
    ".kt": "kotlin",
    ".kts": "kotlin",
    ".lua": "lua",
    ".m": "objective-c",
    ".php": "php",
    ".pl": "perl",
    ".pm": "perl",
    ".py": "python",
    ".rb": "ruby",
    ".rs": "rust",
    ".scala": "scala",
    ".swift": "swift",
    ".vb": "vb.net",
}
_SETTINGS: Final = {
    ".ini": "ini",
    ".json": "json",
    ".properties": "properties",
    ".toml": "toml",
    ".yaml": "yaml",
    ".yml": "yaml",
}
# Files in which generators of sites and programs keep addresses and ids.
_NAMES: Final = re.compile(
    r"_?(?:config|hugo|params|site|app|settings|conf|mkdocs|antora)(?:[._-].*)?", re.IGNORECASE
)
_ASKING: Final = frozenset(
    "get post put patch delete head request fetch open urlopen urlretrieve send connect init"
    " create client newrequest newrequestwithcontext uri url geturl parse curl_init"
    " file_get_contents fopen getasync postasync getstringasync".split()
)
_QUOTES: Final = re.compile(r"[$@A-Za-z]{0,2}(?=[\"'`])|[\"'`]+")  # as of `f"`, `@"`, `r'`
_WORTH_IT: Final = re.compile(rb"//[\w-]|\b(?:GTM|G|UA|AW)-[A-Z0-9]{4}")
_NEAR: Final = 12  # tokens before a string that say what it is for


def lexer_of(path: PurePosixPath) -> str:
    """Return what Pygments calls the language of a file, "" for one that is not read."""
    if path.name == ".env" or path.name.startswith(".env."):
        return "properties"
    suffix = path.suffix.lower()
    is_setting = _NAMES.fullmatch(path.stem) or "config" in path.parts[:-1]
    return _LANGUAGES.get(suffix) or (_SETTINGS.get(suffix, "") if is_setting else "")


def read_other(data: bytes, language: str) -> Iterator[Place]:
    """Yield what strings name. Cost: a megabyte takes seconds, where it holds any address."""
    if not _WORTH_IT.search(data):
        return
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 -- loaded when it is needed
    from pygments.token import Comment, Literal, String, is_token_subtype  # noqa: PLC0415 -- as above

    text = data.decode("utf-8-sig", "replace")
    line, start, counted = 1, 0, 0  # where the line begins, and up to where lines are counted
    before: list[str] = []
    lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    for at, kind, value in lexer.get_tokens_unprocessed(text):
        line += text.count("\n", counted, at)
        start = max(start, text.rfind("\n", counted, at) + 1)
        counted = at
        if (
            is_token_subtype(kind, Comment)
            or is_token_subtype(kind, String.Doc)
            or not value.strip()
        ):
            continue
        if is_token_subtype(kind, Literal) and (said := _unquoted(value.strip())):
            yield from account_id(said, line, at - start + 1)
            yield from address(said, _how(before), line, at - start + 1)
        if not is_token_subtype(kind, String) or len(value) > 1:  # a quote alone says nothing
            before = [*before[1 - _NEAR :], value.strip()]


def _unquoted(written: str) -> str:
    quote = _QUOTES.match(written)
    return (written[quote.end() :] if quote else written).strip("\"'`")


def _how(before: list[str]) -> How:
    """Return whether a string is what a call is given that asks somebody."""
    depth = 0
    for at in range(len(before) - 1, 0, -1):
        depth += before[at].count(")") - before[at].count("(")
        if depth < 0:
            return "call" if before[at - 1].lower() in _ASKING else "text"
    return "text"
