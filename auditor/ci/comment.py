"""One comment of ours on a pull request, written anew each time.

It is found by its first line *and* by who wrote it: anybody can write the line.
"""

from collections.abc import Sequence
from typing import Final

from auditor.ci.github import GitHub, RefusedError
from auditor.errors import UsageError

LONGEST: Final = 65_000  # characters; GitHub refuses more than 65,536
CUT: Final = "\n\n… cut here: the job's summary has all of it.\n"


def comment(github: GitHub, number: int, parts: Sequence[str]) -> str:
    """Write the parts as one comment; return what was done. The first begins with our marker."""
    body = _joined(parts)
    marker = body.partition("\n")[0]
    if not (marker.startswith("<!--") and marker.endswith("-->")):
        raise UsageError("the first line of a comment is a marker: `<!-- … -->`")
    try:
        mine = github.login()
        for one in github.all(f"issues/{number}/comments"):
            text = str(one.get("body") or "").replace("\r\n", "\n")
            if (one.get("user") or {}).get("login") != mine or text.partition("\n")[0] != marker:
                continue
            if text.strip() == body.strip():
                return "unchanged"
            github.write("PATCH", f"issues/comments/{one['id']}", {"body": body})
            return "changed"
        github.write("POST", f"issues/{number}/comments", {"body": body})
    except RefusedError as error:
        # From a fork the token may only read: the summary says the same.
        return f"not written: {error}"
    return "written"


def _joined(parts: Sequence[str]) -> str:
    text = "\n\n".join(part.strip() for part in parts if part.strip())
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT
