"""What a pattern cannot say: checksums, ranges, and the look-alikes that are something else.

Each takes one value as its detector found it and never raises. The libraries behind the dear ones
are imported when first needed.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from auditor.knowledge.columns.data import ColumnsError, extensions

Validator = Callable[[str], bool]

_FILES: Final = frozenset(
    "png jpg jpeg gif svg webp css js json html pdf zip mp4 ico tiff".split()
)
_DATE: Final = re.compile(
    r"[12]\d{3}[-./ ](?:\d\d?[-./ ]\d\d?|\d{4}|\d\d?)|\d\d?[-./ ]\d\d?[-./ ](?:\d\d){1,2}"
)
_GROUPED: Final = re.compile(r"\d{1,3}([ .])\d{3}(\1\d{3})*")
_DECIMAL: Final = re.compile(r"\d+\.\d+")
_GROUPED_IN: Final = 3  # a phone number, unless it begins with 0 or ( as those of an area do
_GROUPS: Final = re.compile(r"\d+")
_PARTICLES: Final = frozenset(
    "van von der den de di da del della la le ten ter zu zur dos e y i bin al el af av".split()
)
# ISO/IEC 7812: first digits and lengths of the cards in use; Maestro only with 16 or more.
_CARDS: Final = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|(?:6011|64[4-9]\d|65\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}"
    r"|(?:5018|5020|5038|5893|6304|6759|676[123])\d{12,15}|62\d{14,17}"
)
_BASE58: Final = {
    char: digit
    for digit, char in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
}
_MARITAL: Final = frozenset("single mari marie separated".split())
_COLOURS: Final = frozenset("black white roma mixed".split())


def validator(name: str) -> Validator:
    """Return a validator by name: one of ours, `stdnum.<country>.<number>`, or an extension's."""
    for extension in extensions():
        if name in extension.validators:
            return extension.validators[name]
    if name.startswith("stdnum."):
        return _stdnum(name)
    if name not in _OWN:
        raise ColumnsError(f"there is no validator {name!r}")
    return _OWN[name]


def is_dear(name: str) -> bool:
    """Say whether a validator takes long or is asked of nearly every text: not of every value."""
    return name not in {"", *_OWN} or name in {"phone", "secret", "person_name", "given_name"}


@cache
def _stdnum(name: str) -> Validator:
    try:
        found: Validator = import_module(name).is_valid
    except (ImportError, AttributeError):
        raise ColumnsError(f"there is no validator {name!r}") from None
    return lambda value: bool(found(value))


def _email(value: str) -> bool:
    """Refuse file names such as `icon@2x.png`."""
    name, _, host = value.replace("%40", "@").rpartition("@")
    last = host.rpartition(".")[2].casefold()
    return bool(name) and last not in _FILES and not name.endswith(".") and "-." not in host


def _phone(value: str) -> bool:
    from phonenumbers import NumberParseException, is_possible_number, parse  # noqa: PLC0415

    try:
        return is_possible_number(parse(value))
    except NumberParseException:
        return False


def _local_phone(value: str) -> bool:
    """Refuse dates, periods, amounts, IP addresses and ISBNs, which have the same signs."""
    groups = _GROUPS.findall(value)
    digits = "".join(groups)
    if not 7 <= len(digits) <= 15 or digits.startswith(("978", "979")):  # noqa: PLR2004 -- E.164
        return False
    if len(groups) < _GROUPED_IN and value[0] not in "(0":
        return False  # 2024-10311 and 12-345678 are numbers of orders more often
    if len({len(group) for group in groups}) > 1 and _is_ip(value):
        return False  # 30.59.84.10 may be a number of France, 192.0.2.17 is none
    return not any(shape.fullmatch(value) for shape in (_DATE, _GROUPED, _DECIMAL))


def _is_ip(value: str) -> bool:
    """Refuse addresses of nobody, and four small numbers: those are mostly versions."""
    try:
        address = ip_address(value)
    except ValueError:
        return False
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        return False
    if address.version == 4:  # noqa: PLR2004 -- IPv4
        return max(address.packed) > 20 and address.packed[0] > 0  # noqa: PLR2004 -- see above
    return len([part for part in value.split(":") if part]) > 2  # noqa: PLR2004 -- not a::b


def _mac(value: str) -> bool:
    kinds = set(value) - {":", "-"}
    return len(kinds) > 2 and (":" in value or not value.replace("-", "").isdigit())  # noqa: PLR2004


def _coordinates(value: str) -> bool:
    """Accept a latitude and a longitude that are not both near 0."""
    found = [abs(float(number)) for number in re.findall(r"-?\d+\.\d+", value)[:2]]
    if len(found) != 2:  # noqa: PLR2004 -- a pair
        return False
    low, high = sorted(found)
    return low <= 90 and high <= 180 and high > 0.01  # noqa: PLR2004 -- degrees


def _card(value: str) -> bool:
    """Accept Luhn's checksum in the ranges of card schemes, more than two digits repeated."""
    digits = value.replace(" ", "").replace("-", "")
    if not _CARDS.fullmatch(digits) or len(set(digits)) < 2:  # noqa: PLR2004 -- 4444...
        return False
    odd = sum(int(digit) for digit in digits[-1::-2])
    even = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (odd + even) % 10 == 0


def _bitcoin(value: str) -> bool:
    """Accept Base58Check, as in addresses that begin with 1 or 3: a checksum of 4 bytes."""
    if value.startswith("bc1"):
        return _stdnum("stdnum.bitcoin")(value)
    number = 0
    for char in value:
        if (digit := _BASE58.get(char)) is None:
            return False
        number = number * 58 + digit
    if number.bit_length() > 200:  # noqa: PLR2004 -- a version, a hash of 20 bytes, a checksum
        return False
    data = number.to_bytes(25, "big")
    return sha256(sha256(data[:21]).digest()).digest()[:4] == data[21:]


def _secret(value: str) -> bool:
    from auditor.knowledge.secrets import TooManyError, find_secrets  # noqa: PLC0415

    try:
        return bool(find_secrets(value))
    except TooManyError:
        return True


def _person_name(value: str) -> bool:
    """Accept two to four words of a name's form, the first a given name that is widely used."""
    words = value.replace(",", " ").split()
    if not words[1:] or not all(word in _PARTICLES or word[0].isupper() for word in words):
        return False
    return _is_given(words[0]) or ("," in value and _is_given(words[-1]))


def _given_name(value: str) -> bool:
    return value[:1].isupper() and _is_given(value)


def _is_given(word: str) -> bool:
    from auditor.knowledge.columns.headers import fold  # noqa: PLC0415 -- it reads the lexicon

    names = _given_names()
    plain = fold(word)
    return plain in names or plain.partition("-")[0] in names


@cache
def _given_names() -> frozenset[str]:
    text = Path(__file__).with_name("given_names.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line[:1] != "#")
    return frozenset(word for line in lines for word in line.split())


def _not_a_colour(value: str) -> bool:
    """Refuse `black`, `white` alone: they are mostly colours of things."""
    return value.casefold() not in _COLOURS


def _marital(value: str) -> bool:
    """Refuse `single` alone and the name Marie, which stand for much else."""
    return value.casefold() not in _MARITAL


_OWN: Final[Mapping[str, Validator]] = {
    "email": _email,
    "phone": _phone,
    "local_phone": _local_phone,
    "ip": _is_ip,
    "mac": _mac,
    "coordinates": _coordinates,
    "card": _card,
    "bitcoin": _bitcoin,
    "secret": _secret,
    "person_name": _person_name,
    "given_name": _given_name,
    "ethnicity": _not_a_colour,
    "marital": _marital,
}
