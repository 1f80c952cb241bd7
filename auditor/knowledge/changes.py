"""What another release of open data says otherwise: for the eyes of whoever updates them."""

from auditor.knowledge.open_data import OpenData

_UNKNOWN = "unknown"


def changes(was: OpenData | None, now: OpenData) -> tuple[str, ...]:
    """Return a line for each host and name that is said to be somebody else's than before."""
    before, after = _said(was) if was else {}, _said(now)
    return tuple(
        f"{key}: {before.get(key, _UNKNOWN)} -> {after.get(key, _UNKNOWN)}"
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    )


def _said(data: OpenData) -> dict[str, str]:
    found = {f"host {host}": {data.owners[at].called} for host, at in data.alone.items()}
    found |= {f"host *.{host}": {data.owners[at].called} for host, at in data.below.items()}
    for names in (data.short, *data.exact.values(), *data.begins.values()):
        for one in names:
            found.setdefault(f"name {one.name}", set()).add(data.owners[one.owner].called)
    return {key: " or ".join(sorted(called)) for key, called in found.items()}
