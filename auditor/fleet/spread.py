"""Doing the jobs of a fleet: side by side on this machine, or on a Dask cluster."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Event

from auditor.errors import UsageError
from auditor.fleet.job import Done, Job, run_job

CONNECT = 30  # seconds until a scheduler has to answer
RETRIES = 1  # of a job whose worker was lost


def spread(jobs: Sequence[Job], *, workers: int = 0, scheduler: str = "") -> Iterator[Done]:
    """Yield what came of each job, in the order in which they end.

    `workers` jobs at once on this machine, as many as it has processors if 0; or on the cluster
    whose `scheduler` is at an address such as tcp://10.0.0.1:8786. UsageError if there is none.
    """
    return _on_cluster(jobs, scheduler) if scheduler else _here(jobs, workers)


def _here(jobs: Sequence[Job], workers: int) -> Iterator[Done]:
    stop = Event()
    with ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1) as pool:
        futures = [pool.submit(run_job, job, stop) for job in jobs]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            stop.set()  # after Ctrl-C no audit goes on
            pool.shutdown(cancel_futures=True)


def _on_cluster(jobs: Sequence[Job], scheduler: str) -> Iterator[Done]:
    try:
        from distributed import Client  # noqa: PLC0415 -- an extra
        from distributed import as_completed as completed  # noqa: PLC0415
    except ImportError as error:
        message = "--scheduler needs more: pip install 'policy-auditor[dask]'"
        raise UsageError(message) from error
    try:
        client = Client(scheduler, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"--scheduler {scheduler}: no scheduler answers there") from error
    with client:
        futures = {client.submit(run_job, job, pure=False, retries=RETRIES): job for job in jobs}
        for future in completed(futures, loop=client.loop):
            lost = future.exception()
            yield _lost(futures[future], lost) if lost else future.result()


def _lost(job: Job, error: BaseException) -> Done:
    """Return what is known of a job whose worker was lost; the text may hold anything."""
    return Done(target=job.target, code=-1, why=f"its worker was lost ({type(error).__name__})")
