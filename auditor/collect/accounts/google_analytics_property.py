"""Where Google Analytics is asked, and of which property."""

from collections.abc import Iterator
from typing import Final, TypeVar

from auditor.collect.accounts import google_list
from auditor.collect.accounts.connector import Asking
from auditor.collect.refused import RefusedError
from auditor.evidence import Reason

T = TypeVar("T")

ADMIN: Final = "https://analyticsadmin.googleapis.com"
DATA: Final = "https://analyticsdata.googleapis.com"
SCOPE: Final = "https://www.googleapis.com/auth/analytics.readonly"
REPORTS: Final = r"/v1beta/properties/[0-9]+:runReport"  # a POST that only reads
_PAGE: Final = 200  # the most


def property_of(asking: Asking) -> str:
    """Return `properties/1234`; `RefusedError` where the account names none."""
    number = asking.account.property.removeprefix("properties/")
    if not (number.isascii() and number.isdecimal()):
        raise RefusedError(Reason.UNDECIDED, "`property: properties/1234` of the account")
    return f"properties/{number}"


def listed(asking: Asking, place: str, key: str, kind: type[T]) -> Iterator[T]:
    """Yield the records of a list; `key` is where a page holds them."""
    yield from google_list.listed(asking.api, place, key, kind, {"pageSize": _PAGE})
