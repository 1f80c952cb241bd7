"""Fleets: one code path on this machine and on a cluster; what breaks is one target's gap."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from distributed import LocalCluster
from msgspec import structs
from shop import Shop

from auditor.cli import main
from auditor.errors import UsageError
from auditor.findings import Verdict
from auditor.fleet import Done, Job, Results, Target, read_targets, run_job, spread


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Start a cluster of two workers, and give its address."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0"
    ) as cluster:
        yield cluster.scheduler_address


def jobs_of(fleet: Path, *more: str) -> tuple[Job, ...]:
    """Return a job for each policy of the fleet and what is given beside."""
    places = [str(fleet / name) for name in ("bakery", "club", "broken")]
    return tuple(
        Job(target=target, arguments=("--fail-on=low",))
        for target in read_targets([*places, *more])
    )


def codes(done: Iterator[Done]) -> dict[str, int]:
    """Return the exit code of each target."""
    return {one.target.name: one.code for one in done}


EXPECTED = {"bakery": 3, "broken": 2, "club": 1}


def test_side_by_side(fleet: Path) -> None:
    """Each comes to its own end: incomplete, fail, and one that could not start."""
    assert codes(spread(jobs_of(fleet), workers=2)) == EXPECTED


def test_on_a_cluster(fleet: Path, cluster: str, open_shop: Shop) -> None:
    """Two workers do the same work, a website with a real browser among it."""
    found = codes(spread(jobs_of(fleet, open_shop.url), scheduler=cluster))
    assert {name: found[name] for name in EXPECTED} == EXPECTED
    assert found[read_targets([open_shop.url])[0].name] == 1  # its cookie is not declared


def test_no_scheduler() -> None:
    """Where none answers, nothing is audited."""
    with pytest.raises(UsageError, match="no scheduler answers there"):
        list(spread([Job(target=Target(name="x", url="http://x.org"))], scheduler="tcp:/nothing"))


def test_what_takes_too_long_is_ended(open_shop: Shop) -> None:
    """It has no report and says why; so does what was stopped from outside."""
    job = Job(target=Target(name="slow", url=open_shop.url), deadline=0.2)
    done = run_job(job)
    assert (done.code, done.report) == (-1, b"")
    assert "not finished after 0.2 seconds" in done.why
    stop = Event()
    stop.set()
    assert "stopped from outside" in run_job(structs.replace(job, deadline=60), stop).why


def test_it_goes_on_where_it_was_interrupted(
    fleet: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What was judged today is known again; what broke, changed or is of yesterday is not."""
    folder = tmp_path_factory.mktemp("results") / "new"
    bakery, club, broken = jobs_of(fleet)
    results = Results(folder)
    for job in (bakery, broken):
        results.keep(job, run_job(job))
    again = Results(folder)
    assert [again.knows(job) for job in (bakery, club, broken)] == [True, False, False]
    assert {entry.name: entry.verdict for entry in again.entries} == {
        "bakery": Verdict.INCOMPLETE,
        "broken": Verdict.INCOMPLETE,
    }
    assert "policy.yaml:2" in again.entries[1].why
    assert not Results(folder, date(2020, 1, 1)).knows(bakery)
    assert not again.knows(structs.replace(bakery, arguments=()))
    Path(bakery.target.policy).write_text("version: 1\ncontroller: {name: Another}\n")
    assert not again.knows(bakery)


def test_a_report_of_another_day_does_not_stand_in(fleet: Path, tmp_path: Path) -> None:
    """Where a target cannot be audited any more, its report from before is gone."""
    bakery = jobs_of(fleet)[0]
    results = Results(tmp_path / "new")
    results.keep(bakery, run_job(bakery))
    report = tmp_path / "new/bakery/report.json"
    assert report.is_file()
    results.keep(bakery, Done(target=bakery.target, code=-1, why="it was ended"))
    assert not report.exists()


def test_a_folder_that_is_something_else(tmp_path: Path) -> None:
    """It is left alone."""
    (tmp_path / "letter.txt").write_text("Dear all")
    with pytest.raises(UsageError, match="something else is there"):
        Results(tmp_path)
    (tmp_path / "fleet.json").write_text("[]")
    with pytest.raises(UsageError, match="not the index of a fleet"):
        Results(tmp_path)


def test_the_command(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It tells of all in one table, ends with the worst code, and does not begin anew."""
    folders = [str(fleet / name) for name in ("bakery", "club", "broken")]
    asked = ["fleet", *folders, "-o", str(fleet / "out"), "--fail-on", "low"]
    assert main(asked) == 1
    first = capsys.readouterr()
    assert [line.split()[:2] for line in first.out.splitlines()[2:]] == [
        ["bakery", "incomplete"],
        ["broken", "incomplete"],
        ["club", "fail"],
    ]
    assert "no colon is expected here" in first.out
    assert main(asked) == 1
    assert "2 of 3 were done today" in capsys.readouterr().err
