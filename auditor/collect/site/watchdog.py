"""Runs a command in a process of its own, and ends it when it hangs, with all that it started.

A page can make a browser call wait for ever, so the clock is kept out here. Nothing that the
command started may stay behind. Processes are known by descent, never by name: those found below
ours, each with the time it began (a number may be given out again), and those that carry the mark
of this run in their environment: Chromium's crash handler leaves the family as it is born.
"""

import os
import secrets
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from enum import StrEnum
from queue import Empty, Queue
from threading import Event, Thread
from typing import IO

import psutil
from msgspec import Struct

LONGEST_LINE = 16 * 1024**2  # bytes
LAST_WORDS = 2000  # bytes of standard error
EVERY = 1.0  # seconds between two looks at the processes
TICK = 0.05  # seconds
PATIENCE = 3.0  # seconds that a process has to end when asked, and again when forced
MARK = "AUDIT_VISIT"
_CHUNK = 64 * 1024  # bytes
_WAITING = 64  # chunks that may wait to be read: the command waits for us, not our memory for it


class End(StrEnum):
    """How it ended."""

    DONE = "done"
    SILENT = "silent"
    DEADLINE = "deadline"
    MEMORY = "memory"
    CRASHED = "crashed"


class Outcome(Struct, frozen=True, kw_only=True):
    """How a command ended; `detail` is for people who look for the cause, and is untrusted."""

    end: End
    detail: str = ""


class _Limits(Struct, frozen=True):
    silence: float
    deadline: float
    memory: int
    stop: Event


def watch(  # noqa: PLR0913 -- what is run, what it is given, what it may take
    command: Sequence[str],
    *,
    stdin: bytes,
    on_line: Callable[[bytes], None],
    silence: float,
    deadline: float,
    memory: int,
    stop: Event | None = None,
) -> Outcome:
    """Run a command; call `on_line` with each whole line it prints, without its line break.

    It is ended when it prints no line for `silence` seconds, after `deadline` seconds in all, or
    when it and all that it started hold more than `memory` bytes of resident memory (a page that
    several processes share counts for each). DONE is exit code 0; another code, a line longer
    than LONGEST_LINE and a last line without its end are CRASHED, and so is what ended because
    `stop` was set: signals reach the main thread alone, and other threads only so. When this
    returns or raises, none of its processes is left. OSError where it cannot be started.
    """
    mark = secrets.token_hex(16)
    process = subprocess.Popen(  # noqa: S603 -- the caller's own program
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
        env={**os.environ, MARK: mark},
    )
    family = _Family(process, mark)
    limits = _Limits(silence, deadline, memory, stop or Event())
    printed: Queue[bytes] = Queue(_WAITING)
    words = bytearray()
    threads = [
        Thread(target=_feed, args=(process.stdin, stdin), daemon=True),
        Thread(target=_read, args=(process.stdout, printed.put), daemon=True),
        Thread(target=_read, args=(process.stderr, lambda data: _keep(words, data)), daemon=True),
    ]
    try:
        for thread in threads:
            thread.start()
        end, why = _follow(family, printed, on_line, limits)
    finally:
        family.end()
        _finish(threads, printed)
    said = words.decode(errors="replace").strip()
    return Outcome(end=end, detail="\n".join(text for text in (why, said) if text))


def _follow(
    family: "_Family",
    printed: "Queue[bytes]",
    on_line: Callable[[bytes], None],
    limits: _Limits,
) -> tuple[End, str]:
    """Hand on what is printed, until all is read and the command has ended, or has to."""
    began = heard = time.monotonic()
    looked = 0.0
    unfinished = bytearray()
    is_read = is_alone = False
    while not (is_read and family.exit_code is not None):
        now = time.monotonic()
        if overdue := _overdue(limits, now - began, now - heard):
            return overdue
        if now - looked > EVERY:
            looked = now
            if family.look() > limits.memory:
                return End.MEMORY, f"more than {limits.memory} bytes of memory"
        if not is_alone and family.exit_code is not None:
            is_alone = True
            family.end()  # somebody whom it left behind may hold its output open
        with suppress(Empty):
            data = printed.get(timeout=TICK)
            is_read = is_read or not data
            *lines, rest = data.split(b"\n")
            for line in lines:
                on_line(bytes(unfinished + line))
                unfinished.clear()
                heard = time.monotonic()
            unfinished += rest
        if len(unfinished) > LONGEST_LINE:
            return End.CRASHED, f"a line of more than {LONGEST_LINE} bytes"
    if family.exit_code:
        return End.CRASHED, f"exit code {family.exit_code}"
    return (End.CRASHED, "its last line is cut") if unfinished else (End.DONE, "")


def _overdue(limits: _Limits, taken: float, silent: float) -> tuple[End, str] | None:
    if limits.stop.is_set():
        return End.CRASHED, "stopped from outside"
    if taken > limits.deadline:
        return End.DEADLINE, f"not finished after {limits.deadline:g} seconds"
    if silent > limits.silence:
        return End.SILENT, f"nothing printed for {limits.silence:g} seconds"
    return None


class _Family:
    """A process of ours, and all that descends from it."""

    def __init__(self, process: subprocess.Popen[bytes], mark: str) -> None:
        self._process, self._mark = process, mark
        self._seen = {psutil.Process(process.pid)}  # equal are those of equal number and start

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    def look(self) -> int:
        """Remember who was born; return the resident memory of all together, in bytes."""
        for process in self._seen - self._below_others():
            with suppress(psutil.Error):
                self._seen.update(process.children(recursive=True))
        self._seen = set(_living(self._seen))
        return sum(map(_memory, self._seen))

    def end(self) -> None:
        """End them all: asked first, then forced; twice, since they may bear to the last."""
        for ask in (psutil.Process.terminate, psutil.Process.kill, psutil.Process.kill):
            self.look()
            self._seen.update(filter(self._is_marked, psutil.process_iter()))
            for process in self._seen:
                with suppress(psutil.Error):
                    ask(process)
            until = time.monotonic() + PATIENCE
            while (left := _living(self._seen)) and time.monotonic() < until:
                time.sleep(TICK)
            self._process.poll()
            if not left and ask is not psutil.Process.terminate:
                return

    def _below_others(self) -> set[psutil.Process]:
        """Return those who have a parent among those seen, and are found through it."""
        numbers = {process.pid for process in self._seen}
        below = set()
        for process in self._seen:
            with suppress(psutil.Error):
                if process.ppid() in numbers:
                    below.add(process)
        return below

    def _is_marked(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get(MARK) == self._mark
        except (psutil.Error, OSError):
            return False


def _living(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Return those that still run; who waits to be buried by a parent has ended."""
    living = []
    for process in processes:
        with suppress(psutil.Error):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                living.append(process)
    return living


def _memory(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def _feed(pipe: IO[bytes], data: bytes) -> None:
    with suppress(OSError):  # it may not want to hear it all
        view = memoryview(data)
        while view:
            view = view[pipe.write(view) :]
    with suppress(OSError):
        pipe.close()


def _read(pipe: IO[bytes], take: Callable[[bytes], None]) -> None:
    """Take what comes, as it comes; nothing more comes after b""."""
    with pipe:
        while data := pipe.read(_CHUNK):
            take(data)
    take(b"")


def _keep(words: bytearray, data: bytes) -> None:
    words += data
    del words[:-LAST_WORDS]


def _finish(threads: Iterable[Thread], printed: "Queue[bytes]") -> None:
    """Let the readers come to their end, unless somebody who cannot be ended holds a pipe."""
    until = time.monotonic() + PATIENCE
    for thread in threads:
        while thread.is_alive() and time.monotonic() < until:
            with suppress(Empty):
                printed.get(timeout=TICK)
