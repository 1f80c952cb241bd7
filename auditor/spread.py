"""Doing many jobs at once: in threads or processes of this machine, or on a Dask cluster.

Who does them makes no difference to what is done: each is one call of a function that can be
named from outside, with an argument and an answer that can be sent.
"""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    as_completed,
)
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from threading import Event
from typing import TypeVar

from auditor.errors import UsageError

CONNECT = 30  # seconds until a scheduler has to answer
RETRIES = 1  # of a job whose worker was lost
PROCESSES, THREADS = "processes", "threads"

Job = TypeVar("Job")
Done = TypeVar("Done")


@contextmanager
def workplace(
    scheduler: str = THREADS, *, workers: int = 0, stop: Event | None = None
) -> Iterator[Executor]:
    """Open what does jobs: `threads`, `processes`, or the address of a cluster's scheduler.

    An address is such as tcp://10.0.0.1:8786: UsageError if none answers there. On this machine
    `workers` jobs are done at once, as many as it has processors if 0. At the end `stop` is set
    for those that are being done, and what was not begun is left.
    """
    if scheduler not in {PROCESSES, THREADS}:
        with _cluster(scheduler) as executor:
            yield executor
        return
    most = workers or os.cpu_count() or 1
    pool: Executor
    if scheduler == THREADS:
        pool = ThreadPoolExecutor(max_workers=most)
    else:  # a copy of this process would have its threads' locks, and nobody to open them
        pool = ProcessPoolExecutor(max_workers=most, mp_context=get_context("spawn"))
    try:
        yield pool
    finally:
        if stop is not None:
            stop.set()
        pool.shutdown(cancel_futures=True)


def spread(
    work: Callable[[Job], Done], jobs: Sequence[Job], pool: Executor
) -> Iterator[tuple[int, Done | BaseException]]:
    """Yield which job ended, by its place, and its answer or what it raised; in that order.

    When nobody asks for more answers, what was not begun is left.
    """
    futures: dict[Future[Done], int] = {}
    try:
        for place, job in enumerate(jobs):
            try:
                futures[pool.submit(work, job)] = place
            except BrokenExecutor as error:
                yield place, error
        for future in as_completed(futures):
            raised = future.exception()
            yield futures[future], raised if raised is not None else future.result()
    finally:
        for future in futures:
            future.cancel()


@contextmanager
def _cluster(scheduler: str) -> Iterator[Executor]:
    try:
        from distributed import Client  # noqa: PLC0415 -- an extra
    except ImportError as error:
        message = "--scheduler needs more: pip install 'policy-auditor[dask]'"
        raise UsageError(message) from error
    client = None
    with suppress(OSError, ValueError):
        client = Client(scheduler, timeout=CONNECT, set_as_default=False)
    if client is None:
        gc.collect()  # what is left of this client would lock out the next while that begins
        raise UsageError(f"--scheduler {scheduler}: no scheduler answers there")
    with client:  # which takes back what it asked for when it goes
        yield client.get_executor(pure=False, retries=RETRIES)
