"""What became of each finding since an older report, in lines."""

from collections.abc import Iterable, Iterator

from auditor.findings import Compared, Comparison
from auditor.report.parts import Line, Part


def comparison_parts(comparison: Comparison) -> Iterator[Part]:
    """Yield what is new, fixed, accepted, and what nobody looked at; the unchanged as a count."""
    yield Part(title="compared with the older report", lines=(_counts(comparison),))
    for title, mark, found in (
        ("new", "+", comparison.new),
        ("fixed", "-", comparison.fixed),
        ("newly waived", "~", comparison.waived),
        ("no longer looked at, so not known to be fixed", "?", comparison.not_looked_at),
    ):
        if found:
            yield Part(title=title, lines=tuple(_lines(mark, found)))
    if comparison.incomplete:
        lines = (
            Line(mark="?", name=one.subject, values=(f"{one.check}: {one.why}",))
            for one in comparison.incomplete
        )
        yield Part(
            title="checks that looked at all of it before, and now did not", lines=(*lines,)
        )


def comparison_summary(comparison: Comparison) -> str:
    """Return the counts in one line: `2 new, 1 fixed, 7 unchanged`."""
    counts = (
        (len(comparison.new), "new"),
        (len(comparison.fixed), "fixed"),
        (len(comparison.unchanged), "unchanged"),
        (len(comparison.waived), "newly waived"),
        (len(comparison.not_looked_at), "no longer looked at"),
    )
    always = {"new", "fixed", "unchanged"}
    return ", ".join(f"{number} {word}" for number, word in counts if number or word in always)


def _counts(comparison: Comparison) -> Line:
    verdicts = [verdict.value for verdict in comparison.verdict]
    days = " -> ".join(dict.fromkeys(comparison.as_of))
    verdict = f"verdict {' -> '.join(dict.fromkeys(verdicts))}"
    return Line(
        mark="=", words=comparison_summary(comparison), values=(f"{verdict}, as of {days}",)
    )


def _lines(mark: str, found: Iterable[Compared]) -> Iterator[Line]:
    for one in found:
        said = f"{one.fingerprint[:8]} {one.check}: {one.message}"
        why = f" ({one.why})" if one.why else ""
        yield Line(mark=mark, words=one.severity, name=one.object, values=(said + why,))
