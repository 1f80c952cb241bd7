"""The words of policy.yaml and of the checks: plain data, and the questions they answer.

Keys from Fides Language (fideslang) 3.1.4, (c) Ethyca, CC BY 4.0; descriptions rewritten, keys
added: ``user.demographic.trade_union``, and the data subjects ``volunteer``, ``donor``,
``beneficiary``, ``member`` and ``child``. Codes in ``Term.dpv`` are those of the Data Privacy
Vocabulary 2.3 (W3C Data Privacy Vocabularies and Controls Community Group).
"""

from auditor.vocabulary.categories import CATEGORIES
from auditor.vocabulary.changes import CHANGES, ChangeKind
from auditor.vocabulary.check_ids import CHECK_SCOPES, SCOPES
from auditor.vocabulary.countries import ADEQUATE, COUNTRIES, EEA, PARTLY_ADEQUATE
from auditor.vocabulary.law import (
    JURISDICTIONS,
    LEGAL_BASES,
    RIGHTS,
    SPECIAL_CATEGORY_BASES,
    TRANSFER_MECHANISMS,
)
from auditor.vocabulary.lookup import (
    VOCABULARIES,
    covers,
    find_terms,
    is_special_category,
    nearest,
    suggestion,
)
from auditor.vocabulary.references import REFERENCES, Reference
from auditor.vocabulary.subjects import SUBJECTS
from auditor.vocabulary.terms import Term
from auditor.vocabulary.uses import IAB_PURPOSES, PURPOSES

__all__ = [
    "ADEQUATE",
    "CATEGORIES",
    "CHANGES",
    "CHECK_SCOPES",
    "COUNTRIES",
    "EEA",
    "IAB_PURPOSES",
    "JURISDICTIONS",
    "LEGAL_BASES",
    "PARTLY_ADEQUATE",
    "PURPOSES",
    "REFERENCES",
    "RIGHTS",
    "SCOPES",
    "SPECIAL_CATEGORY_BASES",
    "SUBJECTS",
    "TRANSFER_MECHANISMS",
    "VOCABULARIES",
    "ChangeKind",
    "Reference",
    "Term",
    "covers",
    "find_terms",
    "is_special_category",
    "nearest",
    "suggestion",
]
