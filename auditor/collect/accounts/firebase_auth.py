"""Firebase Authentication: who has an account, and when it was last used.

A thousand accounts take one request; each project and tenant takes one more to count them, and
three ask how they are kept. Last use is the latest of three dates: a token that is refreshed moves
only `lastRefreshAt`, and who has never signed in has no `lastLoginAt`. Hashes of passwords are
never decoded.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Connector, Part, Question, Trace, Wanted
from auditor.collect.accounts.firebase_users import PAGE, Users, people
from auditor.collect.accounts.google_list import listed
from auditor.collect.credentials import google
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Service, segment
from auditor.evidence import Aspect, Gap, Reason, SettingSeen

__all__ = ["FIREBASE_AUTH", "HOST", "PAGE", "SCOPE"]

HOST: Final = "https://identitytoolkit.googleapis.com"
SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"  # how accounts are kept takes it
_ANONYMOUS: Final = "P30D"  # after which anonymous users go, where that is switched on

_KEYS: Final = {"email": "email", "id": "localId", "phone": "phoneNumber"}


class _Tenancy(Struct, frozen=True, rename="camel"):
    allow_tenants: bool = False


class _Config(Struct, frozen=True, rename="camel"):
    autodelete_anonymous_users: bool = False
    multi_tenant: _Tenancy = _Tenancy()


class _Tenant(Struct, frozen=True):
    name: str


def _project(asking: Asking) -> str:
    """Return the path of the project, below the version of an interface."""
    if not asking.account.project:
        raise RefusedError(Reason.UNDECIDED, "`project`: the id of the Firebase project")
    return f"projects/{segment(asking.account.project)}"


def _config(asking: Asking) -> _Config:
    return asking.api.get(f"{HOST}/v2/{_project(asking)}/config", _Config)


def _accounts(asking: Asking) -> Iterator[Part]:
    """Yield the accounts of the project, and of each of its tenants."""
    yield from people(asking, f"{HOST}/v1/{_project(asking)}", "accounts")
    try:
        tenants = list(_tenants(asking))
    except RefusedError as error:
        needs = f"to know whether there are tenants: {error.needs}"
        yield Gap(what="accounts of tenants", reason=error.reason, needs=needs)
        return
    for number, place in enumerate(tenants, 1):
        yield from people(asking, place, f"accounts of tenant {number}")


def _tenants(asking: Asking) -> Iterator[str]:
    """Yield the place of each tenant: the project's own list does not show their accounts."""
    if not _config(asking).multi_tenant.allow_tenants:
        return
    place = f"{HOST}/v2/{_project(asking)}/tenants"
    for tenant in listed(asking.api, place, "tenants", _Tenant, {"pageSize": PAGE}):
        own = tenant.name.rpartition("/")[2]
        yield f"{HOST}/v1/{_project(asking)}/tenants/{segment(own)}"


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
    """Look a person up by what is known of them; one request for each key in each tenant."""
    number = _held(asking, f"{HOST}/v1/{_project(asking)}", wanted)
    try:
        number += sum(_held(asking, place, wanted) for place in _tenants(asking))
    except RefusedError:
        if number:
            yield Trace(place="accounts", number=number, at_least=True)
        raise
    yield Trace(place="accounts", number=number)


def _held(asking: Asking, place: str, wanted: Wanted) -> int:
    """Return how many accounts in one place are the person's: the same by two keys is one."""
    found: set[str] = set()
    for kind, value in wanted.keys.items():
        asked = {_KEYS[kind]: [value.strip()]}
        users = asking.api.ask(f"{place}/accounts:lookup", Users, asked).users
        found.update(user.local_id for user in users)
    return len(found)


_VIEWER: Final = "the role Firebase Authentication Viewer (roles/firebaseauth.viewer)"

FIREBASE_AUTH: Final = Connector(
    name="firebase_auth",
    service=Service(
        name="Firebase Authentication",
        hosts=(HOST,),
        reads=(r"/v1/projects/[^/]+(/tenants/[^/]+)?/accounts:(query|lookup)",),
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
    headers=google(SCOPE),
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
