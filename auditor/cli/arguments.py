"""What can be typed (contract §3). Each command's function is in `auditor.cli.commands`."""

import argparse
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from importlib import import_module
from typing import Any

from auditor import __version__

FORMATS = ("terminal", "json", "html", "pdf", "sarif", "junit", "github", "markdown")
DIFF_FORMATS = ("terminal", "json", "markdown")
QUARTERLY_FORMATS = ("markdown", "html", "pdf", "json")
SEVERITIES = ("low", "medium", "high", "critical")
EXPORT_LANGUAGES = ("en", "fr", "de", "es", "pt")
DEFAULT_POLICY = "policy.yaml"
LEDGER = "audit-history"
MOST_PAGES = 10_000
EVERYWHERE = ("--policy", "--no-progress")
EVIDENCE = "evidence file, or a recording: [SITE[:STATE]=]FILE.har"
EXAMPLES = """\
examples:
  audit                                      visit and judge what policy.yaml declares
  audit inspect https://example.org          look at a site without a policy
  audit --evidence www:before=before.har     judge a recording against policy.yaml
  audit init --notice privacy.md --site https://example.org    draft policy.yaml
  audit validate                             is policy.yaml well formed?
  audit explain cookie-undeclared            what a check wants, and what to do
  audit terms e-mail                         find the word for policy.yaml

"""
EXIT_CODES = """\
exit codes: 0 pass, 1 fail, 3 incomplete, 2 could not start, 4 internal error"""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return the arguments; `run` is what is meant where no command is named."""
    parser, names = _parser()
    return parser.parse_args(_with_command(list(argv), names))


def _with_command(argv: list[str], names: frozenset[str]) -> list[str]:
    """Put the command first: the options understood everywhere may stand before it."""
    index = 0
    while index < len(argv) and argv[index].partition("=")[0] in EVERYWHERE:
        index += 1 + (argv[index] == "--policy")
    if index < len(argv) and argv[index] in {*names, "-h", "--help", "--version"}:
        return [argv[index], *argv[:index], *argv[index + 1 :]]
    if index < len(argv) and not argv[index].startswith("-"):
        return argv[index:]  # no such command: argparse says which there are
    return ["run", *argv]


def _parser() -> tuple[argparse.ArgumentParser, frozenset[str]]:
    everywhere = argparse.ArgumentParser(add_help=False)
    everywhere.add_argument("--policy", default=DEFAULT_POLICY, metavar="FILE")
    everywhere.add_argument("--no-progress", action="store_true", help="say nothing while working")
    parser = argparse.ArgumentParser(
        prog="audit",
        description="Does what we do with people's data match what we say we do?",
        epilog=EXAMPLES + EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"audit {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(
        name: str, text: str, without_result: str = "nothing was judged"
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text, parents=[everywhere])
        made.set_defaults(command=_Lazy(name), without_result=without_result)
        return made

    run = command("run", "look and judge (what is meant without a command)")
    _looking(run)
    _judging(run)
    collect = command("collect", "look, and keep what was seen in a file", "nothing was kept")
    collect.add_argument("-o", "--output", required=True, metavar="FILE", help="evidence file")
    _looking(collect)
    _selecting(collect)
    check = command("check", "judge evidence that was collected before, as of its own date")
    check.add_argument("files", nargs="+", metavar="EVIDENCE", help=EVIDENCE)
    _replacing(check)
    _judging(check)
    command("validate", "is policy.yaml well formed?", "nothing was validated")
    terms = command("terms", "find the word for policy.yaml", "nothing was found")
    terms.add_argument("word", metavar="WORD")
    command("list", "every installed check", "no checks were listed")
    text = "draft policy.yaml from a privacy notice and a website"
    _drafting(command("init", text, "nothing was drafted"))
    text = "what a check is for, and what to do when it fails"
    explain = command("explain", text, "nothing to explain")
    explain.add_argument("check", metavar="CHECK")
    text = "is there a browser that shows what a site does?"
    doctor = command("doctor", text, "nothing was tried")
    text = "instead: may each credential of the policy see what it is asked for?"
    doctor.add_argument("--accounts", action="store_true", help=text)
    _also_at(doctor)
    text = "is a person gone from every store and account? Reads who from standard input"
    _erasing(command("erasure", text, "nobody was looked for"))
    _demonstrating(command("demo", "see it work: a small site is played, visited and judged"))
    text = "look at a site without a policy, and keep what was seen in a folder"
    _inspecting(command("inspect", text, "nothing was kept"))
    _fleet(command("fleet", "audit many policies and websites, here or on a cluster"))
    text = "what changed between two policies, evidence files or reports, and were people told"
    _comparing(command("diff", text, "nothing was compared"))
    _writing(command)
    return parser, frozenset(commands.choices)


def _writing(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add what keeps, tells and writes, where nothing is judged."""
    text = "list the runs of a ledger, and check that nothing in it was changed"
    _remembering(command("history", text, "the ledger was not read"))
    text = "write the compliance report of a quarter from a ledger"
    _quarter(command("quarterly", text, "no report was written"))
    text = "write a declaration or a dated waiver into policy.yaml"
    _accepting(command("accept", text, "nothing was written"))
    text = "begin with what is new: write today's findings into policy.yaml as dated waivers"
    _baselining(command("baseline", text, "nothing was written"))
    text = "write what policy.yaml can say for you: tables for a notice, the record of processing"
    _exporting(command("export", text, "nothing was written"))
    text = "download open data on services, and lock them in audit.lock"
    _updating(command("update-data", text, "audit.lock was not changed"))


def _looking(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what to look at")
    group.add_argument("--evidence", action="append", default=[], metavar="FILE", help=EVIDENCE)
    _replacing(group)
    _also_at(group)
    text = "of source files look only at lines that are new since this git revision"
    group.add_argument("--since", default="", metavar="REVISION", help=text)
    group.add_argument(
        "--exhaustive",
        action="store_true",
        help="look at every value of stores, instead of a sample",
    )
    group.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="read large files in parts: in `processes`, or on a Dask cluster",
    )
    group.add_argument(
        "--show-queries",
        action="store_true",
        help="print what stores would be asked, and ask nothing of their records",
    )
    group.add_argument(
        "--locked",
        action="store_true",
        help="refuse to run without the data that audit.lock names (meant where CI=true)",
    )
    _reaching(parser)


def _also_at(group: Any) -> None:  # noqa: ANN401 -- a parser or one of its groups
    group.add_argument(
        "--store-url",
        action="append",
        default=[],
        metavar="ID=URL",
        help="another database or path that stands in for a store",
    )
    group.add_argument(
        "--account-url",
        action="append",
        default=[],
        metavar="ID=URL",
        help="another address for an account; its credential is sent there",
    )


def _erasing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE-ID", help="a name for the record; no person's")
    parser.add_argument("--record", metavar="FILE", help="write the record of the case (JSON)")
    parser.add_argument("--as-of", type=_date, metavar="DATE", help="the day of the case")
    parser.add_argument("--offline", action="store_true", help="ask only this machine")
    _also_at(parser)


def _reaching(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how to reach it")
    group.add_argument(
        "--resolve",
        action="append",
        default=[],
        metavar="HOST=ADDR[:PORT]",
        help="reach a host, or *, somewhere else",
    )
    group.add_argument(
        "--accept-any-certificate",
        action="store_true",
        help="for test servers: certificate errors are not looked at",
    )
    group.add_argument(
        "--offline", action="store_true", help="visit only what --resolve maps, and this machine"
    )


def _selecting(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("which checks")
    group.add_argument("--scope", metavar="SCOPES", help="site,notice,stores,accounts,code")
    group.add_argument("--only", action="append", default=[], metavar="ID", help="id or glob")
    group.add_argument("--skip", action="append", default=[], metavar="ID", help="id or glob")


def _replacing(group: Any) -> None:  # noqa: ANN401 -- a parser or one of its groups
    group.add_argument(
        "--site-url",
        action="append",
        default=[],
        metavar="ID=URL",
        help="another deployment that stands in for a site",
    )


def _judging(parser: argparse.ArgumentParser) -> None:
    group = _deciding(parser)
    text = "say what is new and what is fixed since an older report.json"
    group.add_argument("--compare", metavar="REPORT", help=text)
    text = "count only waivers that stand at this git revision of the policy too"
    group.add_argument("--waivers-from", default="", metavar="REVISION", help=text)
    text = "append the run to a ledger: a folder, or a bucket such as s3://name/audits"
    group.add_argument("--history", default="", metavar="DIR|URL", help=text)
    _telling(group, FORMATS)


def _telling(group: Any, known: Sequence[str]) -> None:  # noqa: ANN401 -- a parser or a group
    group.add_argument(
        "--format",
        action="append",
        default=[],
        type=partial(_format, known=known),
        metavar="FORMAT[=PATH]",
        help=f"{', '.join(known)}; may be repeated",
    )


def _deciding(parser: argparse.ArgumentParser) -> Any:  # noqa: ANN401 -- argparse hides the type
    _selecting(parser)
    group = parser.add_argument_group("how to judge")
    group.add_argument("--fail-on", choices=SEVERITIES, default="medium")
    group.add_argument("--as-of", type=_date, metavar="DATE", help="the day that is judged")
    group.add_argument("--no-waivers", action="store_true", help="show the truth without waivers")
    group.add_argument(
        "--max-evidence-age",
        metavar="P7D",
        help="older evidence is a gap (run: P7D, check: no limit)",
    )
    return group


def _inspecting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL", help="where to begin; https:// unless told")
    parser.add_argument("-o", "--output", metavar="DIR", help="a new folder for what is seen")
    parser.add_argument("--max-pages", type=_count, default=10, metavar="N", help="default: 10")
    parser.add_argument(
        "--site",
        default="www",
        metavar="ID",
        help="the site's id in a policy that judges it later",
    )
    _reaching(parser)


def _demonstrating(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--serve", action="store_true", help="only play it, for you to look at")
    _judging(parser)
    parser.set_defaults(
        evidence=[], site_url=[], store_url=[], accept_any_certificate=False, offline=True
    )


def _fleet(parser: argparse.ArgumentParser) -> None:
    text = "a policy, a folder with a policy.yaml, or the address of a website"
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=text)
    parser.add_argument("--from", dest="list", metavar="FILE", help="a file with a target a line")
    text = "folder for reports; goes on where it was interrupted (default: audit-fleet)"
    parser.add_argument("-o", "--output", default="audit-fleet", metavar="DIR", help=text)
    parser.add_argument("--again", action="store_true", help="also what was done today")
    group = parser.add_argument_group("where, and how long")
    text = "audits at once on this machine; default: one for each processor"
    group.add_argument("--workers", type=_count, default=0, metavar="N", help=text)
    text = "do it on a Dask cluster, such as tcp://10.0.0.1:8786"
    group.add_argument("--scheduler", metavar="ADDRESS", help=text)
    text = "minutes for one target; default: 60"
    group.add_argument("--deadline", type=_count, default=60, metavar="N", help=text)
    _reaching(parser)
    _deciding(parser)


def _drafting(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what to draft from")
    text = "a privacy notice (HTML or Markdown); may be repeated"
    group.add_argument("--notice", action="append", default=[], metavar="FILE|URL", help=text)
    group.add_argument("--site", metavar="URL", help="a website, which is visited")
    text = "a recording of it instead of a visit: www:before=FILE.har"
    group.add_argument("--har", action="append", default=[], metavar="FILE", help=text)
    text = "write a workflow for GitHub Actions instead: .github/workflows/privacy.yml"
    parser.add_argument("--ci", choices=("github",), help=text)
    text = "where to write it, or a policy.yaml to add to (default: policy.yaml)"
    parser.add_argument("-o", "--output", metavar="FILE", help=text)
    _reaching(parser)


def _accepting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("fingerprints", nargs="+", metavar="FINGERPRINT")
    parser.add_argument("--report", metavar="FILE", help="report.json; default: the last run's")
    group = parser.add_argument_group("accept for a time instead of declaring")
    group.add_argument("--waive", action="store_true", help="write a waiver")
    _answering(group)


def _baselining(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--report", metavar="FILE", help="report.json; default: the last run's")
    _answering(parser, "at the latest; default: 90 days where it matters most, else 180")


def _answering(group: Any, until: str = "last day; default: 90 days") -> None:  # noqa: ANN401 -- a parser or a group
    group.add_argument("--justification", metavar="TEXT", default="")
    group.add_argument("--owner", metavar="NAME", default="", help="who sees to it")
    group.add_argument("--approved-by", metavar="NAME", default="", help="who decided it")
    group.add_argument("--planned-fix", metavar="TEXT", default="")
    group.add_argument("--until", type=_date, metavar="DATE", help=until)


def _comparing(parser: argparse.ArgumentParser) -> None:
    text = "a policy, an evidence file, a report.json, or a git revision of --policy"
    parser.add_argument("base", metavar="BASE", help=text)
    text = "the same of a later day; default: --policy as it is now"
    parser.add_argument("head", nargs="?", metavar="HEAD", help=text)
    parser.add_argument("--fail-on", choices=SEVERITIES, default="medium")
    parser.add_argument("--as-of", type=_date, metavar="DATE", help="the day that waivers are for")
    parser.add_argument(
        "--format",
        default=("terminal", ""),
        type=partial(_format, known=DIFF_FORMATS),
        metavar="FORMAT[=PATH]",
        help=", ".join(DIFF_FORMATS),
    )
    group = parser.add_mutually_exclusive_group()
    text = "people are told of it: somebody knows"
    group.add_argument("--notice-changed", dest="told", action="store_true", help=text)
    text = "people are not told of it"
    group.add_argument("--notice-unchanged", dest="told", action="store_false", help=text)
    parser.set_defaults(told=None)


def _remembering(parser: argparse.ArgumentParser) -> None:
    text = "a ledger that --history wrote (default: audit-history)"
    parser.add_argument("place", nargs="?", metavar="DIR|URL", help=text)
    text = "the same, as other commands have it"
    parser.add_argument("--history", default=LEDGER, metavar="DIR|URL", help=text)
    text = "have an authority (RFC 3161) say that the newest run is there; it gets a digest"
    parser.add_argument("--timestamp", default="", metavar="URL", help=text)
    text = "certificates (PEM) of authorities: timestamps have to be signed by one of them"
    parser.add_argument("--authority", default="", metavar="FILE", help=text)


def _quarter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--period", required=True, metavar="YYYY-QN", help="such as 2026-Q3")
    text = "the ledger that --history wrote (default: audit-history)"
    parser.add_argument("--history", default=LEDGER, metavar="DIR|URL", help=text)
    text = "the data protection officer's opinion: a text file"
    parser.add_argument("--opinion", metavar="FILE", help=text)
    text = "the day on which it is written; default: today"
    parser.add_argument("--as-of", type=_date, metavar="DATE", help=text)
    _telling(parser, QUARTERLY_FORMATS)


def _exporting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("format", nargs="?", default="", metavar="FORMAT", help="none: list them")
    parser.add_argument("-o", "--output", metavar="FILE", help="default: standard output")
    parser.add_argument("--report", metavar="FILE", help="report.json; default: the last run's")
    parser.add_argument("--language", choices=EXPORT_LANGUAGES, default="en")


def _updating(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", action="append", default=[], metavar="NAME", help="only this")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--check", action="store_true", help="ask nobody: is all here, and new?")
    group.add_argument("--diff", action="store_true", help="show what changes; lock nothing")
    group.add_argument("--locked", action="store_true", help="fetch just what audit.lock names")
    parser.add_argument(
        "--opt-in",
        action="append",
        default=[],
        choices=("non-commercial",),
        help="agree to what some data may be used for",
    )


class _Lazy:
    """A command's function, imported when it is called: `--help` imports none of them."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, arguments: argparse.Namespace) -> int:
        commands: Any = import_module("auditor.cli.commands")
        code: int = getattr(commands, f"{self._name.replace('-', '_')}_command")(arguments)
        return code


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PAGES:
        message = f"{text[:20]!r}: write a number from 1 to {MOST_PAGES}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write YYYY-MM-DD") from error


def _format(text: str, known: Sequence[str]) -> tuple[str, str]:
    name, _, path = text.partition("=")
    if name not in known:
        raise argparse.ArgumentTypeError(f"{name!r} is no format; choose from {', '.join(known)}")
    return name, path
