"""Netlify: forms and what was sent through them, members, injected scripts, where data goes on.

A thousand submissions take 10 requests, and those taken for spam as many; every question takes one
more to find the site. 500 requests a minute are allowed.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, CanWrite, Connector, Part, Question
from auditor.collect.accounts.counting import known_field
from auditor.collect.accounts.netlify_forms import find, forms
from auditor.collect.accounts.netlify_site import API, HOST, PAGE, site_of
from auditor.collect.accounts.netlify_snippets import snippets
from auditor.collect.ages import AgeCount
from auditor.collect.credentials import bearer
from auditor.collect.people import PeopleCount
from auditor.collect.rest import Service, segment
from auditor.evidence import Aspect, FieldSeen, Gap, Reason, SettingSeen, TableSeen
from auditor.hosts import normalise_host
from auditor.names import template

_OF_CODE: Final = ("deploy", "split_test", "request_")  # events that no visitor is in


class _Member(Struct, frozen=True):
    id: str = ""
    email: str | None = None
    full_name: str | None = None
    avatar: str | None = None
    role: str | None = None


class _User(Struct, frozen=True):
    id: str = ""
    email: str | None = None


class _Where(Struct, frozen=True):
    url: str | None = None


class _Hook(Struct, frozen=True):
    type: str = ""
    event: str = ""
    data: _Where | None = None
    disabled: bool = False


class _Act(Struct, frozen=True):
    actor_id: str | None = None
    actor_name: str | None = None
    actor_email: str | None = None
    timestamp: object = None


class _Logged(Struct, frozen=True):
    payload: _Act = _Act()


_OF_MEMBERS: Final = {
    "email": "user.contact.email",
    "full_name": "user.name",
    "avatar": "user.content.self_image",
    "role": "user.authorization",
}
_OF_LOG: Final = {
    "actor_id": "user.unique_id",
    "actor_name": "user.name",
    "actor_email": "user.contact.email",
}


def _members(asking: Asking) -> Iterator[Part]:
    found = _team(asking)
    people = PeopleCount(asking.key, "email", "email")
    for member in found:
        people.add(member.email or "")
    yield TableSeen(
        name="team members",
        kind="collection",
        rows=len(found),
        fields=_filled(found, _OF_MEMBERS),
        subjects=people.seen(),
    )


def _team(asking: Asking) -> list[_Member]:
    place = f"{API}/{segment(site_of(asking).account_slug)}/members"
    return asking.api.get(place, list[_Member])


def _filled(records: list[_Member], known: dict[str, str]) -> tuple[FieldSeen, ...]:
    return tuple(
        known_field(name, category, len(records), sum(bool(getattr(r, name)) for r in records))
        for name, category in known.items()
    )


def _log(asking: Asking) -> Iterator[Part]:
    place = f"{API}/accounts/{segment(site_of(asking).account_id)}/audit"
    ages = AgeCount("created", "timestamp of each entry")
    people = PeopleCount(asking.key, "actor_email", "email")
    filled = dict.fromkeys(_OF_LOG, 0)
    for page in asking.api.linked(place, list[_Logged], {"per_page": PAGE}):
        for act in (entry.payload for entry in page):
            ages.add_text(act.timestamp)
            people.add(act.actor_email or "")
            for name in filled:
                filled[name] += bool(getattr(act, name))
    counted = ages.ages()
    yield TableSeen(
        name="audit log",
        kind="collection",
        rows=counted.rows,
        fields=tuple(
            known_field(name, _OF_LOG[name], counted.rows, number)
            for name, number in filled.items()
        ),
        ages=(counted,),
        subjects=people.seen(),
    )


def _hooks(asking: Asking) -> Iterator[Part]:
    params = {"site_id": site_of(asking).id}
    for number, hook in enumerate(asking.api.get(f"{API}/hooks", list[_Hook], params), 1):
        if hook.event.startswith(_OF_CODE):
            continue
        yield SettingSeen(
            name=f"hook {number}: {template(hook.type)[:100] or 'of no type'}",
            value=template(hook.event)[:100],
            effect="copies_to",
            of="submissions",
            is_on=not hook.disabled,
            to=_goes_to(hook),
        )


def _goes_to(hook: _Hook) -> str:
    """Return the host that a hook calls, else its type; the address may be a secret."""
    try:
        return normalise_host(urlsplit((hook.data and hook.data.url) or "").hostname or "")
    except ValueError:
        return "e-mail" if hook.type == "email" else template(hook.type)[:100] or "somewhere"


def _rights(asking: Asking) -> Iterator[Part]:
    own = asking.api.get(f"{API}/user", _User)
    role = next((m.role for m in _team(asking) if own.email and m.email == own.email), None)
    if not role:
        needs = "a token of a member of the team: its role says what it may change"
        yield Gap(what="what the token may change", reason=Reason.NOT_VERIFIED, needs=needs)
    elif role.casefold() != "reviewer":
        yield CanWrite(what=f"what the role {template(role)[:100]} may: tokens have no scopes")


_PERMISSION: Final = "a personal access token of a member who sees the site"

NETLIFY: Final = Connector(
    name="netlify",
    service=Service(name="Netlify", hosts=(HOST,), pause=0.12, rest=5.0),
    questions=(
        Question(
            what="forms and submissions",
            permission=_PERMISSION,
            aspects=(Aspect.TABLES, Aspect.FIELDS, Aspect.AGES, Aspect.SUBJECTS),
            ask=forms,
        ),
        Question(
            what="injected snippets",
            permission=_PERMISSION,
            aspects=(Aspect.SCRIPTS,),
            ask=snippets,
        ),
        Question(
            what="notifications of submissions",
            permission=_PERMISSION,
            aspects=(Aspect.SETTINGS,),
            ask=_hooks,
        ),
        Question(
            what="team members",
            permission=_PERMISSION,
            aspects=(Aspect.TABLES, Aspect.FIELDS, Aspect.SUBJECTS),
            ask=_members,
        ),
        Question(
            what="audit log",
            permission="a member who may read the team's audit log, on a plan that has one",
            aspects=(Aspect.TABLES, Aspect.FIELDS, Aspect.AGES, Aspect.SUBJECTS),
            ask=_log,
        ),
        Question(
            what="what the token may change",
            permission=_PERMISSION,
            aspects=(Aspect.PRIVILEGES,),
            ask=_rights,
        ),
    ),
    credential="Netlify's tokens have no scopes: a personal access token of a member of its own,"
    " with the lowest role that sees the forms",
    headers=bearer,
    cannot_show=(
        Gap(
            what="how long submissions are kept",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="Netlify has no setting for it: attest who deletes submissions, and when, with"
            " the job or calendar that does it",
            aspects=(Aspect.SETTINGS,),
        ),
        Gap(
            what="Netlify Identity, Blobs, databases and logs of visitors",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="these are stores of their own: attest that the site does not use them, or"
            " declare them",
            aspects=(Aspect.TABLES,),
        ),
    ),
    find=find,
    finds_by=("email",),
)
