"""People as keyed hashes: the same person in two systems is known again, and nobody else is.

The key is the organisation's own secret, in a variable. Without it a hash tells nothing; with it,
a guess can be tried: so it is kept like a password, and hashes never leave evidence.
"""

import hashlib
import hmac
import unicodedata
from typing import Final

from msgspec import Struct

from auditor.evidence import SubjectsSeen
from auditor.matching import category_of
from auditor.policy import Table
from auditor.vocabulary import covers

KINDS: Final = ("email", "id", "phone", "name")  # by which people are known
_BY_CATEGORY: Final = {
    "user.contact.email": "email",
    "user.contact.phone_number": "phone",
    "user.unique_id": "id",
    "user.name": "name",
}
VARIABLE: Final = "AUDIT_SUBJECT_KEY"
SHORTEST: Final = 16  # characters of a key
_BYTES: Final = 16


class SubjectKey(Struct, frozen=True, kw_only=True):
    """A key by which people are hashed; never printed."""

    secret: bytes

    def __repr__(self) -> str:
        """Return nothing of the key."""
        return "SubjectKey(...)"

    @property
    def id(self) -> str:
        """Return by what the key is told from others."""
        return _hash(self.secret, b"key")

    def hash(self, kind: str, value: str) -> str:
        """Return the hash of a person; `kind` says what the value is: `email`, `id`, `phone`."""
        text = f"{kind}\0{plain(kind, value)}"
        return _hash(self.secret, text.encode("utf-8", "replace"))


def plain(kind: str, value: str) -> str:
    """Return what names a person in the one form in which it is compared.

    E-mail addresses and names are the same in any case, telephone numbers with any separators.
    """
    text = unicodedata.normalize("NFKC", value).strip()
    if kind == "phone":
        return "".join(letter for letter in text if letter.isdigit())
    return text if kind == "id" else text.casefold()


class PeopleCount:
    """Hashes the people of a table; keeps nothing where no key was given."""

    def __init__(self, key: SubjectKey | None, field: str, kind: str) -> None:
        """Begin with nobody; `kind` is `email`, `id` or `phone`, as for `SubjectKey.hash`."""
        self._key, self._field, self._kind = key, field, kind
        self._hashes: set[str] = set()

    def add(self, value: str) -> None:
        """Add a person; "" and blanks are nobody."""
        if self._key and value.strip():
            self._hashes.add(self._key.hash(self._kind, value))

    @property
    def number(self) -> int:
        """Return how many people were added."""
        return len(self._hashes)

    def seen(self) -> tuple[SubjectsSeen, ...]:
        """Return who was seen, () without a key."""
        if self._key is None:
            return ()
        hashes = tuple(sorted(self._hashes))
        return (
            SubjectsSeen(field=f"{self._kind}:{self._field}", key=self._key.id, hashes=hashes),
        )


def subject_key(secret: str) -> SubjectKey | None:
    """Return the key that a variable holds, None if it is too short to protect anybody."""
    text = secret.strip()
    return SubjectKey(secret=text.encode()) if len(text) >= SHORTEST else None


def kind_of(table: Table) -> str:
    """Return what kind of key a table knows people by: `email`, `id`, `phone` or `name`."""
    if table.subject_key not in table.fields:
        return "id"
    category = category_of(table, table.subject_key)
    return next((kind for key, kind in _BY_CATEGORY.items() if covers(key, category)), "id")


def _hash(key: bytes, message: bytes) -> str:
    return hmac.new(key, message, hashlib.sha256).digest()[:_BYTES].hex()
