"""Situations to try a check on: what policy.yaml says and what was seen, on example.org.

Each check carries one that passes and one that fails; tests and docs are made from them.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct, convert

from auditor.evidence import (
    Ages,
    BannerSeen,
    ChoiceMade,
    ConsentCounted,
    CookieSent,
    CookieSet,
    DeviceRead,
    Fact,
    FactKind,
    FieldSeen,
    FormTyped,
    Found,
    InputHeard,
    LeakSeen,
    Mention,
    NoticeEvidence,
    PageLoaded,
    PolicyChange,
    RequestSent,
    SecretFound,
    SettingSeen,
    SiteObservation,
    Source,
    State,
    StorageKept,
    TableSeen,
    TagsListed,
    ValueShape,
    WaiverUse,
)

HOST = "example.org"
HOME = f"https://{HOST}/"
SESSION_ROW = """
device_storage:
  - identifier: session
    type: cookie
    purpose: essential.service.authentication
    consent: exempt_strictly_necessary
    reason: keeps people signed in
    max_age: P1D
"""

USERS = """
processing_activities:
  - id: accounts
    data_categories: [user.name, user.contact]
    retention: {period: P12M, anchor: last_used}
stores:
  - id: app
    connector: sql
    tables:
      - name: users
        activities: [accounts]
        fields: {email: user.contact.email, last_seen: system.operations}
        anchors: {last_used: last_seen}
"""


class Example(Struct, frozen=True, kw_only=True):
    """What policy.yaml says (a site `www` at example.org is added), and what was seen there.

    Tables are those of the store or account `app`, settings those of the account, and `can_write`
    is what its credential could change.
    `aliases` are the names that a host leads to in the DNS. `told` is what the notice `privacy`
    says, `named` what source files name; for checks of waivers, `use` is what these did instead.
    `changed` is how the policy came to say this.
    """

    policy: str
    seen: tuple[SiteObservation | TableSeen | SettingSeen, ...] = ()
    can_write: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = {}
    told: NoticeEvidence | None = None
    named: tuple[Mention, ...] = ()
    use: WaiverUse | None = None
    changed: PolicyChange | None = None


def cookie(name: str, **facts: Any) -> CookieSet:  # noqa: ANN401 -- the fields of CookieSet
    """Return a careful first-party cookie, set by the home page before any choice."""
    common: dict[str, Any] = {
        "page": HOME,
        "state": State.BEFORE,
        "domain": HOST,
        "writer": HOST,
        "host_only": True,
        "secure": True,
        "http_only": True,
        "value": ValueShape(length=32, identifier=True),
    }
    return CookieSet(name=name, **{**common, **facts})


def sent(name: str, host: str = HOST, **facts: Any) -> CookieSent:  # noqa: ANN401
    """Return a cookie that travelled to a host before any choice."""
    return CookieSent(name=name, host=host, **{"page": HOME, "state": State.BEFORE, **facts})


def kept(name: str, **facts: Any) -> StorageKept:  # noqa: ANN401 -- the fields of StorageKept
    """Return a key of local storage, written by our own script before any choice."""
    common: dict[str, Any] = {
        "page": HOME,
        "state": State.BEFORE,
        "storage": "local_storage",
        "host": HOST,
        "writer": HOST,
        "value": ValueShape(length=32, identifier=True),
    }
    return StorageKept(name=name, **{**common, **facts})


def secret(kind: str, url: str = f"{HOME}app.js", **facts: Any) -> SecretFound:  # noqa: ANN401
    """Return a key of a kind that must stay secret, in a script that the home page loads."""
    host = urlsplit(url).hostname or ""
    common: dict[str, Any] = {"page": HOME, "state": State.BEFORE, "host": host}
    return SecretFound(secret=kind, url=url, **{**common, **facts})


def request(url: str, **facts: Any) -> RequestSent:  # noqa: ANN401 -- the fields of RequestSent
    """Return a request that the home page made before any choice."""
    host = urlsplit(url).hostname or ""
    common: dict[str, Any] = {"page": HOME, "state": State.BEFORE, "host": host, "status": 200}
    return RequestSent(url=url, **{**common, **facts})


def page(url: str = HOME, **facts: Any) -> PageLoaded:  # noqa: ANN401 -- the fields of PageLoaded
    """Return a page that was opened before any choice."""
    common: dict[str, Any] = {"page": url, "state": State.BEFORE, "status": 200}
    return PageLoaded(url=url, **{**common, **facts})


def banner(**facts: Any) -> BannerSeen:  # noqa: ANN401 -- the fields of BannerSeen
    """Return a fair banner on the home page: one click to agree, one to refuse."""
    common: dict[str, Any] = {"page": HOME, "state": State.BEFORE, "accept": 1, "reject": 1}
    return BannerSeen(**{**common, **facts})


def typed(*data: str, **facts: Any) -> FormTyped:  # noqa: ANN401 -- the fields of FormTyped
    """Return that somebody typed on the home page before any choice: kinds of data, or nothing."""
    return FormTyped(typed=data, **{"page": HOME, "state": State.BEFORE, **facts})


def leak(host: str, **facts: Any) -> LeakSeen:  # noqa: ANN401 -- the fields of LeakSeen
    """Return an e-mail address that went to a host while it was typed, before any choice."""
    common: dict[str, Any] = {
        "page": HOME,
        "state": State.BEFORE,
        "data": "email",
        "category": "user.contact.email",
        "place": "body",
    }
    return LeakSeen(host=host, **{**common, **facts})


def read(what: str, writer: str = HOST, **facts: Any) -> DeviceRead:  # noqa: ANN401
    """Return that a script read from the device before any choice, so that criteria are met."""
    common: dict[str, Any] = {"page": HOME, "state": State.BEFORE, "host": HOST}
    return DeviceRead(what=what, writer=writer, **{**common, "signs": ("read back",), **facts})


def hears(writer: str, *signs: str, **facts: Any) -> InputHeard:  # noqa: ANN401
    """Return that a script records a visit before any choice, and hears of these things."""
    common: dict[str, Any] = {"page": HOME, "state": State.BEFORE, "sent_to": (writer,)}
    return InputHeard(writer=writer, signs=signs, **{**common, **facts})


def container(*hosts: str, **facts: Any) -> TagsListed:  # noqa: ANN401 -- fields of TagsListed
    """Return a tag manager's container that names hosts in custom HTML."""
    url = "https://www.googletagmanager.com/gtm.js"
    common: dict[str, Any] = {"page": HOME, "state": State.BEFORE, "container": "GTM-EXAMPLE"}
    return TagsListed(url=url, hosts=hosts, tags=("custom HTML",), **{**common, **facts})


def choice(state: State, **facts: Any) -> ChoiceMade:  # noqa: ANN401 -- the fields of ChoiceMade
    """Return a choice that was made with one click, and that something else confirms."""
    common: dict[str, Any] = {"page": HOME, "outcome": "verified", "how": "policy", "clicks": 1}
    return ChoiceMade(state=state, **{**common, **facts})


def table(
    name: str,
    *parts: FieldSeen | Ages | ConsentCounted,
    rows: int = 100,
    **facts: Any,  # noqa: ANN401
) -> TableSeen:
    """Return a table of a store: its fields, the ages of its records, who consented."""
    return TableSeen(
        name=name,
        rows=rows,
        fields=tuple(part for part in parts if isinstance(part, FieldSeen)),
        ages=tuple(part for part in parts if isinstance(part, Ages)),
        consents=tuple(part for part in parts if isinstance(part, ConsentCounted)),
        **facts,
    )


def field(name: str, *found: str | Found, **facts: Any) -> FieldSeen:  # noqa: ANN401
    """Return a field of a hundred values, all looked into; each category was found in all."""
    common: dict[str, Any] = {"type": "text", "rows": 100, "filled": 100, "looked_at": 100}
    return FieldSeen(
        name=name,
        found=tuple(found_in(f) if isinstance(f, str) else f for f in found),
        **{**common, "exhaustive": True, **facts},
    )


def setting(effect: str, value: str = "on", **facts: Any) -> SettingSeen:  # noqa: ANN401
    """Return a setting of an account, such as `deletes_after` with a `period`."""
    return convert({"name": effect, "value": value, "effect": effect, **facts}, SettingSeen)


def found_in(category: str, **facts: Any) -> Found:  # noqa: ANN401 -- the fields of Found
    """Return that a hundred values are of a category, by their name and what they are."""
    common: dict[str, Any] = {"hits": 100, "looked_at": 100, "low": 1.0, "high": 1.0}
    common |= {"by_name": True, "exhaustive": True, "confidence": "high"}
    return Found(category=category, **{**common, **facts})


def fact(kind: FactKind, key: str = "", **facts: Any) -> Fact:  # noqa: ANN401 -- fields of Fact
    """Return something that a notice says beyond doubt."""
    common: dict[str, Any] = {"sentence": f"About {key or kind}.", "confidence": "high"}
    return convert({"kind": kind, "key": key, **common, **facts}, Fact)


def notice(*facts: Fact, **about: Any) -> NoticeEvidence:  # noqa: ANN401 -- its other fields
    """Return a notice in English that was read to its end, and says just this."""
    moment = datetime(2026, 1, 15, 12, tzinfo=UTC)
    common: dict[str, Any] = {
        "notice": "privacy",
        "sources": (Source(kind="notice", path="privacy.md", collected_at=moment),),
        "language": "en",
        "confidence": 1.0,
        "facts": facts,
    }
    return NoticeEvidence(**{**common, **about})


def ages(days: Mapping[str, int], anchor: str = "last_used", **facts: Any) -> Ages:  # noqa: ANN401
    """Return how many records there are for each day, such as `{"2026-01-02": 5}`."""
    counted = {date.fromisoformat(day): number for day, number in days.items()}
    undated, unreadable = facts.get("undated", 0), facts.get("unreadable", 0)
    rows = sum(counted.values()) + undated + unreadable
    return Ages(anchor=anchor, days=counted, **{"rows": rows, **facts})
