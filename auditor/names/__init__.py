"""Names of cookies, storage, parameters and pages: matched, and kept without what is personal."""

from auditor.names.identifiers import looks_like_identifier
from auditor.names.patterns import check_pattern, matches
from auditor.names.templates import is_only_an_id, same_name, template
from auditor.names.urls import url_shape

__all__ = [
    "check_pattern",
    "is_only_an_id",
    "looks_like_identifier",
    "matches",
    "same_name",
    "template",
    "url_shape",
]
