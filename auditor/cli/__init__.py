"""The command line: the only room that prints, reads the environment and chooses exit codes.

    0 pass   1 fail   3 incomplete   2 could not start   4 internal error, or a report that could
    not be written   130 and 143 on signals

Rooms are imported by the command that needs them, so that `audit --help` is quick.
"""

import io
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from auditor.cli.arguments import parse
from auditor.errors import AuditError, ReportError

PASS, FAIL, NOT_STARTED, INCOMPLETE, INTERNAL = 0, 1, 2, 3, 4
INTERRUPTED, TERMINATED = 130, 143
ISSUES = "https://github.com/reach4help/policy-auditor/issues"


class _Terminated(BaseException):
    """SIGTERM or SIGHUP. Not a SystemExit, which the engine takes for an error of a check."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; the one place that turns errors into codes."""
    for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) != signal.SIG_IGN:  # `nohup` stays deaf
            signal.signal(number, _terminated)
    end = "nothing was judged"
    try:
        arguments = parse(sys.argv[1:] if argv is None else list(argv))
        end = arguments.without_result
        return int(arguments.command(arguments))
    except ReportError as error:
        return _say(f"audit: {error}", INTERNAL)
    except AuditError as error:
        return _say(f"{error}\naudit: {end}", NOT_STARTED)
    except (KeyboardInterrupt, _Terminated) as stopped:
        code = TERMINATED if isinstance(stopped, _Terminated) else INTERRUPTED
        return _say(f"audit: interrupted; {end}", code)
    except BrokenPipeError:
        sys.stdout = io.StringIO()  # nobody reads what Python would still flush
        return INTERNAL
    except Exception:  # noqa: BLE001 -- Python would exit 1, the code for "does not match"
        return _say(
            f"{traceback.format_exc()}audit: an error of the tool itself; nothing was judged."
            f" Please report it with the lines above: {ISSUES}",
            INTERNAL,
        )


def _say(text: str, code: int) -> int:
    from auditor.report.safe import visible

    for line in text.splitlines():
        print(visible(line, 2000), file=sys.stderr)
    return code


def _terminated(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise _Terminated
