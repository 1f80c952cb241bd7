"""Where what was seen meets what was promised: which row or processor covers it, what is missing.

The two do not know each other; they meet here, and in the checks. The rules are those of the
contract (§1, meanings 1 to 4).
"""

from auditor.matching.at_processors import (
    activities_at,
    longest_kept,
    periods_at,
    tables_at,
    too_old,
    unseen_tables,
)
from auditor.matching.banners import (
    Banner,
    banner_of,
    banners_of,
    choices_of,
    clicks_of,
)
from auditor.matching.consent import (
    asks_beforehand,
    declares,
    laws_of,
    uses,
    waits,
)
from auditor.matching.declarations import (
    Declarations,
    Kept,
    Match,
    Objection,
    Sight,
    writer_of,
)
from auditor.matching.exemptions import AUDIENCE, LONGEST, NEVER_NECESSARY, Doubt, doubts
from auditor.matching.expected import missing, missing_pages
from auditor.matching.held import (
    Held,
    activity_of,
    beside,
    category_of,
    consents_in,
    declared_as,
    held_in,
    holder_of,
    is_there,
    meaning_of,
    serving,
    undeclared_in,
)
from auditor.matching.places import host_of, is_on_pages, path_of
from auditor.matching.reads import sight_of, states_without_consent
from auditor.matching.sensitivity import is_personal, is_sensitive, likely, weight, weight_of
from auditor.matching.states import is_told, missing_state, missing_states
from auditor.matching.stored import Rule, activities_of, ages_of, rules_of, unruled
from auditor.matching.unanswered import unanswered
from auditor.matching.unasked import is_banner_required, why_no_banner
from auditor.matching.undeclared import (
    RESTS_ON,
    bears_name,
    behind,
    may_name_a_row,
    named,
    severity,
    stanza,
    why,
)

__all__ = [
    "AUDIENCE",
    "LONGEST",
    "NEVER_NECESSARY",
    "RESTS_ON",
    "Banner",
    "Declarations",
    "Doubt",
    "Held",
    "Kept",
    "Match",
    "Objection",
    "Rule",
    "Sight",
    "activities_at",
    "activities_of",
    "activity_of",
    "ages_of",
    "asks_beforehand",
    "banner_of",
    "banners_of",
    "bears_name",
    "behind",
    "beside",
    "category_of",
    "choices_of",
    "clicks_of",
    "consents_in",
    "declared_as",
    "declares",
    "doubts",
    "held_in",
    "holder_of",
    "host_of",
    "is_banner_required",
    "is_on_pages",
    "is_personal",
    "is_sensitive",
    "is_there",
    "is_told",
    "laws_of",
    "likely",
    "longest_kept",
    "may_name_a_row",
    "meaning_of",
    "missing",
    "missing_pages",
    "missing_state",
    "missing_states",
    "named",
    "path_of",
    "periods_at",
    "rules_of",
    "serving",
    "severity",
    "sight_of",
    "stanza",
    "states_without_consent",
    "tables_at",
    "too_old",
    "unanswered",
    "undeclared_in",
    "unruled",
    "unseen_tables",
    "uses",
    "waits",
    "weight",
    "weight_of",
    "why",
    "why_no_banner",
    "writer_of",
]
