"""`python -m auditor.ci`: what the steps of `action.yml` call."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from auditor.ci.comment import comment
from auditor.ci.github import API, GitHub
from auditor.ci.preview import NoPreviewError, wait_for_preview
from auditor.discovery import discover, scopes_by_id
from auditor.errors import AuditError
from auditor.policy_file import load_policy
from auditor.report.safe import visible

DONE, NOT_STARTED, NONE = 0, 2, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Do one thing, say what came of it."""
    told = _parser().parse_args(argv)
    try:
        sys.stdout.write(f"{told.do(told)}\n")
    except AuditError as error:
        sys.stderr.write(f"{visible(str(error), 2000)}\n")
        return NONE if isinstance(error, NoPreviewError) else NOT_STARTED
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m auditor.ci", description=__doc__)
    commands = parser.add_subparsers(required=True)
    preview = commands.add_parser("preview", help="wait for the deploy preview of a commit")
    preview.add_argument("commit")
    preview.add_argument("--name", default="", help="part of its name, where there are several")
    preview.add_argument("--seconds", type=float, default=600)
    preview.set_defaults(do=_wait)
    told = commands.add_parser("comment", help="write our comment on a pull request anew")
    told.add_argument("number", type=int)
    told.add_argument(
        "parts", nargs="+", type=Path, help="Markdown files; the first has the marker"
    )
    told.set_defaults(do=_comment)
    scopes = commands.add_parser("scopes", help="which of some scopes a policy declares")
    scopes.add_argument("wanted")
    scopes.add_argument("--policy", type=Path, default=Path("policy.yaml"))
    scopes.set_defaults(do=_scopes)
    return parser


def _wait(told: argparse.Namespace) -> str:
    return wait_for_preview(_github(), told.commit, name=told.name, seconds=told.seconds)


def _comment(told: argparse.Namespace) -> str:
    parts = [part.read_text("utf-8") for part in told.parts if part.is_file()]
    return f"comment: {comment(_github(), told.number, parts)}"


def _scopes(told: argparse.Namespace) -> str:
    declared = load_policy(told.policy, scopes_by_id(discover())).declared_scopes()
    return ",".join(scope for scope in told.wanted.split(",") if scope in declared)


def _github() -> GitHub:
    base = os.environ.get("GITHUB_API_URL") or API
    return GitHub(
        os.environ.get("GITHUB_REPOSITORY", ""), os.environ.get("GITHUB_TOKEN", ""), base
    )


if __name__ == "__main__":
    raise SystemExit(main())
