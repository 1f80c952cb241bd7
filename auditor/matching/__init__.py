"""Where what was seen meets what was promised: which row or processor covers it, what is missing.

The two do not know each other; they meet here, and in the checks. The rules are those of the
contract (§1, meanings 1 to 4).
"""

from auditor.matching.declarations import (
    Declarations,
    Kept,
    Match,
    Objection,
    Sight,
    writer_of,
)
from auditor.matching.expected import missing, missing_pages, missing_state, missing_states
from auditor.matching.places import host_of, is_on_pages, path_of
from auditor.matching.undeclared import (
    RESTS_ON,
    bears_name,
    behind,
    named,
    severity,
    stanza,
    why,
)

__all__ = [
    "RESTS_ON",
    "Declarations",
    "Kept",
    "Match",
    "Objection",
    "Sight",
    "bears_name",
    "behind",
    "host_of",
    "is_on_pages",
    "missing",
    "missing_pages",
    "missing_state",
    "missing_states",
    "named",
    "path_of",
    "severity",
    "stanza",
    "why",
    "writer_of",
]
