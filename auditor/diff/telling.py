"""What is said of two policies, two files of evidence or two reports, before any format."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from auditor.diff.evidence import Difference, EvidenceComparison
from auditor.evidence import Change, PolicyChange
from auditor.findings import Comparison, Result, Severity, Verdict, verdict_of
from auditor.findings.verdict import counts_against
from auditor.report.comparison import comparison_parts, comparison_summary
from auditor.report.parts import Line, Part
from auditor.vocabulary import REFERENCES

MARKS = {"widens": "+", "neutral": "~", "narrows": "-"}
WHAT_TO_DO = Line(mark="=", words="audit explain policy-change-unannounced")
WORDS_OF_NOTICE = {True: "changed, too", False: "did not change", None: "nobody can tell"}


class Telling(Struct, frozen=True, kw_only=True):
    """The verdict, one sentence, the two that were compared, and the lists; `data` is for JSON."""

    verdict: Verdict
    headline: str
    base: str
    head: str
    parts: tuple[Part, ...]
    data: dict[str, object]


class Judged(Struct, frozen=True, kw_only=True):
    """What checks say of a change of the policy, and from which severity on it counts."""

    results: tuple[Result, ...]
    fail_on: Severity

    @property
    def verdict(self) -> Verdict:
        """Return fail, else incomplete, else pass: only the policy is looked at here."""
        gaps = any(gap.attested_by is None for result in self.results for gap in result.gaps)
        if verdict_of(self.results, self.fail_on) is Verdict.FAIL:
            return Verdict.FAIL
        return Verdict.INCOMPLETE if gaps else Verdict.PASS


def tell_policies(change: PolicyChange, judged: Judged, head: str) -> Telling:
    """Tell what a policy says otherwise, and whether people were told."""
    to_tell = change.to_be_told
    rest = [one for one in change.changes if not one.needs_notice]
    notices = (
        Line(
            mark="?" if notice.changed is None else "=",
            words=WORDS_OF_NOTICE[notice.changed],
            name=notice.path or notice.notice,
        )
        for notice in change.notices
    )
    parts = (
        Part(title="people have to be told", lines=tuple(map(_change, to_tell))),
        Part(title="other changes", lines=tuple(map(_change, rest))),
        Part(title="what people read", lines=(*notices, WHAT_TO_DO) if to_tell else ()),
        Part(title="what could not be judged", lines=tuple(_gaps(judged.results))),
        Part(title="what does not count", lines=tuple(_waived(judged))),
    )
    return Telling(
        verdict=judged.verdict,
        headline=_headline(change, judged),
        base=change.compared_with,
        head=head,
        parts=_filled(parts),
        data={
            "changes": [_data(one) for one in change.changes],
            "notices": change.notices,
            "results": judged.results,
        },
    )


def tell_evidence(found: EvidenceComparison, base: str, head: str) -> Telling:
    """Tell what was seen otherwise. Nothing is judged: pass, or not everything was comparable."""
    by_subject: dict[str, list[Line]] = {}
    for one in found.differences:
        by_subject.setdefault(one.subject, []).append(_difference(one))
    lost = tuple(
        Line(mark="?", name=one.what, values=(f"{one.subject}: {one.why}",))
        for one in found.unlooked
    )
    parts = (
        *(
            Part(title="seen otherwise:", name=subject, lines=tuple(lines))
            for subject, lines in by_subject.items()
        ),
        Part(title="where nobody can compare", lines=lost),
    )
    summary = found.summary() or "nothing was seen otherwise"
    return Telling(
        verdict=Verdict.INCOMPLETE if lost else Verdict.PASS,
        headline=summary + (", but not everything could be compared" if lost else ""),
        base=base,
        head=head,
        parts=_filled(parts),
        data={
            "summary": found.summary(),
            "differences": found.differences,
            "not_compared": found.unlooked,
        },
    )


def tell_reports(found: Comparison, fail_on: Severity, base: str, head: str) -> Telling:
    """Tell what became of each finding; what is new and counts makes it fail."""
    verdict = Verdict.PASS if found.is_whole else Verdict.INCOMPLETE
    end = "" if found.is_whole else "; not everything was looked at again"
    return Telling(
        verdict=Verdict.FAIL if found.is_worse(fail_on) else verdict,
        headline=comparison_summary(found) + end,
        base=base,
        head=head,
        parts=tuple(comparison_parts(found)),
        data={"comparison": found},
    )


def _headline(change: PolicyChange, judged: Judged) -> str:
    number, needed = len(change.changes), len(change.to_be_told)
    if not number:
        text = "the policies say the same"
    elif not needed:
        text = f"{_counted(number)}; people need not be told of any"
    else:
        every = "it" if number == 1 else "all"
        of_what = every if needed == number else str(needed)
        told = {True: "a notice changed, too", False: "no notice changed"}
        end = "nobody can tell whether a notice changed"
        if change.is_told is not None:
            end = told[change.is_told]
        text = f"{_counted(number)}; people have to be told of {of_what}, and {end}"
    waived = sum(f.waived_by is not None for r in judged.results for f in r.findings)
    return text + (f" ({waived} waived)" if waived else "")


def _counted(number: int) -> str:
    return "1 change" if number == 1 else f"{number} changes"


def _change(one: Change) -> Line:
    tell = ", ".join(map(_title, one.references[:1])) if one.needs_notice else ""
    comes_or_goes = one.kind.endswith(("-new", "-gone"))
    blank = "" if comes_or_goes else "nothing"
    return Line(
        mark=MARKS[one.weight],
        words=one.title,
        name=one.what,
        values=(one.before or blank, one.after or blank) if one.before or one.after else (),
        note=tell,
    )


def _title(key: str) -> str:
    return REFERENCES[key].title.partition(":")[0]


def _data(one: Change) -> dict[str, object]:
    return {
        "kind": one.kind,
        "title": one.title,
        "weight": one.weight,
        "what": one.what,
        "before": one.before,
        "after": one.after,
        "at": one.at,
        "needs_notice": one.needs_notice,
        "references": one.references,
    }


def _gaps(results: Iterable[Result]) -> Iterator[Line]:
    for result in results:
        for gap in result.gaps:
            words = gap.reason.replace("_", " ")
            yield Line(mark="?", words=words, name=gap.what, values=(f"needs {gap.needs}",))


def _waived(judged: Judged) -> Iterator[Line]:
    """Yield findings that a waiver accepts, or that are below the threshold."""
    for result in judged.results:
        for finding in result.findings:
            if not counts_against(finding, judged.fail_on):
                below = f"below --fail-on {judged.fail_on}"
                why = f"waived by {finding.waived_by}" if finding.waived_by else below
                yield Line(mark="=", values=(f"{why}: {finding.message}",))


def _difference(one: Difference) -> Line:
    plus = one.turn in {"new", "in more states", "longer"}
    mark = "+" if plus else "~" if one.turn == "changed" else "-"
    words = one.kind if one.turn in {"new", "gone"} else f"{one.kind} {one.turn}"
    values = (one.before, one.after) if one.before or one.after else (one.note,)
    return Line(mark=mark, words=words, name=one.name, values=values, note="/".join(one.states))


def _filled(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.lines)
