"""People as keyed hashes: the same person in two systems is known again, and nobody else is.

The key is the organisation's own secret, in a variable. Without it a hash tells nothing; with it,
a guess can be tried: so it is kept like a password, and hashes never leave evidence.
"""

import hashlib
import hmac
import unicodedata
from typing import Final

from msgspec import Struct

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
        """Return the hash of a person; `kind` says what the value is: `email`, `id`, `phone`.

        E-mail addresses are the same in any case, telephone numbers with any separators.
        """
        plain = unicodedata.normalize("NFKC", value).strip()
        if kind == "email":
            plain = plain.casefold()
        if kind == "phone":
            plain = "".join(c for c in plain if c.isdigit())
        return _hash(self.secret, f"{kind}\0{plain}".encode("utf-8", "replace"))


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
