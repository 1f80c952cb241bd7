"""The accounts of a Firebase project or of one of its tenants, page by page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Part
from auditor.collect.accounts.counting import FieldCount
from auditor.collect.ages import AgeCount
from auditor.collect.people import PeopleCount
from auditor.collect.refused import RefusedError
from auditor.evidence import Gap, Reason, TableSeen

PAGE: Final = 1000
_LONGEST: Final = 18  # digits of a number

_KNOWN: Final = {
    "email": "user.contact.email",
    "initialEmail": "user.contact.email",
    "phoneNumber": "user.contact.phone_number",
    "displayName": "user.name",
    "screenName": "user.account.username",
    "photoUrl": "user.content.self_image",
    "providerUserInfo": "user.unique_id",
    "dateOfBirth": "user.demographic.date_of_birth",
    "language": "user.demographic.language",
    "timeZone": "user.location.imprecise",
    "mfaInfo": "user.authorization",
    "disabled": "",
}


class _User(Struct, frozen=True, rename="camel"):
    local_id: str
    email: str | None = None
    initial_email: str | None = None
    phone_number: str | None = None
    display_name: str | None = None
    screen_name: str | None = None
    photo_url: str | None = None
    date_of_birth: str | None = None
    language: str | None = None
    time_zone: str | None = None
    custom_attributes: str | None = None
    provider_user_info: list[dict[str, object]] = []
    mfa_info: list[dict[str, object]] = []
    disabled: bool = False
    created_at: str | None = None
    last_login_at: str | None = None
    last_refresh_at: str | None = None


class Users(Struct, frozen=True, rename="camel"):
    """A page of accounts, or those that were looked up."""

    users: list[_User] = []
    next_page_token: str = ""


class _Counted(Struct, frozen=True, rename="camel"):
    records_count: str


def people(asking: Asking, place: str, name: str) -> Iterator[Part]:
    """Yield the table of the accounts in one place, and a gap where Firebase counts more."""
    fields = FieldCount(name, _KNOWN)
    created = AgeCount("created", "createdAt")
    login = AgeCount("last_login", "lastLoginAt")
    used = AgeCount("last_used", "the latest of lastLoginAt, lastRefreshAt and createdAt")
    mails = PeopleCount(asking.key, "email", "email")
    ids = PeopleCount(asking.key, "localId", "id")
    for user in _listed(asking, place):
        moments = (_ms(user.created_at), _ms(user.last_login_at), _text(user.last_refresh_at))
        fields.add(_record(user))
        created.add(moments[0])
        login.add(moments[1])
        used.add(max((moment for moment in moments if moment), default=None))
        mails.add(user.email or "")
        ids.add(user.local_id)
    seen = fields.fields()
    yield from fields.gaps
    yield TableSeen(
        name=name,
        kind="collection",
        rows=fields.rows,
        fields=seen,
        ages=(created.ages(), login.ages(), used.ages()),
        subjects=(*mails.seen(), *ids.seen()),
    )
    question = {"returnUserInfo": False}
    counted = asking.api.ask(f"{place}/accounts:query", _Counted, question)
    number = _number(counted.records_count)
    if fields.rows < number:
        needs = f"all {number:,} accounts: {fields.rows:,} were listed"
        yield Gap(what=name, reason=Reason.NOT_VERIFIED, needs=needs)


def _listed(asking: Asking, place: str) -> Iterator[_User]:
    """Yield every account: a full last page names another, which is empty."""

    def fetch(token: str) -> tuple[Users, str]:
        asked = {"maxResults": str(PAGE)} | ({"nextPageToken": token} if token else {})
        page = asking.api.get(f"{place}/accounts:batchGet", Users, asked)
        return page, page.next_page_token

    for page in asking.api.pages(fetch):
        yield from page.users


def _record(user: _User) -> dict[str, object]:
    return {
        "email": user.email,
        "initialEmail": user.initial_email,
        "phoneNumber": user.phone_number,
        "displayName": user.display_name,
        "screenName": user.screen_name,
        "photoUrl": user.photo_url,
        "dateOfBirth": user.date_of_birth,
        "language": user.language,
        "timeZone": user.time_zone,
        "customAttributes": user.custom_attributes,
        "providerUserInfo": user.provider_user_info,
        "mfaInfo": user.mfa_info,
        "disabled": user.disabled or None,
    }


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > _LONGEST:
        raise RefusedError(Reason.NOT_VERIFIED, "a number of accounts to compare with")
    return int(text)


def _ms(text: str | None) -> datetime | None:
    """Return a moment that Google writes as milliseconds since 1970, in a text."""
    if not text or text == "0":
        return None
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.min.replace(tzinfo=UTC)  # counted as unreadable


def _text(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None  # the two other dates are there
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
