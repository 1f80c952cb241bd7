"""What a check is for, what it looks at and what to do: `audit explain`, and docs/checks/."""

from auditor.check import Check
from auditor.evidence import SiteObservation
from auditor.example import Example
from auditor.sighting import sighting
from auditor.vocabulary import REFERENCES

LOOKS_AT = {"site": "each site", "policy": "policy.yaml itself"}


def explain(check: Check) -> str:  # type: ignore[type-arg]
    """Return the check's page as Markdown: five fixed parts."""
    return "\n".join(
        [
            f"# {check.id}",
            "",
            f"**{check.title}.** Looks at {LOOKS_AT.get(check.scope, check.scope)}"
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
    if example.seen:
        lines += ["Seen on the site:", "", *(f"- {_seen(item)}" for item in example.seen), ""]
    return lines


def _seen(item: SiteObservation) -> str:
    told = sighting(item)
    name = f"`{item.name}`, " if hasattr(item, "name") else ""
    by = f" by {told.by}" if told.by else ""
    links = ""
    if hasattr(item, "links") and item.links is not None:
        links = f", links to {', '.join(item.links) or 'nothing'}"
    state = f" ({told.state})" if told.state else ""
    return f"{name}on {told.page}{state}: {told.detail}{by}{links}"
