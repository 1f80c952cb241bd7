"""How well labelled notices are read: precision and recall, one notice and kind a line.

    python benchmarks/notices.py FOLDER

FOLDER holds notices (`NAME.md`), each with `NAME.md.labels.json`: `processors` (names, or objects
with name, purpose, location), `cookies` (objects with name, provider, expiration), `rights`,
`retention_months`, `contact`. Precision counts what was found and is no label; names are compared
without case, legal forms and what stands in brackets.
"""

import argparse
import json
import re
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.collect.notices.collecting import read_notice
from auditor.collect.notices.fetching import read_file
from auditor.evidence import NoticeEvidence
from auditor.matching.told import plain_name

# What the labels of the seed call rights.
RIGHTS = {
    "opt-out of marketing": "marketing_opt_out",
    "forget": "erasure",
    "complain": "complaint",
}
BRACKETS = re.compile(r" ?\(.*?\)")


def main() -> None:
    """Print a line for each notice and kind that has labels, and how long reading took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    for labels in sorted(folder.glob("*.labels.json")):
        name = labels.name.removesuffix(".labels.json")
        said: dict[str, Any] = json.loads(labels.read_text("utf-8"))
        started = time.perf_counter()
        notice = read_notice("n", read_file(str(folder), name), datetime.now(UTC))
        took = time.perf_counter() - started
        print(
            f"{name}: {len(notice.sentences)} sentences, {len(notice.facts)} facts, {took:.2f} s"
        )
        for kind, wanted, found in compared(said, notice):
            print(f"  {kind:22} {score(wanted, found)}")


def compared(
    said: dict[str, Any], notice: NoticeEvidence
) -> Iterator[tuple[str, set[str], set[str]]]:
    """Yield a kind, what the labels have of it, and what was found."""
    recipients = notice.of("processor", "sub_processor")
    if names := said.get("processors"):
        wanted = {_name(one) for one in names}
        listed = {_bare(fact.name) for fact in recipients if fact.is_listed}
        in_text = {_bare(fact.name) for fact in recipients} & wanted
        yield "recipients", wanted, listed | in_text
    cookies = said.get("cookies")
    if isinstance(cookies, list):
        facts = notice.of("cookie")
        yield "cookies", {one["name"] for one in cookies}, {fact.name for fact in facts}
        timed = {fact.name for fact in facts if fact.period}
        yield "cookie lifetimes", {one["name"] for one in cookies}, timed
    if located := [one for one in said.get("processors", ()) if _where(one)]:
        found = {_bare(fact.name) for fact in recipients if fact.countries}
        yield "with their countries", {_name(one) for one in located}, found
    if rights := said.get("rights"):
        wanted = {RIGHTS.get(right, right) for right in rights}
        yield "rights", wanted, {fact.key for fact in notice.of("right")}
    if months := said.get("retention_months"):
        found = {f"{fact.period} {fact.anchor}" for fact in notice.of("retention")}
        yield "period and beginning", {f"P{months}M last_used"}, found
    if contact := said.get("contact"):
        yield "contact", {contact}, {fact.address for fact in notice.of("contact")}


def score(wanted: Iterable[str], found: Iterable[str]) -> str:
    """Return precision and recall, and what was missed or made up."""
    wanted, found = set(wanted), set(found)
    right = len(wanted & found)
    line = f"P {right / max(1, len(found)):.3f}  R {right / max(1, len(wanted)):.3f}"
    missed, wrong = sorted(wanted - found)[:5], sorted(found - wanted)[:5]
    ends = [f"missed {missed}" if missed else "", f"made up {wrong}" if wrong else ""]
    return "  ".join(filter(None, (f"{line}  ({right} of {len(wanted)})", *ends)))


def _name(label: object) -> str:
    return _bare(label["name"] if isinstance(label, dict) else str(label))


def _bare(name: str) -> str:
    return plain_name(BRACKETS.sub("", name))


def _where(label: object) -> bool:
    return isinstance(label, dict) and bool(label.get("location"))


if __name__ == "__main__":
    main()
