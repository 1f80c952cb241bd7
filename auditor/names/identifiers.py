"""Could a value single out a visitor? Judged while it is looked at; the value itself is not kept.

Said to be one: an address, a UUID, a token, a random run (`auditor.names.randomness`), a number of
six digits or more. Not: words, flags, locales, dates, sizes, versions, small numbers, a consent
string of the IAB, and one moment as a Unix time. Blind spots: ids of up to seven characters,
ids made of words, and an id that has the form of a date. Whether a value differs between two
clean profiles tells more; this is for when there is only one.
"""

import re
from urllib.parse import unquote

from auditor.names.randomness import looks_random
from auditor.names.templates import EMAIL, IP_ADDRESS, JWT, RUN, UUID

_READ = 4096  # characters: the most that a browser keeps in a cookie
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
    r"|(?<![0-9A-Za-z])(?:19|20)[0-9]{2}[01][0-9][0-3][0-9](?:T?[0-9]{6})?(?![0-9])"
)
# From 2001 to 2033 in seconds or milliseconds. A second one in the same value is no date any more:
# in GA1.1.1234567890.1763812345 it is the visitor.
_UNIX_TIME = re.compile(r"(?<![0-9A-Za-z])1[0-9]{9}(?:[0-9]{3})?(?![0-9A-Za-z])")
# Version 2, then the day it was made and the day it was changed, which have to be the same.
_IAB_CONSENT = re.compile(r"C([\w-]{6})\1[\w.-]*", re.ASCII)
_LONG_NUMBER = re.compile(r"[0-9]{6}")


def looks_like_identifier(value: str) -> bool:
    """Return whether a cookie's or a storage value could single out a visitor."""
    text = unquote(value[:_READ])
    for ordinary, times in ((_IAB_CONSENT, 0), (_DATE, 0), (_UNIX_TIME, 1)):
        text = ordinary.sub(" ", text, count=times)
    if any(pattern.search(text) for pattern in (EMAIL, UUID, JWT, IP_ADDRESS)):
        return True
    return any(looks_random(run) or _LONG_NUMBER.search(run) for run in RUN.findall(text))
