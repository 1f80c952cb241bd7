"""`audit init --ci github`: the workflow file, with the action pinned to a commit if possible."""

import shutil
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path

from auditor import __version__
from auditor.cli.output import say
from auditor.draft.workflow import ACTION, workflow
from auditor.errors import UsageError
from auditor.files import write_safely
from auditor.policy_file.strict_yaml import read_document

FILE = Path(".github/workflows/privacy.yml")
REPOSITORY = f"https://github.com/{ACTION}"
LONGEST_WAIT = 10  # seconds


def write_workflow(arguments: Namespace) -> None:
    """Write the file; one that is there is never changed."""
    if FILE.exists():
        raise UsageError(f"{FILE}: is there already; move it away, or change it by hand")
    policy = Path(arguments.policy)
    if policy.is_absolute() or "${{" in arguments.policy:
        raise UsageError(f"--policy {policy}: name it from the top of the repository, plainly")
    tree: Mapping[str, object] = {}
    if policy.is_file():
        tree = read_document(policy.read_bytes(), str(policy)).tree
    else:
        say(f"note: {policy} is not there yet: `audit init --notice FILE` drafts one")
    tag = f"v{__version__}"
    commit = "" if arguments.offline else _commit_of(tag)
    pinned = f"{commit} # {tag}" if commit else tag
    variables = list(_variables(tree))
    text = workflow(policy.as_posix(), pinned, variables, has_site=bool(tree.get("sites")))
    FILE.parent.mkdir(parents=True, exist_ok=True)
    write_safely(FILE, text.encode())
    sys.stdout.write(f"{FILE}: written\n")
    if not commit:
        say(f"note: pin {ACTION}@{tag} to its commit: git ls-remote {REPOSITORY} {tag}")
    if variables:
        names = ", ".join(sorted({name.upper() for name in variables}))
        say(f"next: in the repository's settings, an environment privacy-audit with: {names}")


def _commit_of(tag: str) -> str:
    """Return the commit of a tag of ours, "" where nobody can be asked."""
    program = shutil.which("git")
    if not program:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 -- nothing of it comes from elsewhere
            [program, "ls-remote", REPOSITORY, f"refs/tags/{tag}", f"refs/tags/{tag}^{{}}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_WAIT,
            env={"GIT_TERMINAL_PROMPT": "0", "PATH": str(Path(program).parent)},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    lines = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    return lines[-1][0] if done.returncode == 0 and lines else ""  # ^{} is the last


def _variables(node: object) -> Iterator[str]:
    """Yield the names of all `{env: NAME}`."""
    match node:
        case {"env": str(name)}:
            yield name
        case dict():
            for value in node.values():
                yield from _variables(value)
        case list():
            for value in node:
                yield from _variables(value)
        case _:
            pass
