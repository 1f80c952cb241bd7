"""`--show-queries`: what stores would be asked is printed, and nothing is asked of records."""

import sys
from collections.abc import Sequence

from auditor.collect.site.planning import Looking
from auditor.collect.stores.collecting import StoreLooking
from auditor.collect.stores.showing import Shown, queries
from auditor.policy import Policy, Store
from auditor.report.safe import visible

LONGEST = 100_000  # characters of a statement


def show_queries(policy: Policy, stores: Sequence[Store], looking: Looking) -> bool:
    """Print every statement; return whether all are known."""
    how = StoreLooking(
        folder=looking.folder, secrets=looking.secrets, exhaustive=looking.exhaustive
    )
    is_all = True
    for shown in queries(policy, stores, how):
        is_all = is_all and not shown.needs
        sys.stdout.write(f"{_lines(shown)}\n")
    return is_all


def _lines(shown: Shown) -> str:
    about = f": {visible(shown.about, LONGEST)}" if shown.about else ""
    head = f"-- store:{shown.store}{about}"
    if shown.needs:
        return f"{head}: cannot be asked. Needs: {visible(shown.needs, LONGEST)}"
    return f"{head}\n{visible(shown.text, LONGEST)};"
