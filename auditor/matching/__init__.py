"""Where what was seen meets what was promised: which row or processor covers it, what is missing.

The two do not know each other; they meet here, and in the checks. The rules are those of the
contract (§1, meanings 1 to 4).
"""

from auditor.matching.declarations import Declarations, Match, Objection, Sight
from auditor.matching.expected import missing, missing_pages, missing_state, missing_states
from auditor.matching.places import host_of, is_on_pages, path_of

__all__ = [
    "Declarations",
    "Match",
    "Objection",
    "Sight",
    "host_of",
    "is_on_pages",
    "missing",
    "missing_pages",
    "missing_state",
    "missing_states",
    "path_of",
]
