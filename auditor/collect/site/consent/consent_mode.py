"""Google Consent Mode: what a request to Google says that the visitor has agreed to.

`gcs` is `G1` and two digits, for `ad_storage` and `analytics_storage`. `gcd` has a letter for
each of four permissions, between digits; the letter also says how it came about. Source: Google,
"Verify your consent mode implementation" (gcs); S. Ahava and M. Baersch, "Consent Mode V2 for
Google tags"
(the letters of gcd, of which Google publishes no table).
"""

import re
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

Answer = Literal["granted", "denied", ""]

_GCS = re.compile(r"G1([01-])([01-])")
_GCD = re.compile(r"[0-9]{1,2}([a-z])[0-9]([a-z])[0-9]([a-z])[0-9]([a-z])[0-9]?")
_DIGITS: dict[str, Answer] = {"1": "granted", "0": "denied"}
_LETTERS: dict[str, Answer] = {
    **dict.fromkeys("rtnv", "granted"),  # by update, by default, by update alone, by both
    **dict.fromkeys("pqmu", "denied"),
}
_MOST = 8000  # characters of a query that are read


class ConsentMode(Struct, frozen=True, kw_only=True):
    """Four permissions; "" where the request does not say. `chosen`: some were set by a choice."""

    ad_storage: Answer = ""
    analytics_storage: Answer = ""
    ad_user_data: Answer = ""
    ad_personalization: Answer = ""
    chosen: bool = False

    @property
    def said(self) -> frozenset[str]:
        """Return the answers that are there."""
        answers = (
            self.ad_storage,
            self.analytics_storage,
            self.ad_user_data,
            self.ad_personalization,
        )
        return frozenset(answer for answer in answers if answer)


def consent_mode(url: str) -> ConsentMode | None:
    """Return what a request says of consent, by its `gcd`, else its `gcs`; None if nothing."""
    try:
        query = urlsplit(url).query[:_MOST]
        given = dict(parse_qsl(query, max_num_fields=500))
    except ValueError:
        return None
    if found := _GCD.fullmatch(given.get("gcd", "")):
        answers = [_LETTERS.get(letter, "") for letter in found.groups()]
        ad, analytics, data, personal = answers
        if any(answers):
            return ConsentMode(
                ad_storage=ad,
                analytics_storage=analytics,
                ad_user_data=data,
                ad_personalization=personal,
                chosen=any(letter in "qrmnuv" for letter in found.groups()),
            )
    if found := _GCS.fullmatch(given.get("gcs", "")):
        ad, analytics = (_DIGITS.get(digit, "") for digit in found.groups())
        return ConsentMode(ad_storage=ad, analytics_storage=analytics)
    return None
