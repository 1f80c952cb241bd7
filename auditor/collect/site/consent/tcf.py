"""TC strings: the purposes to which a visitor is said to have agreed.

Source: IAB Tech Lab, "Consent string and vendor list formats v2", the core string. It is base64url
without padding; fields follow each other bit by bit. Of other versions nothing is read.
"""

import re
from base64 import urlsafe_b64decode

from msgspec import Struct

VERSION = 2
_CORE = re.compile(r"[A-Za-z0-9_-]{39,8000}")  # up to the publisher's country: 230 bits
_CMP = (78, 12)  # offset and length in bits
_SPECIAL = (140, 12)
_CONSENT = (152, 24)
_LEGITIMATE = (176, 24)


class TcString(Struct, frozen=True, kw_only=True):
    """Numbers of purposes and special features, and of the banner's maker (`cmp`)."""

    cmp: int
    purposes: tuple[int, ...] = ()
    legitimate_interests: tuple[int, ...] = ()
    special_features: tuple[int, ...] = ()


def read_tc_string(text: str) -> TcString | None:
    """Return what a TC string says; None if it is none, or of another version."""
    core = text.partition(".")[0]
    if not _CORE.fullmatch(core):
        return None
    whole = len(core) // 4 * 4
    rest = core[whole:]
    try:
        octets = urlsafe_b64decode(core[:whole] + (rest + "=" * (-len(rest) % 4)))
    except ValueError:
        return None
    length = len(octets) * 8
    number = int.from_bytes(octets)

    def field(offset: int, size: int) -> int:
        return number >> (length - offset - size) & ((1 << size) - 1)

    def listed(offset: int, size: int) -> tuple[int, ...]:
        return tuple(bit + 1 for bit in range(size) if field(offset + bit, 1))

    if field(0, 6) != VERSION:
        return None
    return TcString(
        cmp=field(*_CMP),
        purposes=listed(*_CONSENT),
        legitimate_interests=listed(*_LEGITIMATE),
        special_features=listed(*_SPECIAL),
    )
