"""Spreading jobs: wherever they are done, each has its answer, or what it raised."""

import os
import time
from collections.abc import Iterator
from threading import Event

import pytest
from distributed import LocalCluster

from auditor.errors import UsageError
from auditor.spread import PROCESSES, THREADS, spread, workplace


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Start a cluster of two workers, and give its address."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0"
    ) as cluster:
        yield cluster.scheduler_address


@pytest.mark.parametrize("where", [THREADS, PROCESSES, "cluster"])
def test_each_job_has_its_answer(where: str, request: pytest.FixtureRequest) -> None:
    """One that raises does not end the others, nor those after them."""
    scheduler = request.getfixturevalue("cluster") if where == "cluster" else where
    with workplace(scheduler, workers=2) as pool:
        done = dict(spread(int, ["1", "x", "3"], pool))
        again = dict(spread(len, ["ab"], pool))
    assert (done[0], done[2], again) == (1, 3, {0: 2})
    assert isinstance(done[1], ValueError)


def test_those_being_done_are_told_to_stop() -> None:
    """Who asks for no more answers does not wait for what only ends when it is told to."""
    stop = Event()

    def work(is_slow: bool) -> bool:
        return stop.wait(20) if is_slow else False

    with workplace(THREADS, workers=2, stop=stop) as pool:
        assert next(spread(work, [False, True], pool)) == (0, False)
    assert stop.is_set()


def test_what_was_not_begun_is_left() -> None:
    """Nobody does what nobody waits for."""
    begun: list[int] = []
    gate = Event()

    def work(number: int) -> int:
        begun.append(number)
        gate.wait(20 if number else 0)
        return number

    with workplace(THREADS, workers=1) as pool:
        answers = spread(work, range(9), pool)
        next(answers)
        answers.close()  # type: ignore[attr-defined]
        gate.set()
        assert dict(spread(int, ["1"], pool)) == {0: 1}
        assert len(begun) <= 2


def test_a_cluster_is_not_waited_for(cluster: str) -> None:
    """Who asks for no more answers can go while workers still work."""
    began = time.monotonic()
    with workplace(cluster) as pool:
        assert next(spread(time.sleep, [0, 15], pool)) == (0, None)
    assert time.monotonic() - began < 10


def test_a_process_that_dies() -> None:
    """Each job of its has an answer, those that come later too: it was lost."""
    with workplace(PROCESSES, workers=1) as pool:
        first = dict(spread(os._exit, [3], pool))
        then = dict(spread(int, ["1", "2"], pool))
    lost = [*first.values(), *then.values()]
    assert {type(one).__name__ for one in lost} == {"BrokenProcessPool"}
    assert then.keys() == {0, 1}


def test_no_scheduler() -> None:
    """Where none answers, nothing is done: at once, however often it is tried."""
    for _ in range(20):
        with (
            pytest.raises(UsageError, match="no scheduler answers there"),
            workplace("tcp:/nothing"),
        ):
            pass
