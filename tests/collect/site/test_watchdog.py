import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import psutil
import pytest

from auditor.collect.site import watchdog
from auditor.collect.site.watchdog import End, Outcome, watch

GIB = 1024**3
# Leaves its family as it is born, like Chromium's crash handler, and holds our pipes open.
ORPHAN = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open(sys.argv[1], "w").write(str(os.getpid()))
        time.sleep(600)
    os._exit(0)
os.wait()
while not os.path.exists(sys.argv[1]) or not open(sys.argv[1]).read():
    time.sleep(0.01)
"""
# A child of its own that does not want to end.
STUBBORN = """
import signal, subprocess, sys, time
code = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1); time.sleep(600)"
child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
child.stdout.readline()
open(sys.argv[1], "w").write(str(child.pid))
"""


def run(  # noqa: PLR0913 -- as the function that is tested
    code: str,
    *arguments: str,
    stdin: bytes = b"",
    on_line: Callable[[bytes], None] | None = None,
    silence: float = 20,
    deadline: float = 30,
    memory: int = GIB,
    stop: Event | None = None,
) -> tuple[Outcome, list[bytes]]:
    """Watch a Python program; return how it ended, and its lines."""
    lines: list[bytes] = []
    outcome = watch(
        [sys.executable, "-c", code, *arguments],
        stdin=stdin,
        on_line=on_line or lines.append,
        silence=silence,
        deadline=deadline,
        memory=memory,
        stop=stop,
    )
    return outcome, lines


def lives(pid: int) -> bool:
    """Return whether a process runs; who waits to be buried does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_lines_arrive_whole_and_a_good_end_is_done() -> None:
    """What was fed comes back line by line, empty ones too, without line breaks."""
    outcome, lines = run("import sys\nfor l in sys.stdin: print(l)", stdin=b"a\nb c\n")
    assert outcome == Outcome(end=End.DONE)
    assert lines == [b"a", b"", b"b c", b""]


def test_lines_arrive_while_the_command_runs() -> None:
    """A line is handed on as it comes, not when all is over."""
    began = time.monotonic()
    at: list[float] = []
    run(
        "import time\nprint(1, flush=True)\ntime.sleep(1)",
        on_line=lambda _: at.append(time.monotonic() - began),
    )
    assert at[0] < time.monotonic() - began - 0.9


def test_much_input_and_much_output_do_not_block_each_other() -> None:
    """A megabyte of input and a line of 15 MiB pass; input that nobody reads is no error."""
    code = "import sys\nprint('x' * 15 * 2**20, flush=True)\nprint(len(sys.stdin.read()))"
    outcome, lines = run(code, stdin=b"y" * 2**20)
    assert (outcome.end, [len(line) for line in lines]) == (End.DONE, [15 * 2**20, 7])
    assert run("print(1)", stdin=b"y" * 2**20) == (Outcome(end=End.DONE), [b"1"])


def test_another_exit_code_is_a_crash_told_with_the_last_words() -> None:
    """Exit code 3 is CRASHED; of standard error the last 2,000 bytes are kept."""
    outcome, lines = run(
        "import sys\nprint(1)\nsys.stderr.write('a' * 9000 + '\\xffend')\nsys.exit(3)"
    )
    assert lines == [b"1"]
    assert outcome.end is End.CRASHED
    assert outcome.detail.startswith("exit code 3\naaa")
    assert outcome.detail.endswith("end")
    assert len(outcome.detail) < 2020


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import sys\nsys.stdout.write('{')", "its last line is cut"),
        ("import sys\nwhile 1: sys.stdout.write('x' * 2**20)", "a line of more than"),
        ("import os\nos.kill(os.getpid(), 9)", "exit code -9"),
    ],
)
def test_what_is_cut_endless_or_killed_is_a_crash(code: str, why: str) -> None:
    """A line without its end, one without any end, and a kill from outside are CRASHED."""
    outcome, lines = run(code)
    assert (outcome.end, lines) == (End.CRASHED, [])
    assert outcome.detail.startswith(why)


def test_silence_ends_it_though_it_drips() -> None:
    """Bytes that never make a line are silence."""
    began = time.monotonic()
    outcome, _ = run(
        "import time\nprint(1)\nwhile 1: print('x', end='', flush=True); time.sleep(.1)",
        silence=1,
    )
    assert outcome == Outcome(end=End.SILENT, detail="nothing printed for 1 seconds")
    assert time.monotonic() - began < 5


def test_the_deadline_ends_it_though_it_talks() -> None:
    """A command that prints for ever is ended, with the lines it had."""
    outcome, lines = run(
        "import time\nwhile 1: print('x', flush=True); time.sleep(.1)", silence=1, deadline=1.5
    )
    assert outcome == Outcome(end=End.DEADLINE, detail="not finished after 1.5 seconds")
    assert len(lines) > 5


def test_closed_output_is_no_end() -> None:
    """A command that closes its output and goes on is ended like any other that is silent."""
    assert run("import os, time\nos.close(1)\ntime.sleep(60)", silence=1)[0].end is End.SILENT


def test_the_memory_of_its_children_counts() -> None:
    """What a child takes is counted with its parent's."""
    code = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', sys.argv[1]])"
    child = "import time\nx = b'x' * 2**28\ntime.sleep(60)"
    outcome, _ = run(code, child, memory=2**27)
    assert outcome == Outcome(end=End.MEMORY, detail=f"more than {2**27} bytes of memory")


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
@pytest.mark.parametrize("code", [ORPHAN, STUBBORN])
@pytest.mark.parametrize("end", [End.DONE, End.SILENT, End.CRASHED])
def test_nobody_is_left(
    code: str, end: End, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who left the family, and who will not end when asked, is gone however it ended."""
    monkeypatch.setattr(watchdog, "PATIENCE", 0.5)
    last = {End.DONE: "", End.SILENT: "time.sleep(60)", End.CRASHED: "sys.exit(1)"}[end]
    outcome, _ = run(f"{code}\n{last}", str(tmp_path / "pid"), silence=1)
    assert outcome.end is end
    assert not lives(int((tmp_path / "pid").read_text()))


def test_another_thread_can_stop_it() -> None:
    """When `stop` is set it is ended at once, and is no good end."""
    stop = Event()
    outcome, lines = run(
        "import time\nprint(1, flush=True)\ntime.sleep(60)",
        on_line=lambda _: stop.set(),
        stop=stop,
    )
    assert (outcome.end, lines) == (End.CRASHED, [])
    assert outcome.detail == "stopped from outside"


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_error_of_the_listener_ends_it_too(error: type[BaseException]) -> None:
    """Whatever `on_line` raises comes out when nothing of the command is left."""
    pids: list[int] = []

    def stop(line: bytes) -> None:
        pids.append(int(line))
        raise error

    with pytest.raises(error):
        run("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)", on_line=stop)
    assert not lives(pids[0])


def test_a_stranger_of_the_same_name_lives_on() -> None:
    """Only descendants are ended: another program of the same command line is not."""
    code = "import time\ntime.sleep(5)"
    stranger = psutil.Popen([sys.executable, "-c", code])
    try:
        run(code, silence=0.5)
        assert stranger.is_running()
        assert stranger.status() != psutil.STATUS_ZOMBIE
    finally:
        stranger.kill()
        stranger.wait()


def test_nothing_is_left_open() -> None:
    """Pipes are closed and threads have ended when it returns, though more was to be read."""
    run("pass")
    before = psutil.Process().num_fds() if os.name == "posix" else 0
    threads = psutil.Process().num_threads()  # of other tests in this process, too
    run("while 1: print('x' * 10**5)", on_line=lambda _: time.sleep(1), deadline=0.5)
    deadline = time.monotonic() + 10  # the system counts a thread a little longer than Python
    while psutil.Process().num_threads() > threads and time.monotonic() < deadline:
        time.sleep(0.01)
    assert psutil.Process().num_threads() <= threads
    assert not before or psutil.Process().num_fds() == before


def test_a_command_that_is_not_there_is_an_error() -> None:
    """What cannot be started is told by the system's own error."""
    with pytest.raises(FileNotFoundError):
        watch(
            ["/no/such/program"],
            stdin=b"",
            on_line=print,
            silence=1,
            deadline=1,
            memory=GIB,
        )
