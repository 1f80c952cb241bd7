"""Who has access to an organization at GitHub, who was invited, and whose tokens are let in."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeVar

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Part, Trace, Wanted
from auditor.collect.accounts.counting import known_field
from auditor.collect.accounts.github_organization import API, PAGE, organization_of
from auditor.collect.ages import AgeCount
from auditor.collect.people import PeopleCount
from auditor.collect.refused import RefusedError
from auditor.evidence import Gap, Reason, SubjectsSeen, TableSeen

T = TypeVar("T")
_PERSON: Final = {
    "login": "user.account.username",
    "id": "user.unique_id",
    "avatar_url": "user.content.self_image",
    "email": "user.contact.email",
    "name": "user.name",
}
_INVITED: Final = {"email": "user.contact.email", "login": "user.account.username"}
_GRANTED: Final = {"login": "user.account.username", "token_name": "user.account"}


class _Person(Struct, frozen=True):
    login: str | None = None
    id: int | None = None
    avatar_url: str | None = None
    email: str | None = None
    name: str | None = None


class _Invitation(Struct, frozen=True):
    email: str | None = None
    login: str | None = None
    created_at: object = None


class _Grant(Struct, frozen=True):
    owner: _Person = _Person()
    token_name: str | None = None
    access_granted_at: object = None
    token_last_used_at: object = None


class _Membership(Struct, frozen=True):
    state: str = ""


class _Filled:
    """Counts in how many records documented fields have a value, and whom they name."""

    def __init__(self, asking: Asking, known: Mapping[str, str]) -> None:
        self.rows = 0
        self._known = known
        self._filled = dict.fromkeys(known, 0)
        self._people = {
            name: PeopleCount(asking.key, name, kind)
            for name, kind in (("email", "email"), ("login", "id"))
            if name in known
        }

    def add(self, record: Struct, **more: object) -> None:
        self.rows += 1
        for name in self._known:
            value = more.get(name) or getattr(record, name, None)
            self._filled[name] += bool(value)
            if name in self._people and isinstance(value, str):
                self._people[name].add(value)

    def table(self, name: str, *ages: AgeCount) -> TableSeen:
        subjects: list[SubjectsSeen] = []
        for people in self._people.values():
            subjects += (seen for seen in people.seen() if seen.hashes)
        return TableSeen(
            name=name,
            kind="collection",
            rows=self.rows,
            fields=tuple(
                known_field(field, category, self.rows, self._filled[field])
                for field, category in self._known.items()
            ),
            ages=tuple(one.ages() for one in ages),
            subjects=tuple(subjects),
        )


def members(asking: Asking) -> Iterator[Part]:
    """Yield the members; those that hide it are only shown to other members."""
    yield from _listed(asking, "members")
    place = f"{API}/user/memberships/orgs/{organization_of(asking)}"
    try:
        is_member = asking.api.get(place, _Membership).state == "active"
    except RefusedError:
        is_member = False
    if not is_member:
        needs = "a token of a member of the organization: others see only who shows it in public"
        yield Gap(what="members who hide that they are", reason=Reason.NOT_VERIFIED, needs=needs)


def collaborators(asking: Asking) -> Iterator[Part]:
    """Yield who has access without being a member."""
    yield from _listed(asking, "outside_collaborators")


def _listed(asking: Asking, kind: str) -> Iterator[Part]:
    seen = _Filled(asking, _PERSON)
    for person in _each(asking, kind, _Person):
        seen.add(person)
    yield seen.table(kind.replace("_", " "))


def invitations(asking: Asking) -> Iterator[Part]:
    """Yield who was invited and has not come, with the age of the invitation."""
    for kind in ("invitations", "failed_invitations"):
        seen = _Filled(asking, _INVITED)
        ages = AgeCount("created", "created_at of the invitation")
        for invitation in _each(asking, kind, _Invitation):
            seen.add(invitation)
            ages.add_text(invitation.created_at)
        yield seen.table(kind.replace("_", " "), ages)


def tokens(asking: Asking) -> Iterator[Part]:
    """Yield whose tokens may read the organization, since when, and when they last did."""
    seen = _Filled(asking, _GRANTED)
    since = AgeCount("created", "access_granted_at")
    used = AgeCount("last_used", "token_last_used_at, else access_granted_at")
    for grant in _each(asking, "personal-access-tokens", _Grant):
        seen.add(grant, login=grant.owner.login)
        since.add_text(grant.access_granted_at)
        used.add_text(grant.token_last_used_at or grant.access_granted_at)
    yield seen.table("personal access tokens", since, used)


def find(asking: Asking, wanted: Wanted) -> Iterator[Trace]:
    """Yield in how many records a person is, by e-mail address or by login (`id`)."""
    email, login = (wanted.keys.get(name, "").strip().casefold() for name in ("email", "id"))
    for kind in ("invitations", "failed_invitations"):
        people: Iterable[_Invitation | _Person] = _each(asking, kind, _Invitation)
        yield Trace(place=kind.replace("_", " "), number=_count(people, email, login))
    for kind in ("members", "outside_collaborators"):
        people = _each(asking, kind, _Person)
        yield Trace(place=kind.replace("_", " "), number=_count(people, email, login))


def _count(people: Iterable[_Invitation | _Person], email: str, login: str) -> int:
    return sum(
        bool(
            (email and (one.email or "").casefold() == email)
            or (login and (one.login or "").casefold() == login)
        )
        for one in people
    )


def _each(asking: Asking, kind: str, record: type[T]) -> Iterator[T]:
    place = f"{API}/orgs/{organization_of(asking)}/{kind}"
    for page in asking.api.linked(place, list[record], {"per_page": PAGE}):  # type: ignore[valid-type]
        yield from page
