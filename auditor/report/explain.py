"""What a check is for, what it looks at and what to do: `audit explain`, and docs/checks/."""

from auditor.check import Check
from auditor.evidence import FieldSeen, PolicyChange, SettingSeen, SiteObservation, TableSeen
from auditor.example import Example
from auditor.sighting import sighting
from auditor.vocabulary import REFERENCES

LOOKS_AT = {
    "accounts": "each account",
    "notice": "each notice",
    "policy": "policy.yaml itself",
    "site": "each site",
    "stores": "each store",
}


def looks_at(check: Check) -> str:  # type: ignore[type-arg]
    """Return what a check is run on, in words."""
    return " and ".join(LOOKS_AT.get(scope, scope) for scope in check.scopes)


def explain(check: Check) -> str:  # type: ignore[type-arg]
    """Return the check's page as Markdown: five fixed parts."""
    return "\n".join(
        [
            f"# {check.id}",
            "",
            f"**{check.title}.** Looks at {looks_at(check)}"
            + (f": {', '.join(sorted(check.looks_at))}." if check.looks_at else "."),
            "",
            "## What to do when it fails",
            "",
            check.advice,
            "",
            "## Why it matters",
            "",
            *(f"- {_reference(key)}" for key in check.references),
            "",
            "## This passes",
            "",
            *_example(check.passing),
            "## This does not",
            "",
            *_example(check.failing),
        ]
    )


def _reference(key: str) -> str:
    known = REFERENCES.get(key)
    if known is None:
        return f"`{key}`"
    return f"[{known.title}]({known.url}) (`{key}`)" if known.url else f"{known.title} (`{key}`)"


def _example(example: Example) -> list[str]:
    lines = ["```yaml", example.policy.strip() or "# nothing beyond a site", "```", ""]
    held = (TableSeen, SettingSeen)
    sites = [_seen(item) for item in example.seen if not isinstance(item, held)]
    settings = [_set(item) for item in example.seen if isinstance(item, SettingSeen)]
    tables = [_held(item) for item in example.seen if isinstance(item, TableSeen)]
    rights = [", ".join(example.can_write)] if example.can_write else []
    changed = _changed(example.changed) if example.changed else []
    for where, seen in (
        ("Seen on the site", sites),
        ("Seen in its tables", tables),
        ("How it is set", settings),
        ("What the credential could change", rights),
        ("What changed", changed),
    ):
        if seen:
            lines += [f"{where}:", "", *(f"- {item}" for item in seen), ""]
    return lines


def _changed(change: PolicyChange) -> list[str]:
    """Return what a policy says otherwise, and whether each notice does."""
    words = {True: "changed", False: "did not change", None: "changed or not: nobody can tell"}
    said = [f"{c.title}: {c.what} {c.before or 'nothing'} -> {c.after}" for c in change.changes]
    return [*said, *(f"the notice `{n.notice}` {words[n.changed]}" for n in change.notices)]


def _held(table: TableSeen) -> str:
    """Return what is in a table: fields with what was found in them, dates, consent."""
    parts = [*map(_field, table.fields)]
    for ages in table.ages:
        days = [f"{number} of {day}" for day, number in sorted(ages.days.items())]
        undated = [f"{ages.undated} without a date"] if ages.undated else []
        parts.append(f"records by {ages.anchor}: {', '.join((*days, *undated))}")
    for counted in table.consents:
        told = f"{counted.audience} in the audience of {counted.activity}"
        parts.append(f"{told}, {counted.without} without consent")
    return f"`{table.name}`: {'; '.join(parts) or f'{table.rows} records'}"


def _set(setting: SettingSeen) -> str:
    facts = (setting.period, setting.category, setting.to)
    told = next(filter(None, facts), "")
    return f"`{setting.name}` = `{setting.value}`{f': {told}' if told else ''}"


def _field(field: FieldSeen) -> str:
    found = ", ".join(found.category for found in field.found)
    return f"`{field.name}`" + (f" holds {found}" if found else "")


def _seen(item: SiteObservation) -> str:
    told = sighting(item)
    name = f"`{item.name}`, " if hasattr(item, "name") else ""
    by = f" by {told.by}" if told.by else ""
    links = ""
    if hasattr(item, "links") and item.links is not None:
        links = f", links to {', '.join(item.links) or 'nothing'}"
    state = f" ({told.state})" if told.state else ""
    return f"{name}on {told.page}{state}: {told.detail}{by}{links}"
