"""Which columns hold personal data: what they are called, and what their values look like.

The words and patterns lie beside this in two YAML files, read when first asked for. Packages add
to both by the entry-point group `auditor.columns` (docs/columns.md).
"""

from auditor.knowledge.columns.data import (
    ColumnsError,
    Detector,
    Entry,
    Extension,
    Lexicon,
    detectors,
    lexicon,
)
from auditor.knowledge.columns.engine import union, which
from auditor.knowledge.columns.headers import Hint, hints
from auditor.knowledge.columns.lint import NotPortableError, check_portable

__all__ = [
    "ColumnsError",
    "Detector",
    "Entry",
    "Extension",
    "Hint",
    "Lexicon",
    "NotPortableError",
    "check_portable",
    "detectors",
    "hints",
    "lexicon",
    "union",
    "which",
]
