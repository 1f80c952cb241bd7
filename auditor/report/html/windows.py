"""What visitors were shown: the banner, and what is left of it after each choice."""

import base64
import struct

from markupsafe import Markup
from msgspec import Struct

from auditor.evidence import WindowShown
from auditor.report.story import Story
from auditor.report.words import WORDS_OF_STATE

ANIMATED = 0x02  # a flag of the extended header
WIDEST = 2000  # pixels; evidence may come from anybody, and a few bytes can claim to be a wall
PICTURE = "data:image/webp;base64,"


class Window(Struct, frozen=True, kw_only=True):
    """A picture of a window: of which page, when, how large in pixels, and its bytes as a URL."""

    site: str
    page: str
    when: str
    width: int
    height: int
    url: Markup


def windows(story: Story) -> tuple[Window, ...]:
    """Return a picture for each site and visitor state in which one was made."""
    found: dict[tuple[str, str], Window] = {}
    for site in story.seen.sites:
        for seen in site.observations:
            if not isinstance(seen, WindowShown) or not (size := size_of(seen.picture)):
                continue
            window = Window(
                site=site.site,
                page=seen.page,
                when=WORDS_OF_STATE.get(seen.state or "", "state not said"),
                width=size[0],
                height=size[1],
                url=_url(seen.picture),
            )
            found.setdefault((window.site, window.when), window)
    return tuple(found.values())


def _url(picture: bytes) -> Markup:
    data = base64.b64encode(picture).decode()
    return Markup(PICTURE + data)  # noqa: S704 -- nothing but letters, digits, "+", "/" and "="


def size_of(picture: bytes) -> tuple[int, int] | None:
    """Return width and height, None of what is no lossy WebP or is wider than any window.

    RFC 9649: a container, then a frame of VP8 (its size is in RFC 6386, section 9.1), or an
    extended header, of which those with an animation are refused.
    """
    head = picture[:30].ljust(30, b"\0")
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    if head[12:16] == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", head[26:30]))
    elif head[12:16] == b"VP8X" and not head[20] & ANIMATED:
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
    else:
        return None
    return (width, height) if 0 < width <= WIDEST and 0 < height <= WIDEST else None
