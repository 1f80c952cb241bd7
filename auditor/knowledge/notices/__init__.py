"""The words of privacy notices, in several languages: what they call rights, periods, recipients.

Each language is one YAML file beside this; what goes by no language is in `names.yaml`.
"""

from auditor.knowledge.notices.data import LANGUAGES, Names, NoticeWordsError, Words, names, words
from auditor.knowledge.notices.finding import Finder, Hit, finder, fold
from auditor.knowledge.notices.lint import faults

__all__ = [
    "LANGUAGES",
    "Finder",
    "Hit",
    "Names",
    "NoticeWordsError",
    "Words",
    "faults",
    "finder",
    "fold",
    "names",
    "words",
]
