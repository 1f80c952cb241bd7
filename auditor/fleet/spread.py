"""Doing the jobs of a fleet: side by side on this machine, or on a Dask cluster."""

from collections.abc import Iterator, Sequence
from functools import partial
from threading import Event

from auditor.fleet.job import Done, Job, run_job
from auditor.spread import THREADS, workplace
from auditor.spread import spread as spread_over


def spread(jobs: Sequence[Job], *, workers: int = 0, scheduler: str = "") -> Iterator[Done]:
    """Yield what came of each job, in the order in which they end.

    `workers` jobs at once on this machine, as many as it has processors if 0; or on the cluster
    whose `scheduler` is at an address such as tcp://10.0.0.1:8786. UsageError if there is none.
    """
    stop = Event()  # after Ctrl-C no audit goes on
    work = run_job if scheduler else partial(run_job, stop=stop)
    with workplace(scheduler or THREADS, workers=workers, stop=stop) as pool:
        for place, done in spread_over(work, jobs, pool):
            yield done if isinstance(done, Done) else _lost(jobs[place], done)


def _lost(job: Job, error: BaseException) -> Done:
    """Return what is known of a job whose worker was lost; the text may hold anything."""
    return Done(target=job.target, code=-1, why=f"its worker was lost ({type(error).__name__})")
