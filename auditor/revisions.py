"""Files as a git revision has them. Nothing is written, nothing in the repository is run.

Only plumbing is called: no pager, no filter, no hook. What begins with `-` never reaches git.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from auditor.errors import CollectError, UsageError

LONGEST_WAIT = 30  # seconds
_REVISION = re.compile(r"[A-Za-z0-9@_][A-Za-z0-9@_./^~{}+-]{0,200}")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_QUOTED = re.compile(r'\\(["\\abfnrtv]|[0-7]{3})')
_MEANT = dict(zip('"\\abfnrtv', '"\\\a\b\f\n\r\t\v', strict=True))
_LINK, _FILES = "120000", frozenset({"100644", "100755"})


def commit_of(revision: str, folder: Path) -> str:
    """Return the commit that a revision names in the repository around a folder.

    `UsageError` says why there is none: no git, no repository, no such revision.
    """
    if not _REVISION.fullmatch(revision):
        raise UsageError(f"{revision}: neither a file nor the name of a git revision")
    wanted = f"{revision}^{{commit}}"
    said = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
    commit = said.decode("ascii", "replace").strip() if said is not None else ""
    if not _COMMIT.fullmatch(commit):
        raise UsageError(
            f"{revision}: neither a file nor a git revision here; fetch it first, for example"
            " with a full clone (fetch-depth: 0)"
        )
    return commit


def blob(commit: str, path: str, folder: Path, largest: int) -> bytes | None:
    """Return a file as a commit has it, None if it has none; `path` is relative to the folder.

    `CollectError` for what is no file (a link, a folder) and for one that is too large.
    """
    row = _git(folder, "ls-tree", "-z", commit, f"./{path}") or b""
    head, _, _ = row.partition(b"\t")
    if not head:
        return None
    mode, _, name = head.decode("ascii").split()
    if mode not in _FILES:
        kind = "a link" if mode == _LINK else "no file"
        raise CollectError(f"{path}: {kind} in commit {commit[:12]}; name the file itself")
    size = int(_git(folder, "cat-file", "-s", name) or b"0")
    if size > largest:
        raise CollectError(f"{path}: larger than {largest // 1024} KiB in commit {commit[:12]}")
    return _git(folder, "cat-file", "blob", name)


def _git(folder: Path, *arguments: str) -> bytes | None:
    """Return what git says, None where it ends with an error; its words are kept for neither."""
    program = shutil.which("git")
    if program is None:
        raise UsageError("git is not installed: compare two files instead")
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder")
    quiet = {
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
    try:
        done = subprocess.run(  # noqa: S603 -- arguments are checked above, and no shell reads them
            [program, *arguments],
            cwd=folder,
            env={**os.environ, **quiet},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST_WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CollectError(f"git did not answer within {LONGEST_WAIT} seconds") from error
    except OSError as error:
        raise UsageError(f"git could not be started: {error.strerror}") from error
    return done.stdout if done.returncode == 0 else None


def added_lines(commit: str, folder: Path) -> dict[str, frozenset[int] | None]:
    """Return the lines that files below a folder have and a commit has not, by their paths there.

    None is all of a file: git does not know it yet. What the working tree holds counts. Whatever
    attributes and lines a change brings, it cannot hide lines: all is text, and hunks are counted.
    """
    told = ("-p", "--unified=0", "--text", "--no-color", "--no-ext-diff", "--no-textconv")
    named = ("--no-renames", "--relative", "--src-prefix=a/", "--dst-prefix=b/")
    plain = ("-c", "core.quotepath=off")
    changes = _git(folder, *plain, "diff-index", *told, *named, commit, "--")
    new = _git(folder, "ls-files", "-z", "--others", "--exclude-standard")
    if changes is None or new is None:
        raise CollectError(f"{folder}: git cannot compare it with {commit[:12]}")
    found: dict[str, frozenset[int] | None] = {}
    file, left = "", 0
    for line in changes.decode(errors="surrogateescape").split("\n"):
        if left and line[:1] in {"+", "-"}:
            left -= 1
        elif hunk := _HUNK.match(line):
            first, many = int(hunk[2]), int(hunk[3] or 1)
            left = int(hunk[1] or 1) + many
            found[file] = (found.get(file) or frozenset()) | frozenset(range(first, first + many))
        elif line.startswith("+++ "):
            file = _unquoted(line[4:].rstrip("\t")).removeprefix("b/")
    found |= dict.fromkeys(filter(None, new.decode(errors="surrogateescape").split("\0")))
    return found


def _unquoted(name: str) -> str:
    """Return a name as it is; git quotes those with control characters, quotes and backslashes."""
    if not (name.startswith('"') and name.endswith('"')):
        return name
    return _QUOTED.sub(lambda found: _MEANT.get(found[1]) or chr(int(found[1], 8)), name[1:-1])


def known_files(folder: Path) -> list[str] | None:
    """Return the files below a folder that git knows or would, None outside of a repository."""
    try:
        listed = _git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    except UsageError:
        return None
    return (
        None
        if listed is None
        else [one for one in listed.decode(errors="surrogateescape").split("\0") if one]
    )
