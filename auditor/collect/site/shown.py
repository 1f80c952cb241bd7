"""What a page and its frames show, as `facts.js` reads it."""

from msgspec import Struct


class Form(Struct, frozen=True):
    """A form: where it is sent, and its fields as `type:autocomplete:name`."""

    action: str
    method: str
    fields: tuple[str, ...]


class Facts(Struct, frozen=True):
    """What a document shows (`facts.js`)."""

    url: str
    title: str
    links: tuple[str, ...]
    too_many: bool
    forms: tuple[Form, ...]
    too_many_forms: bool
    characters: int
    visible: int


class Shown(Struct, frozen=True, kw_only=True):
    """A page and its frames; `page` is None where it cannot be read, `unread` counts frames."""

    page: Facts | None = None
    frames: tuple[Facts, ...] = ()
    unread: int = 0
