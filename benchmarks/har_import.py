"""How fast a HAR file is read (CPU time), how much memory that takes, and how both grow.

    python benchmarks/har_import.py                    entries made up here, no two alike
    python benchmarks/har_import.py visit.har          the entries of a recording, repeated
    python benchmarks/har_import.py --entries 1000 10000

Each size is read in a process of its own. Linear is a ratio of times near the ratio of sizes.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from auditor.collect.har import read_har

START = datetime(2026, 1, 15, 12, tzinfo=UTC)
HOSTS = ("www.example.org", "cdn.example.org", "stats.example.net", "ads.example.com")
KIB = 1024 if sys.platform != "darwin" else 1024**2  # of ru_maxrss in a MiB


def made_up(number: int) -> dict[str, object]:
    """Return an entry as a browser writes it: some 30 headers, one cookie each way."""
    host = HOSTS[number % len(HOSTS)]
    header = [{"name": f"x-header-{i}", "value": "v" * 40} for i in range(15)]
    sent = {"name": "Cookie", "value": f"visitor={number:032x}"}
    cookie = {"name": "Set-Cookie", "value": f"visitor={number:032x}; Max-Age=86400; Secure"}
    moment = START + timedelta(milliseconds=number)
    return {
        "startedDateTime": moment.isoformat(),
        "pageref": "page_1",
        "_resourceType": "image" if number else "document",
        "_initiator": {"type": "parser", "url": "https://www.example.org/"},
        "request": {
            "method": "GET",
            "url": f"https://{host}/p/{number % 97}?id={number:x}",
            "headers": [*header, sent],
            "cookies": [{"name": "visitor", "value": f"{number:032x}"}],
        },
        "response": {"status": 200, "headers": [*header, cookie], "content": {"text": "x" * 500}},
    }


def write(path: Path, entries: Iterator[dict[str, object]]) -> None:
    """Write a HAR file entry by entry."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"log": {"version": "1.2", "creator": {"name": "benchmark"}, "entries": [\n')
        file.write(json.dumps(next(entries)))
        for entry in entries:
            file.write(",\n" + json.dumps(entry))
        file.write("]}}")


def measure(path: Path) -> tuple[float, float, int, int]:
    """Return seconds of CPU, peak MiB before and after reading, and the number of observations."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KIB
    began = time.process_time()
    recording = read_har(path)
    seconds = time.process_time() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KIB
    return seconds, before, after, len(recording.observations)


def main() -> None:
    """Write, read and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("har", nargs="?", type=Path, help="a recording whose entries to repeat")
    parser.add_argument("--entries", nargs="+", type=int, default=[10_000, 100_000])
    options = parser.parse_args()
    entries = []
    if options.har:
        entries = json.loads(options.har.read_text(encoding="utf-8-sig"))["log"]["entries"]
    spawn = multiprocessing.get_context("spawn")
    seconds_of: list[tuple[int, float]] = []
    print("  entries      MiB  seconds  entries/s   MiB/s  peak RSS MiB (before)  observations")
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as pool,
    ):
        for count in options.entries:
            path = Path(folder, f"{count}.har")
            source = cycle(entries) if entries else map(made_up, range(count))
            write(path, islice(source, count))
            size = path.stat().st_size / 1024**2
            seconds, before, after, seen = pool.submit(measure, path).result()
            seconds_of.append((count, seconds))
            print(
                f"{count:9,} {size:8.1f} {seconds:8.2f} {count / seconds:10,.0f}"
                f" {size / seconds:7.1f} {after:13} ({before:6}) {seen:13,}"
            )
            path.unlink()
    (few, quick), (many, slow) = seconds_of[0], seconds_of[-1]
    print(f"{many / few:.1f} times the entries take {slow / quick:.1f} times the time")


if __name__ == "__main__":
    main()
