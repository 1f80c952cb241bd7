"""What was seen, one thing at a time, in the order in which it happened.

No personal values: names are templated and URLs reduced to their shape before they get here
(`auditor.names`), values are kept as length and likeness only.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from auditor.evidence.gaps import State

# As long as a name in the DNS can be (RFC 1035): what walks up its labels stays cheap.
Host = Annotated[str, Meta(max_length=253)]
MOST_PICTURE = 200_000  # bytes


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


class DeviceRead(Observation, frozen=True, kw_only=True, tag="device_read", tag_field="kind"):
    """A script read what tells one device from another, without keeping anything there.

    `what` is canvas, webgl, audio, fonts, webrtc and so on; `writer` the host of the script;
    `signs` are the published criteria that were met, () where it read and met none of them.
    """

    what: str
    host: Host
    writer: Host = ""
    signs: tuple[str, ...] = ()


class InputHeard(Observation, frozen=True, kw_only=True, tag="input_heard", tag_field="kind"):
    """A script follows what visitors do on the page: `signs` say by what that was recognised.

    `writer` is the host of the script, `sent_to` the hosts that were told.
    """

    writer: Host
    signs: tuple[str, ...]
    sent_to: tuple[Host, ...] = ()


class FormTyped(Observation, frozen=True, kw_only=True, tag="form_typed", tag_field="kind"):
    """Synthetic personal data was typed into a page, never sent off by us.

    `typed` are the kinds of data (`email`, `phone`), `left` the fields that were left alone.
    """

    typed: tuple[str, ...]
    left: tuple[str, ...] = ()


class LeakSeen(Observation, frozen=True, kw_only=True, tag="leak_seen", tag_field="kind"):
    """What was typed, or is kept of a login, was found again where it went.

    `data` is the kind of data, `category` its key in the vocabulary. `place` is url, header, body,
    websocket, cookie, local_storage and so on; `name` is that of the header, cookie or key.
    `encoding` tells from the outside in how it was wrapped (`base64`, `sha256`), () for plain.
    `moment`: while it was typed, when the field or the page was left, or when it was sent off.
    """

    data: str
    category: str
    host: Host
    place: str
    name: str = ""
    encoding: tuple[str, ...] = ()
    moment: Literal["typed", "left", "sent"] = "typed"


class TagsListed(Observation, frozen=True, kw_only=True, tag="tags_listed", tag_field="kind"):
    """A tag manager's container says what it may load, whether or not it did.

    `container` is its public id, `tags` the kinds of tags in it by the manager's own names,
    `hosts` those that its custom code names.
    """

    container: str
    url: str
    tags: tuple[str, ...] = ()
    hosts: tuple[Host, ...] = ()


class StepTaken(Observation, frozen=True, kw_only=True, tag="step_taken", tag_field="kind"):
    """A step of a recorded journey was replayed; `does` is the recording's word: click, change.

    `journey` is the file's name, `step` counts from 1. What follows it in the evidence, up to the
    next step, is what came of it.
    """

    journey: str
    step: int
    does: str


class WindowShown(Observation, frozen=True, kw_only=True, tag="window_shown", tag_field="kind"):
    """What somebody sees who meets the banner, or has chosen: the window, as a picture.

    Only of pages that are open to everybody. `picture` is lossy WebP (RFC 9649), base64 in JSON.
    """

    picture: Annotated[bytes, Meta(max_length=MOST_PICTURE)]


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
    | DeviceRead
    | InputHeard
    | FormTyped
    | LeakSeen
    | TagsListed
    | StepTaken
    | WindowShown
)
