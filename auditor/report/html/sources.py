"""What a report was made from, with digests: enough to make it again, byte for byte."""

from collections.abc import Iterator

from auditor.findings import utc_text
from auditor.report.html.tables import Table, cell, table
from auditor.report.story import Story

# What no run establishes; docs/what-it-cannot-see.md has all of it.
LIMITS = """\
Whether anything is lawful. It compares what is said with what is done, and law may ask for more.
What a processor does with data once it has it, or what happens behind the site's own servers.
What happens at other times, on other pages, in other browsers or countries, or to some people.
What was listed above as not looked at, left open, or stated by a person.
That somebody does not do something. It can only be contradicted by what is seen.
""".splitlines()


def judged(story: Story) -> Table:
    """Return how it was judged: by which tool and policy, as of when, with which options."""
    report = story.report
    since = f"only those of {report.waivers_from}" if report.waivers_from else ""
    facts = (
        ("Judged as of", report.as_of, "the day on which periods and waivers are counted"),
        ("Tool", f"{report.tool.name} {report.tool.version}", ""),
        ("Policy", report.policy.path, f"SHA-256 {report.policy.sha256}"),
        ("Scope", ", ".join(report.scope), ""),
        ("Fails from severity", report.fail_on.value, ""),
        ("Waivers", "applied" if report.waivers_applied else "not applied (--no-waivers)", since),
        *((f"Knowledge: {name}", value, "") for name, value in sorted(report.knowledge.items())),
    )
    rows = ((cell(name), cell(value, note)) for name, value, note in facts)
    return table("How it was judged", "What | Value", rows, "fact")


def evidence(story: Story) -> Table:
    """Return every file and visit that was judged."""
    rows = [
        (cell(digest.path), cell("file"), cell(_moment(digest.collected_at)), cell(digest.sha256))
        for digest in story.report.evidence
    ]
    for item in story.seen.items:
        for source in item.sources:
            name = f"{item.subject}{f', {source.state}' if source.state else ''}"
            moment = _moment(utc_text(source.collected_at))
            kind = cell(source.kind, source.tool, source.path)
            rows.append((cell(name), kind, cell(moment), cell(source.sha256)))
    return table("Evidence", "What | Kind | Collected | SHA-256", rows, "source", wide=3)


def limits(story: Story) -> Iterator[str]:
    """Yield what the report does not establish."""
    yield from LIMITS
    if not story.report.waivers_applied:
        yield "What is accepted for a time: waivers were not applied in this run."


def _moment(text: str) -> str:
    return text.replace("T", " ").replace("Z", " UTC")
