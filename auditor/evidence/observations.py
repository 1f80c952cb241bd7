"""What was seen, one thing at a time, in the order in which it happened.

No personal values: names are templated and URLs reduced to their shape before they get here
(`auditor.names`), values are kept as length and likeness only.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from auditor.evidence.gaps import State

# As long as a name in the DNS can be (RFC 1035): what walks up its labels stays cheap.
Host = Annotated[str, Meta(max_length=253)]


class ValueShape(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """All that is kept of a value: its length, and whether it could single out a visitor."""

    length: int
    identifier: bool = False


class Observation(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False
):
    """One thing seen: on which page, in which state, when, and written or caused by whom.

    `page`, `frame` and `by` are URL shapes ("" where unknown), `state` is None where the evidence
    does not say, `t` is milliseconds since the recording began.
    """

    page: str = ""
    state: State | None = None
    frame: str = ""
    t: int | None = None
    by: str = ""


class PageLoaded(Observation, frozen=True, kw_only=True, tag="page_loaded", tag_field="kind"):
    """A page was opened; `links` are its link targets, None where its markup was not kept."""

    url: str
    status: int
    links: tuple[str, ...] | None = None


class RequestSent(Observation, frozen=True, kw_only=True, tag="request_sent", tag_field="kind"):
    """The browser talked to a host. `failed` names the network's error, if there was one."""

    url: str
    host: Host
    method: str = "GET"
    resource: str = ""  # document, script, image, beacon, websocket ... as the browser says
    status: int | None = None
    failed: str = ""
    redirected_from: str = ""


class CookieSet(Observation, frozen=True, kw_only=True, tag="cookie_set", tag_field="kind"):
    """A cookie was asked for, by a response or a script, whether or not the browser took it.

    `lifetime` is the requested one in seconds, None for the session. It is `capped` where only
    what a browser kept was seen, and that is as long as it keeps any (400 days, RFC 6265bis §5.5):
    at least so much was asked for. `writer` is the host of the response or script, "" where it is
    not known; `refused` says why a browser would not store it (RFC 6265bis §5.7).
    """

    name: str
    domain: Host
    writer: Host
    host_only: bool = False
    path: str = "/"
    lifetime: int | None = None
    capped: bool = False
    deleted: bool = False
    secure: bool = False
    http_only: bool = False
    same_site: str = ""
    partitioned: bool = False
    over_tls: bool = True
    refused: str = ""
    value: ValueShape = ValueShape(length=0)

    @property
    def is_kept(self) -> bool:
        """Return whether it leaves something on the device."""
        return not (self.deleted or self.refused)


class CookieSent(Observation, frozen=True, kw_only=True, tag="cookie_sent", tag_field="kind"):
    """A cookie travelled to a host; who set it, and for how long, is not said."""

    name: str
    host: Host
    over_tls: bool = True
    value: ValueShape = ValueShape(length=0)

    @property
    def is_kept(self) -> bool:
        """Return whether it was on the device: what travels was."""
        return True


StorageKind = Literal[
    "local_storage", "session_storage", "indexed_db", "cache_storage", "service_worker"
]


class StorageKept(Observation, frozen=True, kw_only=True, tag="storage_kept", tag_field="kind"):
    """Something is kept on the device beside cookies: written by a script, or found there.

    `name` is a key, a database, a cache or a worker's scope; `host` is that of the origin whose
    storage it is; `writer` is the host of the script, "" where it is not known. `removed`: taken
    away again, which does not undo that it was there.
    """

    storage: StorageKind
    name: str
    host: Host
    writer: Host = ""
    removed: bool = False
    value: ValueShape = ValueShape(length=0)


class FormSeen(Observation, frozen=True, kw_only=True, tag="form_seen", tag_field="kind"):
    """A page asks for something: `fields` are kinds and names of fields, never their content."""

    action: str
    method: str = "GET"
    fields: tuple[str, ...] = ()


class SecretFound(Observation, frozen=True, kw_only=True, tag="secret_found", tag_field="kind"):
    """What everybody who opens the page is given holds a key that is meant to be secret.

    `secret` names the kind of key, `url` is the shape of the document or script that holds it.
    """

    secret: str
    url: str
    host: Host


class BannerSeen(Observation, frozen=True, kw_only=True, tag="banner_seen", tag_field="kind"):
    """A page asks for consent. `platform` is who makes the banner, "" where that is not known.

    `accept` and `reject` are the clicks from the first layer on, None where no way was found.
    `preticked` are the labels of purposes that are already chosen, `how` found the banner.
    """

    platform: str = ""
    accept: int | None = None
    reject: int | None = None
    preticked: tuple[str, ...] = ()
    how: str = ""


class ChoiceMade(Observation, frozen=True, kw_only=True, tag="choice_made", tag_field="kind"):
    """A choice was made in the banner, for the state of this observation.

    `verified`: the banner is gone and something independent says so (`signals`); `claimed`: only
    the banner is gone; `failed`: it could not be made. `how` is policy, autoconsent or finder.
    """

    outcome: Literal["verified", "claimed", "failed"]
    how: str = ""
    clicks: int = 0
    signals: tuple[str, ...] = ()


SiteObservation = (
    PageLoaded
    | RequestSent
    | CookieSet
    | CookieSent
    | StorageKept
    | FormSeen
    | SecretFound
    | BannerSeen
    | ChoiceMade
)
