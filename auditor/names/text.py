"""Text that comes from pages and may be anything."""


def whole(text: str) -> str:
    """Return a text that can be written: half a surrogate pair becomes U+FFFD (Unicode §3.9)."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
