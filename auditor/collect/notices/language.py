"""Which of the languages that we know a text is written in."""

from functools import cache
from typing import Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from auditor.knowledge.notices import LANGUAGES

# So that a notice in one of these is not taken for one of those that we read.
_OTHERS: Final = ("bg", "cs", "da", "el", "et", "fi", "hr", "hu", "it", "lt", "lv", "nl", "no",
                  "pl", "ro", "ru", "sk", "sl", "sv", "uk", "ca")  # fmt: skip
SHORTEST: Final = 25  # characters: names of firms are in any language
_ENOUGH: Final = 20_000  # characters
_SURE: Final = 0.6


@cache
def _identifier() -> LanguageIdentifier:
    """Load the model: a second, once."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([*LANGUAGES, *_OTHERS])
    return identifier


def language_of(text: str) -> tuple[str, float]:
    """Return an ISO 639-1 code and how sure it is (0 to 1); ("", 0.0) where nobody could tell."""
    if len(text) < SHORTEST:
        return "", 0.0
    language, sure = _identifier().classify(text[:_ENOUGH])
    if sure < _SURE:
        return "", 0.0
    return str(language), round(min(float(sure), 1.0), 3)
