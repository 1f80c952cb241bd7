"""How well personal columns are told: precision, recall and F1 for each column, values a second.

    python benchmarks/columns.py DIRECTORY

The directory holds tables, `<name>.csv`, and `labels.json`: `<name>.<column>` to what it holds.
`none` is not personal; what is personal only with others (`quasi:`) or not sure (`ambiguous:`) is
not scored. Told once by header and values, and once with each header hidden.
"""

import argparse
import csv
import json
import time
from collections.abc import Iterator
from pathlib import Path

from auditor.collect.stores.profiling import profile_column
from auditor.collect.stores.reader import Column, Sample


def columns(directory: Path) -> Iterator[tuple[str, str, Sample, str]]:
    """Yield the table, the column, all its values and the label of each that is scored."""
    labels: dict[str, str] = json.loads((directory / "labels.json").read_text("utf-8"))
    for path in sorted(directory.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for name in rows[0] if rows else ():
            label = labels.get(f"{path.stem}.{name}", "ambiguous:")
            if label.startswith(("quasi:", "ambiguous:")):
                continue
            values = tuple(row[name] for row in rows if row[name])
            sample = Sample(rows=len(rows), filled=len(values), values=values, is_all=True)
            yield path.stem, name, sample, label


def score(directory: Path, *, with_headers: bool) -> str:
    """Return one line: how the columns were told, and how fast."""
    right = wrong = missed = values = 0
    started = time.perf_counter()
    for table, name, sample, label in columns(directory):
        shown = (table, name) if with_headers else ("t", "c")
        column = Column(name=shown[1], type="text", kind="text")
        found = profile_column(shown[0], column, sample)
        values += len(sample.values)
        right += bool(found) and label != "none"
        wrong += bool(found) and label == "none"
        missed += not found and label != "none"
    took = time.perf_counter() - started
    precision = right / max(1, right + wrong)
    recall = right / max(1, right + missed)
    f1 = 2 * right / max(1, 2 * right + wrong + missed)
    return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  {values / took:,.0f} values/s"


def main() -> None:
    """Print both scores, after one round that compiles the patterns."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("directory", type=Path)
    directory: Path = parser.parse_args().directory
    score(directory, with_headers=True)
    print("with headers   ", score(directory, with_headers=True))
    print("headers hidden ", score(directory, with_headers=False))


if __name__ == "__main__":
    main()
