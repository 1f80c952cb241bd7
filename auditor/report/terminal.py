"""The report for a developer at a terminal: verdict first, counts last.

Order (the same in every format): the verdict with what it covers, findings with their way out,
what could not be looked at, counts.
"""

from collections.abc import Callable, Iterator

from tabulate import tabulate

from auditor.findings import (
    JudgedFinding,
    Report,
    Result,
    Severity,
    Verdict,
    counts_against,
)
from auditor.report.safe import visible

BOLD, DIM, RED, YELLOW, GREEN, BLUE = "1", "2", "31", "33", "32", "34"
COLOUR_OF_VERDICT = {Verdict.FAIL: RED, Verdict.INCOMPLETE: YELLOW, Verdict.PASS: GREEN}
COLOUR_OF_SEVERITY = {
    Severity.CRITICAL: RED,
    Severity.HIGH: RED,
    Severity.MEDIUM: YELLOW,
    Severity.LOW: BLUE,
}
SIGHTINGS_SHOWN = 3
Paint = Callable[[str, str], str]
STATES = {"before": "before any choice", "reject": "after refusal", "accept": "after consent"}


def render_terminal(report: Report, *, policy_text: str, colour: bool) -> str:
    """Return the whole report as text; colours only where asked for."""
    paint = _painter(colour=colour)
    lines = policy_text.splitlines()
    parts = [
        _verdict(report, paint),
        *(
            _finding(report, result, finding, lines, paint)
            for result, finding in _findings(report)
        ),
        *_gaps(report, paint),
        *_claims(report, paint),
        _counts(report, paint),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _painter(*, colour: bool) -> Paint:
    """Return what wraps text in ANSI colours, or leaves it as it is."""
    if colour:
        return lambda code, text: f"\x1b[{code}m{text}\x1b[0m"
    return lambda _code, text: text


def _verdict(report: Report, paint: Paint) -> str:
    word = paint(f"{BOLD};{COLOUR_OF_VERDICT[report.verdict]}", report.verdict.value)
    return f"{word}  {_summary(report)}\n{paint(DIM, _looked_at(report))}"


def _summary(report: Report) -> str:
    against = report.counts.findings - report.counts.below_threshold
    name = visible(report.policy.path)
    if report.verdict is Verdict.FAIL:
        things = "1 thing does" if against == 1 else f"{against} things do"
        more = "; some of what is in scope could not be looked at" if report.incomplete else ""
        return f"{things} not match {name}{more}"
    if report.verdict is Verdict.INCOMPLETE:
        return f"nothing seen contradicts {name}, but not everything in scope could be looked at"
    return f"everything looked at matches {name}"


def _looked_at(report: Report) -> str:
    looked = [
        f"{item['subject']} ({_plural(item['page_count'], 'page')}, {'/'.join(item['states'])}, "
        f"seen {item['collected_at'][:10]})"
        for item in report.coverage["looked_at"]
    ]
    missing = report.coverage["not_looked_at"]
    text = f"looked at: {', '.join(looked) or 'nothing but the policy itself'}"
    if missing:
        text += f" · not looked at: {', '.join(missing)}"
    if report.coverage["left_out"]:
        text += f" · left out by --scope: {', '.join(report.coverage['left_out'])}"
    return visible(f"{text} · as of {report.as_of}", 2000)


def _findings(report: Report) -> Iterator[tuple[Result, JudgedFinding]]:
    """Yield what counts first, the worst on top; then what is below the threshold; waived last."""
    pairs = [(result, finding) for result in report.results for finding in result.findings]

    def order(pair: tuple[Result, JudgedFinding]) -> tuple[bool, int, str, str]:
        result, finding = pair
        return bool(finding.waived_by), -finding.severity.rank, result.check, finding.object

    yield from sorted(pairs, key=order)


def _finding(
    report: Report, result: Result, finding: JudgedFinding, lines: list[str], paint: Paint
) -> str:
    head = paint(
        f"{BOLD};{COLOUR_OF_SEVERITY[finding.severity]}", f"{finding.severity}[{result.check}]"
    )
    note = _note(report, finding)
    out = [f"{head}: {visible(finding.message)}{paint(DIM, note) if note else ''}"]
    out += _excerpt(finding, lines, paint)
    margin = " " * len(str(finding.policy.line))
    rows = [("seen", text) for text in _seen(result, finding)]
    rows += [(r.kind, visible(r.text) + _accept(r.yaml, finding)) for r in finding.remedies]
    rows.append(("why", f"audit explain {result.check} · {', '.join(result.references)}"))
    return "\n".join(
        [*out, *(f"{margin} {paint(BLUE, '=')} {kind:8}{text}" for kind, text in rows)]
    )


def _note(report: Report, finding: JudgedFinding) -> str:
    if finding.waived_by:
        return f"  (waived: {finding.waived_by})"
    return "" if counts_against(finding, report.fail_on) else "  (below threshold)"


def _accept(yaml: str, finding: JudgedFinding) -> str:
    return f"   (audit accept {finding.fingerprint[:8]})" if yaml else ""


def _excerpt(finding: JudgedFinding, lines: list[str], paint: Paint) -> list[str]:
    """Show the line of policy.yaml that is contradicted, underlined from its column."""
    place = finding.policy
    number = str(place.line)
    margin = " " * len(number)
    out = [f"{margin}{paint(BLUE, '-->')} {visible(place.path)}:{place.line}:{place.column}"]
    if 0 < place.line <= len(lines):
        line = visible(lines[place.line - 1], 120)
        marks = "^" * max(1, len(line.rstrip()) - place.column + 1)
        bar = paint(BLUE, "|")
        out += [
            f"{margin} {bar}",
            f"{paint(BLUE, number)} {bar} {line}",
            f"{margin} {bar} {' ' * (place.column - 1)}{paint(YELLOW, marks)}",
        ]
    return out


def _seen(result: Result, finding: JudgedFinding) -> Iterator[str]:
    for seen in finding.seen[:SIGHTINGS_SHOWN]:
        parts = (
            visible(seen.page) or result.subject,
            STATES.get(seen.state, seen.state),
            f"by {visible(seen.by)}" if seen.by else "",
            visible(seen.detail),
        )
        yield " · ".join(filter(None, parts))
    if len(finding.seen) > SIGHTINGS_SHOWN:
        yield f"and {len(finding.seen) - SIGHTINGS_SHOWN} times more (--format json lists them)"


def _gaps(report: Report, paint: Paint) -> Iterator[str]:
    """List each gap once, with the checks that it leaves open."""
    open_checks: dict[tuple[str, str, str, str, str], list[str]] = {}
    for result in report.results:
        for gap in result.gaps:
            key = (result.subject, gap.what, gap.reason.value, gap.needs, gap.attested_by or "")
            open_checks.setdefault(key, []).append(result.check)
    for (subject, what, reason, needs, attested), checks in sorted(open_checks.items()):
        word = paint(DIM, "attested") if attested else paint(f"{BOLD};{YELLOW}", "gap")
        name = what if what.startswith(subject) or subject == "policy" else f"{subject}, {what}"
        note = f" (stated in {attested}, not observed)" if attested else ""
        yield (
            f"{word}  {visible(name)}: {reason.replace('_', ' ')}{note}\n"
            f"     needs  {visible(needs)}\n"
            f"     {paint(DIM, 'leaves open  ' + ', '.join(sorted(set(checks))))}"
        )


def _claims(report: Report, paint: Paint) -> Iterator[str]:
    claims = report.coverage["claims"]
    if claims:
        rows = [(visible(name), standing) for name, standing in claims.items()]
        table = tabulate(rows, tablefmt="plain", disable_numparse=True)
        yield f"{paint(BOLD, 'what the notice claims')}\n{_indented(table)}"


def _counts(report: Report, paint: Paint) -> str:
    counts = report.counts
    severities = [f.severity for r in report.results for f in r.findings if f.waived_by is None]
    each = [f"{severities.count(s)} {s}" for s in reversed(Severity) if s in severities]
    waived = _waivers(report)
    parts = [
        _plural(counts.findings, "finding") + (f" ({', '.join(each)})" if each else ""),
        f"{counts.passed} checks pass",
        f"{counts.error} incomplete" if counts.error else "",
        f"{counts.attested} attested" if counts.attested else "",
        f"{counts.waived} waived ({waived})" if counts.waived else "",
        f"{counts.not_applicable} not applicable" if counts.not_applicable else "",
        f"{counts.not_checked} not checked" if counts.not_checked else "",
        "waivers not applied" if not report.waivers_applied else "",
    ]
    return paint(BOLD, " · ".join(filter(None, parts)))


def _waivers(report: Report) -> str:
    used = {f.waived_by for r in report.results for f in r.findings if f.waived_by}
    return ", ".join(sorted(used))


def _plural(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
