"""The frames of a page, as the DevTools protocol tells of them."""

from typing import Any


def frames_of(tree: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the frames of a `Page.FrameTree`, the page's own first, then level by level."""
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop(0)
        found.append(node["frame"])
        waiting += node.get("childFrames", ())
    return found
