"""Patterns in which only `*` is special: any characters, also none (contract, meaning 1)."""

_LEAST = 3  # characters beside the `*`: fewer would cover nearly everything


def matches(pattern: str, name: str) -> bool:
    """Return whether the whole name fits the pattern; upper and lower case differ.

    The parts between the stars are looked for from the left, each once. So nothing is ever tried
    again, and a hostile pattern or name costs no more than a few passes over the name.
    """
    first, *others = pattern.split("*")
    if not others:
        return pattern == name
    *middle, last = others
    start, end = len(first), len(name) - len(last)
    if start > end or not (name.startswith(first) and name.endswith(last)):
        return False
    for part in middle:
        found = name.find(part, start, end)
        if found < 0:
            return False
        start = found + len(part)
    return True


def check_pattern(pattern: str) -> None:
    """Raise ValueError unless this is a name, or a `*` beside three other characters or more."""
    if not pattern:
        raise ValueError("a name is empty; write the name, or a pattern such as _ga_*")
    if "*" in pattern and len(pattern) - pattern.count("*") < _LEAST:
        raise ValueError(
            f'"{pattern[:20]}" covers nearly everything; '
            f"write at least {_LEAST} characters beside the *, as in _ga_*"
        )
