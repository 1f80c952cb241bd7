"""What a journey types from the environment never gets into evidence, wherever it was put."""

import base64
import re
from collections.abc import Iterable
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus

import msgspec
from msgspec import Struct

from auditor.collect.site.journeys.preparing import SHORTEST, Journey
from auditor.names import template

S = TypeVar("S", bound=Struct)

# Words of our own and of HTTP, where nothing of a page can stand
_OURS = frozenset(
    "said kind state storage reason aspects moment outcome method does confidence".split()
)


class Hidden:
    """Puts `*` for the secrets of journeys; without any it changes nothing."""

    def __init__(self, journeys: Iterable[Journey]) -> None:
        """Know what may not be told."""
        secrets = {value for journey in journeys for value in journey.secrets.values()}
        forms = {form for secret in secrets for form in _forms(secret) if len(form) >= SHORTEST}
        words = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
        self._is_needed = bool(words)

    def __call__(self, told: S) -> S:
        """Return the same with nothing in it that is secret."""
        if not self._is_needed:
            return told
        plain = msgspec.to_builtins(told)
        masked = self._masked(plain)
        return told if masked == plain else msgspec.convert(masked, type(told))

    def text(self, text: str) -> str:
        """Return a text with nothing in it that is secret."""
        return self._pattern.sub("*", text) if self._is_needed else text

    def _masked(self, value: Any) -> Any:  # noqa: ANN401 -- as JSON has it
        match value:
            case str():
                return self.text(value)
            case dict():
                return {
                    self.text(key): part if key in _OURS else self._masked(part)
                    for key, part in value.items()
                }
            case list() | tuple():
                return [self._masked(part) for part in value]
            case _:
                return value


def _forms(secret: str) -> Iterable[str]:
    """Yield how a secret may be written in names and addresses, as a page or evidence has it."""
    data = secret.encode("utf-8", "surrogateescape")
    yield secret
    yield secret.strip()
    yield template(secret).strip("*")
    yield from template(secret).split("*")
    yield quote(data, safe="")
    yield quote(data, safe="*!$'()+,;=:@&")
    yield quote_plus(data)
    yield data.hex()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(data).decode().rstrip("=")
