"""Names without the ids in them: `_ga_D8LRHP9HJ8` is kept as `_ga_*`.

Names of cookies, storage keys, parameters and folders often hold an account number, a random id
or somebody's e-mail address. Those parts are never kept. Where a word could be either, it goes:
a name that says too little can still be declared, a personal one could not be taken back.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from unicodedata import normalize

from auditor.names.patterns import check_pattern, matches
from auditor.names.randomness import looks_random
from auditor.names.text import whole

_LONGEST = 200  # characters that are kept of a name
_READ = 1000  # characters that are looked at: a storage key may have megabytes

_PEOPLE = (
    "user|users|usr|uid|customer|client|member|account|acct|profile|contact|subscriber|visitor"
    "|patient|volunteer|beneficiary|donor|wp-settings|wp-settings-time"
)
_LEADS = f"{_PEOPLE}|e-?mail|mail|login|prefs|settings|session|cart|draft|id|for|from|to"
# What looks like the end of a domain and is not: logo@2x.png, vue@3.4.0.min.js.
_FILES = "avif|css|gif|html|ico|jpeg|jpg|js|json|min|mjs|png|svg|webp|woff|woff2"
_LOCAL = r"""[^\s:,;/@<>()\[\]{}="&?#|*]"""  # of an address as people have them, not as RFC 5322

EMAIL = re.compile(
    rf"(?<!{_LOCAL})"  # from the start of the local part, so that none of it stays
    rf"(?P<lead>(?:(?:{_LEADS})[-_.=]){{0,3}})"
    rf"{_LOCAL}*"
    r"(?:@|%(?:25)*40|%(?:25)*EF%(?:25)*BC%(?:25)*A0|%(?:25)*EF%(?:25)*B9%(?:25)*AB)"
    r"(?:[\w-]+(?:\.|%(?:25)*2E))+"
    rf"(?!(?:{_FILES})(?![^\W\d_]))(?:xn--[a-z0-9-]+|[^\W\d_]{{2,}})(?![^\W\d_])",
    re.IGNORECASE,
)
JWT = re.compile(r"eyJ[\w-]{6,}(?:\.[\w-]+){0,2}")
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
IP_ADDRESS = re.compile(r"(?<![0-9A-Za-z.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9A-Za-z.])")
PHONE = re.compile(
    r"(?<![0-9A-Za-z])\(?[0-9]{1,4}\)?(?:[ ./()-]{1,2}[0-9]{2,5}){2,6}(?![0-9A-Za-z])"
)
RUN = re.compile(r"%[0-9A-Fa-f]{2}|[0-9A-Za-z]+")  # a percent-escape is no part of a run

_BREAK = re.compile(r"([\s:,;/])")
_PHONE_DIGITS = 9  # a date has 8
_LONG_NUMBER = re.compile(r"[0-9]{5,}")
_GLUED = re.compile(r"(ASPSESSIONID)[A-Z]{8}|(S?SESS|TS)[0-9a-f]{6,}")  # ASP, Drupal, BIG-IP


def template(name: str) -> str:
    """Return a name with `*` for each part that holds an id of a person or a random part.

    The same name always gives the same template, and a template is its own. At most 200
    characters; of a longer name the beginning, then `*`.
    """
    plain = normalize("NFKC", whole(name[:_READ]))  # an address may be written in full width
    if len(name) > _READ or len(plain) > _READ:
        *words, _ = _BREAK.split(plain[:_READ])  # the last word may be half an address
        plain = "".join(words) + "*"
    return _settle(plain)


def same_name(declared: str, seen: str) -> bool:
    """Return whether a declared name or pattern is the one of which this template was seen."""
    return matches(declared, seen) or template(declared) == seen


@lru_cache(maxsize=4096)
def _settle(name: str) -> str:
    """Mask until nothing is left to mask, so that a template is its own template."""
    masked = _mask(name)
    while masked != name:
        name, masked = masked, _mask(masked)
    return name


def _mask(name: str) -> str:
    for pattern, replacement in _RULES:
        name = pattern.sub(replacement, name)
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}*"


def _mask_phone(found: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in found[0])
    return "*" if digits >= _PHONE_DIGITS else found[0]


def _mask_run(found: re.Match[str]) -> str:
    run = found[0]
    if glued := _GLUED.fullmatch(run):
        return f"{glued[1] or glued[2]}*"
    return "*" if looks_random(run) else _LONG_NUMBER.sub("*", run)


_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    # AWS: the user's name stands between the client's id and the kind of token.
    (re.compile(r"(CognitoIdentityServiceProvider)\.[^\s:,;/]+\.(?=[A-Za-z]+\Z)"), r"\1.*."),
    (EMAIL, r"\g<lead>*"),
    (re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]+(?=(?:@|%40)AdobeOrg)"), "*"),
    (JWT, "*"),
    (UUID, "*"),
    (IP_ADDRESS, "*"),
    (PHONE, _mask_phone),
    (
        re.compile(
            rf"(?<![a-z])((?:{_PEOPLE})(?:[-_]?id)?[-_.:=])[0-9]+(?![0-9A-Za-z])", re.IGNORECASE
        ),
        r"\1*",
    ),
    (RUN, _mask_run),
    # What belongs to the id beside it: a country code, a shard, a check digit, padding.
    (re.compile(r"(?:\+|%2B)(?:[0-9]{1,3}[ .-])?\*"), "*"),
    (re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{3,}[-._])+\*"), "*"),
    (re.compile(r"\*(?:[-._][0-9]+)+(?![0-9A-Za-z])"), "*"),
    (re.compile(r"\*=+"), "*"),
    (re.compile(r"\*(?:[-._]?\*)+"), "*"),
)


def is_only_an_id(name: str) -> bool:
    """Return whether evidence would keep so little of a name that it fits nearly everything."""
    try:
        check_pattern(template(name))
    except ValueError:
        return True
    return False
