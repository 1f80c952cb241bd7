"""How fast source is read: against only reading its bytes, and growth with the number of files.

    python benchmarks/code.py                       this repository
    python benchmarks/code.py FOLDER

Parsing is what takes the time: files are read in full before, so that none of it is the disk. The
second half doubles the folder and looks again: linear is a ratio near 2.
"""

import argparse
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from auditor.collect.code.collecting import collect_code
from auditor.collect.code.files import files_below
from auditor.collect.code.kinds import readers_of
from auditor.policy import Code

HERE = Path(__file__).parents[1]


def copied(folder: Path, into: Path, times: int) -> int:
    """Copy every file that is read, so many times; return how many bytes there are."""
    names, _ = files_below(folder, (".",), ())
    size = 0
    for name in filter(readers_of, names):
        for number in range(times):
            target = into / str(number) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, target)
            size += target.stat().st_size
    return size


def measured(folder: Path) -> tuple[int, int, float, float]:
    """Return how many files and mentions there are; seconds of reading bytes, and of all."""
    began = time.perf_counter()
    for path in folder.rglob("*"):
        if path.is_file():
            path.read_bytes()
    only_bytes = time.perf_counter() - began
    began = time.perf_counter()
    seen = collect_code(Code(), str(folder), "", lambda *_: None)
    return seen.files, len(seen.mentions), only_bytes, time.perf_counter() - began


def main() -> None:
    """Print a row for the folder, one for twice as much, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=Path, default=HERE)
    folder = parser.parse_args().folder
    taken = []
    print(f"{'files':>7} {'MiB':>7} {'places':>7} {'bytes s':>8} {'read s':>8} {'MiB/s':>7}")
    for times in (1, 2):
        with TemporaryDirectory() as made:
            size = copied(folder, Path(made), times) / 2**20
            files, places, only_bytes, whole = measured(Path(made))
        taken.append(whole)
        row = f"{files:>7,} {size:>7.1f} {places:>7,} {only_bytes:>8.2f} {whole:>8.2f}"
        print(f"{row} {size / whole:>7.2f}")
    print(f"twice as much takes {taken[1] / taken[0]:.2f} times as long")


if __name__ == "__main__":
    main()
