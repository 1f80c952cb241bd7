"""Slack: members, channels and files, how old they are, and how long channels are set to keep.

Members take 5 requests a thousand; each channel one for each promised period, since Slack only
says whether anything is older; files one for each period. What the token's app has not joined it
does not see.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeVar

from msgspec import Struct

from auditor.collect.accounts.connector import (
    Asking,
    CanWrite,
    Connector,
    Part,
    Question,
    Trace,
    Wanted,
)
from auditor.collect.accounts.counting import FieldCount, known_field, older_than
from auditor.collect.ages import AgeCount
from auditor.collect.credentials import bearer
from auditor.collect.people import PeopleCount
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Params, Service, decoded
from auditor.evidence import Aspect, Gap, Reason, SettingSeen, TableSeen

HOST: Final = "https://slack.com"
API: Final = f"{HOST}/api"
PAGE: Final = 200
FREE: Final = "free"
_PAID: Final = frozenset({"std", "plus", "compliance", "enterprise"})  # of team.billing.info
_SCOPES: Final = re.compile(r"[a-z][a-z.:_-]{0,40}(?:, ?[a-z][a-z.:_-]{0,40}){0,5}")

_REASONS: Final = {
    "not_authed": Reason.NO_CREDENTIAL,
    "invalid_auth": Reason.NO_CREDENTIAL,
    "account_inactive": Reason.NO_CREDENTIAL,
    "token_revoked": Reason.NO_CREDENTIAL,
    "token_expired": Reason.NO_CREDENTIAL,
    "ratelimited": Reason.RATE_LIMITED,
    "missing_scope": Reason.FORBIDDEN,
    "no_permission": Reason.FORBIDDEN,
    "access_denied": Reason.FORBIDDEN,
    "not_in_channel": Reason.FORBIDDEN,
    "not_allowed_token_type": Reason.CANNOT_BE_SHOWN,
    "feature_not_enabled": Reason.CANNOT_BE_SHOWN,
    "paid_only": Reason.CANNOT_BE_SHOWN,
    "team_not_eligible": Reason.CANNOT_BE_SHOWN,
    "not_an_admin": Reason.CANNOT_BE_SHOWN,
    "not_an_enterprise": Reason.CANNOT_BE_SHOWN,
}
_PROFILE: Final = {
    "email": "user.contact.email",
    "phone": "user.contact.phone_number",
    "real_name": "user.name",
    "display_name": "user.name",
    "title": "user.job_title",
    "image_original": "user.content.self_image",
    "skype": "user.contact",
    "tz": "user.location.imprecise",
    "name": "user.account.username",
    "pronouns": "user.demographic.gender",
}


class _More(Struct, frozen=True):
    next_cursor: str = ""


class _Said(Struct, frozen=True):
    ok: bool
    error: str = ""
    needed: str = ""
    response_metadata: _More = _More()


class _Profile(Struct, frozen=True):
    email: str | None = None
    phone: str | None = None
    real_name: str | None = None
    display_name: str | None = None
    title: str | None = None
    image_original: str | None = None
    skype: str | None = None
    pronouns: str | None = None
    status_text: str | None = None


class _Member(Struct, frozen=True):
    id: str
    deleted: bool = False
    is_bot: bool = False
    updated: int | None = None
    name: str | None = None
    tz: str | None = None
    profile: _Profile = _Profile()


class _Members(_Said, frozen=True):
    members: list[_Member] = []


class _Channel(Struct, frozen=True):
    id: str
    is_member: bool = False


class _Channels(_Said, frozen=True):
    channels: list[_Channel] = []


class _Message(Struct, frozen=True):
    ts: str = ""


class _History(_Said, frozen=True):
    messages: list[_Message] = []


class _Paging(Struct, frozen=True):
    total: int


class _Files(_Said, frozen=True, kw_only=True):
    paging: _Paging


class _Plan(_Said, frozen=True):
    plan: str = ""


class _Kept(_Said, frozen=True):
    is_policy_enabled: bool = False
    duration_days: int | None = None


S = TypeVar("S", bound=_Said)


def _ask(asking: Asking, method: str, kind: type[S], params: Params | None = None) -> S:
    """Return what a method answers: Slack says what is wrong with a status of 200."""
    answer = asking.api.answer("GET", f"{API}/{method}", params=params)
    said = decoded(answer, _Said)
    if said.ok:
        return decoded(answer, kind)
    reason = _REASONS.get(said.error, Reason.NOT_VERIFIED)
    needed = said.needed if _SCOPES.fullmatch(said.needed) else f"for {method}"
    words = {
        Reason.FORBIDDEN: f"the scope {needed}",
        Reason.NO_CREDENTIAL: "a token that Slack accepts",
        Reason.RATE_LIMITED: f"more calls of {method} a minute",
        Reason.CANNOT_BE_SHOWN: f"a plan and an admin that may call {method}; or an attestation",
    }
    raise RefusedError(reason, words.get(reason, f"an answer of {method} that says ok"))


def _listed(asking: Asking, method: str, kind: type[S], params: Params) -> Iterator[S]:
    def fetch(cursor: str) -> tuple[S, str]:
        more: Params = {"cursor": cursor} if cursor else {}
        said = _ask(asking, method, kind, {"limit": PAGE, **params, **more})
        return said, said.response_metadata.next_cursor

    yield from asking.api.pages(fetch)


def _members(asking: Asking) -> Iterator[Part]:
    """Yield those who are members, and apart from them those who no longer are."""
    here = _Crowd(asking, "members")
    gone = _Crowd(asking, "deactivated members")
    for page in _listed(asking, "users.list", _Members, {}):
        for member in page.members:
            if not member.is_bot and member.id != "USLACKBOT":
                (gone if member.deleted else here).add(member)
    for crowd in (here, gone):
        yield from crowd.parts()


class _Crowd:
    """Counts members: which fields they have filled in, and since when nothing has changed."""

    def __init__(self, asking: Asking, name: str) -> None:
        self._name = name
        self._fields = FieldCount(name, _PROFILE)
        self._ages = AgeCount("last_updated", "updated of each member: when the profile changed")
        self._people = PeopleCount(asking.key, "profile.email", "email")
        self._is_compared = asking.key is not None

    def add(self, member: _Member) -> None:
        profile = {name: getattr(member.profile, name) for name in _Profile.__struct_fields__}
        self._fields.add({**profile, "tz": member.tz, "name": member.name})
        self._ages.add_seconds(member.updated or None)
        self._people.add(member.profile.email or "")

    def parts(self) -> Iterator[Part]:
        fields = self._fields.fields()
        yield from self._fields.gaps
        mails = next((field.filled for field in fields if field.name == "email"), 0)
        if self._fields.rows and not mails:
            needs = "the scope users:read.email: no member shows an e-mail address"
            gap = Gap(
                what=f"e-mail addresses of {self._name}", reason=Reason.FORBIDDEN, needs=needs
            )
            yield gap
        elif mails < self._fields.rows and self._is_compared:
            missing = self._fields.rows - mails
            needs = f"an e-mail address of each: {missing} of {self._fields.rows} show none"
            what, aspects = f"who is in {self._name}", (Aspect.SUBJECTS,)
            yield Gap(what=what, reason=Reason.NOT_VERIFIED, needs=needs, aspects=aspects)
        yield TableSeen(
            name=self._name,
            kind="collection",
            rows=self._fields.rows,
            fields=fields,
            ages=(self._ages.ages(),),
            subjects=self._people.seen(),
        )


def _channels(asking: Asking) -> list[_Channel]:
    """Return the channels, those that the app has not joined too."""
    params: Params = {"types": "public_channel,private_channel"}
    pages = _listed(asking, "conversations.list", _Channels, params)
    return [channel for page in pages for channel in page.channels]


def _messages(asking: Asking) -> Iterator[Part]:
    """Ask each channel whether anything is older than each period; one call for each."""
    channels = _channels(asking)
    joined = [channel for channel in channels if channel.is_member]
    if missing := len(channels) - len(joined):
        needs = f"the app to be invited to {missing} of {len(channels)} channels"
        yield Gap(what=f"{missing} channels", reason=Reason.FORBIDDEN, needs=needs)
    what = "private channels without the app, and messages between members"
    needs = "an export by an owner, or an attestation: no app sees them"
    yield Gap(what=what, reason=Reason.CANNOT_BE_SHOWN, needs=needs)
    yield from _free_plan(asking)
    counts = [
        (edge, sum(_has_older(asking, channel, edge) for channel in joined))
        for edge in asking.edges
    ]
    yield TableSeen(
        name="messages",
        kind="collection",
        rows=len(joined),
        fields=(known_field("text", "user.content.private", len(joined), len(joined)),),
        ages=(
            older_than(
                "created",
                "ts of messages: each channel counts once, if it has one that is older",
                counts,
                len(joined),
                at_least=True,
            ),
        )
        if asking.edges
        else (),
    )


def _has_older(asking: Asking, channel: _Channel, edge: date) -> bool:
    """Return whether a channel has a message of a day or before; a page may be empty."""
    params: Params = {"channel": channel.id, "latest": f"{_after(edge)}.000000", "limit": 1}
    return any(
        page.messages for page in _listed(asking, "conversations.history", _History, params)
    )


def _free_plan(asking: Asking) -> Iterator[Part]:
    """Say what the plan hides: on a free one messages of 90 days are shown, a year is kept."""
    try:
        plan = _ask(asking, "team.billing.info", _Plan).plan
    except RefusedError as error:
        needs = f"the plan, which says how far back messages are shown ({error.needs})"
        yield Gap(what="older messages", reason=error.reason, needs=needs)
        return
    if plan == FREE:
        needs = "an attestation: on the free plan 90 days are shown, and more is kept"
        yield Gap(what="older messages", reason=Reason.CANNOT_BE_SHOWN, needs=needs)
    elif plan not in _PAID:
        needs = "one of the plans that Slack documents: this may be one that hides messages"
        yield Gap(what="older messages", reason=Reason.NOT_VERIFIED, needs=needs)


def _files(asking: Asking) -> Iterator[Part]:
    def count(params: Params) -> int:
        return _ask(asking, "files.list", _Files, {"count": 1, **params}).paging.total

    number = count({})
    counts = [(edge, count({"ts_to": _after(edge) - 1})) for edge in asking.edges]  # inclusive
    yield TableSeen(
        name="files",
        kind="collection",
        rows=number,
        fields=(known_field("content", "user.content.private", number, number),),
        ages=(older_than("created", "created of each file that the app sees", counts, number),)
        if asking.edges
        else (),
    )


def _kept(asking: Asking) -> Iterator[Part]:
    """Yield how long each channel keeps, where it has a rule of its own (Enterprise)."""
    for channel in _channels(asking):
        params: Params = {"channel_id": channel.id}
        kept = _ask(asking, "admin.conversations.getCustomRetention", _Kept, params)
        if kept.is_policy_enabled and kept.duration_days:
            yield SettingSeen(
                name="admin.conversations.getCustomRetention",
                value=f"{kept.duration_days} days",
                effect="deletes_after",
                of=f"channel {channel.id}",
                period=f"P{kept.duration_days}D",
            )
        elif kept.is_policy_enabled:
            what = f"how long channel {channel.id} is kept"
            needs = "a number of days: there is a rule, and it names none"
            yield Gap(what=what, reason=Reason.NOT_VERIFIED, needs=needs)


def _rights(asking: Asking) -> Iterator[Part]:
    answer = asking.api.answer("GET", f"{API}/auth.test")
    if not decoded(answer, _Said).ok:
        raise RefusedError(Reason.NO_CREDENTIAL, "a token that Slack accepts")
    scopes = [scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")]
    if not any(scopes):
        needs = "the header x-oauth-scopes, which names the token's scopes"
        raise RefusedError(Reason.NOT_VERIFIED, needs)
    for scope in scopes:
        if _writes(scope):
            yield CanWrite(what=scope[:100])


def _writes(scope: str) -> bool:
    """Return whether a scope is more than reading: `:read`, `:read.email`, `:history`.

    https://api.slack.com/scopes
    """
    is_read = scope.rpartition(":")[2].partition(".")[0] in {"read", "history", "identity"}
    return bool(scope) and not is_read and scope not in {"identify", "openid", "email", "profile"}


def _find(asking: Asking, wanted: Wanted) -> Iterator[Trace]:
    """Look a member up, who may be deactivated; what they wrote no app can list."""
    email = wanted.keys["email"].strip().casefold()
    number, people, shown = 0, 0, 0
    for page in _listed(asking, "users.list", _Members, {}):
        for member in page.members:
            people += not member.is_bot and member.id != "USLACKBOT"
            shown += bool(member.profile.email)
            number += (member.profile.email or "").casefold() == email
    if people and not shown:
        needs = "the scope users:read.email: no member shows an e-mail address"
        raise RefusedError(Reason.FORBIDDEN, needs)
    yield Trace(place="members", number=number)


def _after(edge: date) -> int:
    """Return the first moment after a day (UTC), in seconds since 1970."""
    return int(datetime.combine(edge + timedelta(days=1), time.min, UTC).timestamp())


def _question(
    what: str, permission: str, ask: Callable[[Asking], Iterator[Part]], *aspects: Aspect
) -> Question:
    return Question(what=what, permission=permission, aspects=aspects, ask=ask)


_HELD: Final = (Aspect.TABLES, Aspect.FIELDS, Aspect.AGES)

SLACK: Final = Connector(
    name="slack",
    service=Service(name="Slack", hosts=(HOST,), pause=1.2, rest=2.0),
    questions=(
        _question(
            "members",
            "the scopes users:read and users:read.email",
            _members,
            *_HELD,
            Aspect.SUBJECTS,
        ),
        _question(
            "messages",
            "the scopes channels:read, channels:history, groups:read, groups:history and"
            " team.billing:read",
            _messages,
            *_HELD,
        ),
        _question("files", "the scope files:read", _files, *_HELD),
        _question(
            "how long channels are kept",
            "an Enterprise plan and admin.conversations:read",
            _kept,
            Aspect.SETTINGS,
        ),
        _question("what the token may change", "", _rights, Aspect.PRIVILEGES),
    ),
    credential="Make an internal app of your own with the scopes that docs/accounts/slack.md"
    " names, and use its bot token (xoxb-...)",
    headers=bearer,
    cannot_show=(
        Gap(
            what="how long the workspace keeps messages and files",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="Slack's default has no interface: attest what stands in Settings, Message"
            " retention, with a picture of it",
            aspects=(Aspect.SETTINGS,),
        ),
    ),
    find=_find,
    finds_by=("email",),
)
