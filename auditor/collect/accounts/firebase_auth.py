"""Firebase Authentication: who has an account, and when it was last used.

A thousand accounts take one request, and three more ask how they are kept. Last use is the latest
of three dates: a token that is refreshed moves only `lastRefreshAt`, and who has never signed in
has no `lastLoginAt`. Hashes of passwords are never decoded.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Connector, Part, Question, Trace, Wanted
from auditor.collect.accounts.counting import AgeCount, FieldCount, PeopleCount
from auditor.collect.accounts.google_list import listed
from auditor.collect.credentials import google
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Params, Service, segment
from auditor.evidence import Aspect, Gap, Reason, SettingSeen, TableSeen

HOST: Final = "https://identitytoolkit.googleapis.com"
PAGE: Final = 1000
_LONGEST: Final = 18  # digits of a number
_ANONYMOUS: Final = "P30D"  # after which anonymous users go, where that is switched on

_KNOWN: Final = {
    "email": "user.contact.email",
    "phoneNumber": "user.contact.phone_number",
    "displayName": "user.name",
    "photoUrl": "user.content.self_image",
    "providerUserInfo": "user.unique_id",
    "dateOfBirth": "user.demographic.date_of_birth",
    "language": "user.demographic.language",
    "timeZone": "user.location.imprecise",
    "mfaInfo": "user.authorization",
}


class _User(Struct, frozen=True, rename="camel"):
    local_id: str
    email: str | None = None
    phone_number: str | None = None
    display_name: str | None = None
    photo_url: str | None = None
    date_of_birth: str | None = None
    language: str | None = None
    time_zone: str | None = None
    custom_attributes: str | None = None
    provider_user_info: list[dict[str, object]] = []
    mfa_info: list[dict[str, object]] = []
    created_at: str | None = None
    last_login_at: str | None = None
    last_refresh_at: str | None = None


class _Users(Struct, frozen=True, rename="camel"):
    users: list[_User] = []
    next_page_token: str = ""


class _Counted(Struct, frozen=True, rename="camel"):
    records_count: str


class _Tenancy(Struct, frozen=True, rename="camel"):
    allow_tenants: bool = False


class _Config(Struct, frozen=True, rename="camel"):
    autodelete_anonymous_users: bool = False
    multi_tenant: _Tenancy = _Tenancy()


class _Tenant(Struct, frozen=True):
    name: str


def _project(asking: Asking) -> str:
    if not asking.account.project:
        raise RefusedError(Reason.UNDECIDED, "`project`: the id of the Firebase project")
    return segment(asking.account.project)


def _config(asking: Asking) -> _Config:
    return asking.api.get(f"{HOST}/v2/projects/{_project(asking)}/config", _Config)


def _accounts(asking: Asking) -> Iterator[Part]:
    """Yield the accounts of the project, and of each of its tenants."""
    yield from _people(asking, f"{HOST}/v1/projects/{_project(asking)}", "accounts")
    try:
        has_tenants = _config(asking).multi_tenant.allow_tenants
    except RefusedError as error:
        needs = f"to know whether there are tenants: {error.needs}"
        yield Gap(what="accounts of tenants", reason=error.reason, needs=needs)
        return
    if not has_tenants:
        return
    place = f"{HOST}/v2/projects/{_project(asking)}/tenants"
    for number, tenant in enumerate(listed(asking.api, place, "tenants", _Tenant, {}), 1):
        part = segment(tenant.name.rpartition("/")[2])
        place = f"{HOST}/v1/projects/{_project(asking)}/tenants/{part}"
        yield from _people(asking, place, f"accounts of tenant {number}")


def _people(asking: Asking, place: str, name: str) -> Iterator[Part]:
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
    yield TableSeen(
        name=name,
        kind="collection",
        rows=fields.rows,
        fields=fields.fields(),
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

    def fetch(token: str) -> tuple[_Users, str]:
        more: Params = {"nextPageToken": token} if token else {}
        asked: Params = {"maxResults": PAGE, **more}
        page = asking.api.get(f"{place}/accounts:batchGet", _Users, asked)
        return page, page.next_page_token

    for page in asking.api.pages(fetch):
        yield from page.users


def _record(user: _User) -> dict[str, object]:
    return {
        "email": user.email,
        "phoneNumber": user.phone_number,
        "displayName": user.display_name,
        "photoUrl": user.photo_url,
        "dateOfBirth": user.date_of_birth,
        "language": user.language,
        "timeZone": user.time_zone,
        "customAttributes": user.custom_attributes,
        "providerUserInfo": user.provider_user_info,
        "mfaInfo": user.mfa_info,
    }


def _settings(asking: Asking) -> Iterator[Part]:
    config = _config(asking)
    if config.autodelete_anonymous_users:
        yield SettingSeen(
            name="autodeleteAnonymousUsers",
            value="true",
            effect="deletes_after",
            of="anonymous users",
            period=_ANONYMOUS,
        )


def _find(asking: Asking, wanted: Wanted) -> Iterator[Trace]:
    """Look a person up by what is known of them; one request for each kind of key."""
    place = f"{HOST}/v1/projects/{_project(asking)}/accounts:lookup"
    names = {"email": "email", "id": "localId", "phone": "phoneNumber"}
    found: set[str] = set()
    for kind, value in wanted.keys.items():
        users = asking.api.ask(place, _Users, {names[kind]: [value.strip()]}).users
        found.update(user.local_id for user in users)
    yield Trace(place="accounts", number=len(found))


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


_VIEWER: Final = "the role Firebase Authentication Viewer (roles/firebaseauth.viewer)"

FIREBASE_AUTH: Final = Connector(
    name="firebase_auth",
    service=Service(
        name="Firebase Authentication",
        hosts=(HOST,),
        reads=(r"(/identitytoolkit\.googleapis\.com)?/v1/projects/.+/accounts:(query|lookup)",),
    ),
    questions=(
        Question(
            what="accounts",
            permission=f"{_VIEWER}, with firebaseauth.users.get",
            aspects=(Aspect.TABLES, Aspect.FIELDS, Aspect.AGES, Aspect.SUBJECTS),
            ask=_accounts,
        ),
        Question(
            what="how accounts are kept",
            permission=f"{_VIEWER}, with firebaseauth.configs.get",
            aspects=(Aspect.SETTINGS,),
            ask=_settings,
        ),
    ),
    credential="Give a service account the role Firebase Authentication Viewer and no other, and"
    " put its key, or an access token, into the variable",
    headers=google("https://www.googleapis.com/auth/cloud-platform"),
    cannot_show=(
        Gap(
            what="what the credential may change",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="somebody who looks at the roles of the service account in IAM, and attests that"
            " it has roles/firebaseauth.viewer and no other",
            aspects=(Aspect.PRIVILEGES,),
        ),
    ),
    find=_find,
    finds_by=("email", "id", "phone"),
)
