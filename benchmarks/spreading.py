"""What reading a large file in parts costs: counts by day, a sample, and every value.

    python benchmarks/spreading.py               in here, in processes, and on two workers of Dask

The file is that of `stores.py`, ten million records. Told are the seconds of the second time, when
workers are there already, and the most memory of any process that was seen at work.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psutil
from distributed import LocalCluster
from stores import ROWS, made

from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import AgesQuestion, Reader, TableInfo
from auditor.collect.stores.scanning import scan
from auditor.policy import AnchorField, Store

MOMENT = 0.05  # seconds between two looks at the memory
COLUMNS = (AnchorField(field="last_used_at"), AnchorField(field="created_at"))


def ages(reader: Reader, info: TableInfo) -> int:
    """Count by day."""
    question = AgesQuestion(table=info.name, anchor="last_used", columns=COLUMNS)
    return reader.ages(question).rows


def sample(reader: Reader, info: TableInfo) -> int:
    """Draw values of each column."""
    return sum(len(one.values) for one in reader.sample(info, 1000).values())


def every_value(reader: Reader, info: TableInfo) -> int:
    """Put every value of a column to every detector."""
    note = next(column for column in info.columns if column.name == "note")
    some = reader.sample(TableInfo(name=info.name, columns=(note,)), 1000)
    found = scan(reader, info, note, some, 900)
    return sum(count.hits for count in found["note"].counts.values())


@contextmanager
def watched() -> Iterator[list[int]]:
    """Yield a list whose one item is the most memory (bytes) that one process held."""
    most, done, me = [0], threading.Event(), psutil.Process()

    def watch() -> None:
        while not done.wait(MOMENT):
            for process in (me, *me.children(recursive=True)):
                with suppress(psutil.Error):
                    most[0] = max(most[0], process.memory_info().rss)

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield most
    finally:
        done.set()


def measure(where: str, scheduler: str, work: Callable[[Reader, TableInfo], int]) -> None:
    """Do it twice, and tell of the second time."""
    path = made(ROWS)
    store = Store(id="s", connector="files", path=path.name)
    with watched() as most:
        reader = open_store(store, path.parent, {}, seconds=900, scheduler=scheduler)
        (info,) = reader.tables()
        work(reader, info)
        began = time.perf_counter()
        found = work(reader, info)
        took = time.perf_counter() - began
        reader.close()
    print(f"{where:10} {work.__name__:12} {took:6.2f} s  {most[0] >> 20:5} MiB  {found:,}")


def main() -> None:
    """Take each way with each work."""
    for work in (ages, sample, every_value):
        measure("in here", "", work)
        measure("processes", "processes", work)
        with LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0"
        ) as cluster:
            measure("Dask", cluster.scheduler_address, work)


if __name__ == "__main__":
    main()
