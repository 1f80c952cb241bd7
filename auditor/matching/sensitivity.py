"""How much it matters where data of a category are that nobody was told of."""

from collections.abc import Iterable, Iterator
from typing import Final

from auditor.evidence import FieldSeen, Found
from auditor.findings import Severity
from auditor.vocabulary import covers, is_special_category

# With these somebody can be reached, robbed, impersonated or found; or is a child.
_TELLING: Final = (
    "user.authorization",
    "user.childrens",
    "user.contact",
    "user.content.private",
    "user.demographic.date_of_birth",
    "user.financial",
    "user.government_id",
    "user.location.precise",
    "user.name",
    "user.payment",
)
_CRIMINAL = "user.criminal_history"


def is_personal(category: str) -> bool:
    """Return whether a category is about people: `system` and all below it is not."""
    return not covers("system", category)


def is_sensitive(category: str) -> bool:
    """Return whether a law singles a category out: GDPR Art. 9 and 10."""
    return is_special_category(category) or covers(_CRIMINAL, category)


def weight(categories: Iterable[str]) -> Severity:
    """Rate the worst of these: Art. 9 and 10, what tells most, else personal; low for none."""
    personal = [category for category in categories if is_personal(category)]
    if any(map(is_sensitive, personal)):
        return Severity.CRITICAL
    if any(covers(key, category) for key in _TELLING for category in personal):
        return Severity.HIGH
    return Severity.MEDIUM if personal else Severity.LOW


def weight_of(found: Found) -> Severity:
    """Rate what was found in a field: what is only guessed at is low."""
    return Severity.LOW if found.confidence == "low" else weight([found.category])


def likely(field: FieldSeen) -> Iterator[Found]:
    """Yield what was found in a field by more than a guess, and is about people."""
    for found in field.found:
        if found.confidence != "low" and is_personal(found.category):
            yield found
