import re
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from auditor.evidence import Reason
from auditor.findings import (
    JudgedFinding,
    JudgedGap,
    Place,
    Remedy,
    Report,
    Result,
    Severity,
    Sighting,
)
from auditor.report import FORMATS
from auditor.report.terminal import render_terminal

Finding = Callable[..., JudgedFinding]
Gap = Callable[..., JudgedGap]
Judged = Callable[..., Result]
Told = Callable[..., Report]

POLICY = """\
version: 1
device_storage:
  - {identifier: session, type: cookie}
"""
HOSTILE = "x\x1b[2J\u202e\r\n<b>&amp;|`::error::\u0000"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def render(report: Report, *, width: int = 80, colour: bool = False) -> str:
    """Return the report as on a terminal of 80 columns."""
    return render_terminal(report, policy_text=POLICY, colour=colour, width=width)


def test_a_failed_report(finding: Finding, gap: Gap, result: Judged, report: Told) -> None:
    """The verdict comes first, then findings, waived ones, gaps, claims, and the counts last."""
    pages = [f"https://www.example.org/{name}" for name in ("", "a", "b", "c", "d")]
    told = report(
        result(
            finding(
                seen=(
                    *(Sighting(page=p, state="before", detail="asks for 2 years") for p in pages),
                    Sighting(page=pages[0], state="accept", by="https://x.example/t.js"),
                )
            ),
            finding("cookie:theme@example.org", waived_by="W1", severity=Severity.MEDIUM),
            gap(),
        ),
        result(check="cookie-lifetime", title="No cookie is kept longer than promised"),
        result(gap(), check="cookie-lifetime"),
        result(
            gap("claim:safe", reason=Reason.CANNOT_BE_SHOWN, needs="", attested_by="A1"),
            check="promise-unobserved",
            subject="policy",
        ),
        coverage={
            "claims": {"only-what-we-need": "contradicted", "safe": "attested"},
            "not_looked_at": ["store:app"],
            "waivers": {"W1": {"expires": "2026-03-31"}},
            "attestations": {"A1": {"by": "Grace", "date": "2026-01-02", "expires": "2026-12-31"}},
        },
    )
    assert render(told) == snapshot("""\
fail  1 thing does not match policy.yaml; not everything could be looked at
looked at: site:www (1 page; before/reject/accept; seen 2026-01-15) · not looked
  at: store:app · judged as of 2026-01-15

high[cookie-undeclared]: `_ga` is kept on visitors' devices; no row covers it
 --> policy.yaml:2:1
  |
2 | device_storage:
  | ^^^^^^^^^^^^^^^
  = seen    /, /a, /b and 2 pages more · before any choice · asks for 2 years
  = seen    / · after consent · by https://x.example/t.js
  = remove  stop setting it
  = declare add it to device_storage (audit accept 50068b0d)
  = why     audit explain cookie-undeclared · ePrivacy Directive Art. 5(3)

waived  W1, 75 days left  cookie:theme@example.org (medium, cookie-undeclared)

gap  site:www · https://www.example.org/team: did not answer in time
     needs        a page that answers
     leaves open  cookie-lifetime, cookie-undeclared

attested  claim:safe: stated by Grace on 2026-01-02 (A1, until 2026-12-31), not
          observed

what the notice claims
  only-what-we-need  contradicted
  safe               attested

1 finding (1 high) · 1 waived (W1) · checks: 1 pass, 1 with findings, 1
  incomplete, 1 attested
""")


def test_in_colour(finding: Finding, gap: Gap, result: Judged, report: Told) -> None:
    """Colours only repeat what the words say: without them the text is the same."""
    told = report(result(finding(), gap()), coverage={"claims": {"a": "verified"}})
    assert render(told, colour=True) == snapshot("""\
\x1b[1;31mfail\x1b[0m  1 thing does not match policy.yaml; not everything could be looked at
\x1b[2mlooked at: site:www (1 page; before/reject/accept; seen 2026-01-15) · judged as\x1b[0m
\x1b[2m  of 2026-01-15\x1b[0m

\x1b[1;31mhigh[cookie-undeclared]\x1b[0m: `_ga` is kept on visitors' devices; no row covers it
 \x1b[34m-->\x1b[0m policy.yaml:2:1
  \x1b[34m|\x1b[0m
\x1b[34m2\x1b[0m \x1b[34m|\x1b[0m device_storage:
  \x1b[34m|\x1b[0m \x1b[33m^^^^^^^^^^^^^^^\x1b[0m
  \x1b[34m=\x1b[0m seen    / · before any choice · asks for 2 years
  \x1b[34m=\x1b[0m remove  stop setting it
  \x1b[34m=\x1b[0m declare add it to device_storage (audit accept 50068b0d)
  \x1b[34m=\x1b[0m why     audit explain cookie-undeclared · ePrivacy Directive Art. 5(3)

\x1b[1;33mgap\x1b[0m  site:www · https://www.example.org/team: did not answer in time
     needs        a page that answers
\x1b[2m     leaves open  cookie-undeclared\x1b[0m

\x1b[1mwhat the notice claims\x1b[0m
  a  \x1b[32mverified\x1b[0m

\x1b[1m1 finding (1 high) · checks: 1 with findings\x1b[0m
""")
    assert ANSI.sub("", render(told, colour=True)) == render(told)


def test_a_pass_says_what_it_covers(result: Judged, report: Told) -> None:
    """A verdict never stands without what was looked at, left out and chosen."""
    told = report(
        result(),
        only=("cookie-*",),
        skip=("cookie-lifetime",),
        coverage={"left_out": ["stores"], "not_declared": ["site:old"]},
    )
    assert render(told) == snapshot("""\
pass  everything looked at matches policy.yaml
looked at: site:www (1 page; before/reject/accept; seen 2026-01-15) · not in the
  policy: site:old · left out by --scope: stores · only: cookie-* · skipped:
  cookie-lifetime · judged as of 2026-01-15

0 findings · checks: 1 pass
""")


def test_a_pass_with_what_was_let_pass(finding: Finding, result: Judged, report: Told) -> None:
    """What is below the threshold or waived is said in the first line."""
    states = ("accept", "before", "reject")
    seen = tuple(Sighting(page="https://www.example.org", state=state) for state in states)
    low = finding(severity=Severity.LOW, seen=seen)
    told = report(result(low, finding("cookie:b@example.org", waived_by="W1")))
    assert render(told) == snapshot("""\
pass  everything looked at matches policy.yaml, but for 1 finding below medium
      and 1 waived finding
looked at: site:www (1 page; before/reject/accept; seen 2026-01-15) · judged as
  of 2026-01-15

low[cookie-undeclared]: `_ga` is kept on visitors' devices; no row covers it
  (below threshold: --fail-on medium)
 --> policy.yaml:2:1
  |
2 | device_storage:
  | ^^^^^^^^^^^^^^^
  = seen    / · in every state
  = remove  stop setting it
  = declare add it to device_storage (audit accept 50068b0d)
  = why     audit explain cookie-undeclared · ePrivacy Directive Art. 5(3)

waived  W1  cookie:b@example.org (high, cookie-undeclared)

1 finding (1 low) · 1 waived (W1) · checks: 1 with findings
""")


def test_nothing_was_looked_at(report: Told) -> None:
    """No evidence is no pass."""
    told = report(coverage={"looked_at": [], "not_looked_at": ["site:www"]})
    assert render(told, width=120) == snapshot("""\
incomplete  nothing seen contradicts policy.yaml, but not everything in scope could be looked at
looked at: nothing but the policy itself · not looked at: site:www · judged as of 2026-01-15

0 findings · checks: none
""")


STORE: dict[str, Any] = {
    "subject": "store:app",
    "tables": [],
    "table_count": 3,
    "row_count": 12_000,
    "values": "sampled",
    "unseen_below": 0.004595,
    "collected_at": "2026-01-14T12:00:00Z",
}


def test_a_store_is_told_as_a_store(finding: Finding, result: Judged, report: Told) -> None:
    """How much of it, how closely, and what was seen where there is no page."""
    late = finding(
        "table:users",
        message="10 of 102 records of users are kept too long",
        seen=(Sighting(detail="table users: 10 of 102 records"),),
        remedies=(Remedy(kind="remove", text="delete them"),),
    )
    named = [
        finding(
            f"field:users.{name}",
            severity=Severity.MEDIUM,
            message="m",
            seen=(Sighting(detail=f"table users: field {name}"),),
            remedies=(),
        )
        for name in ("a", "b", "c")
    ]
    told = report(
        result(late, check="retention-overdue", subject="store:app"),
        result(*named, check="field-undeclared", subject="store:app", title="Every field"),
        coverage={"looked_at": [STORE], "not_looked_at": ["account:ga"]},
    )
    assert render(told, width=98) == snapshot("""\
fail  4 things do not match policy.yaml
looked at: store:app (3 tables, 12,000 records; values sampled: less than 0.46% of a field may be
  unseen; seen 2026-01-14) · not looked at: account:ga · judged as of 2026-01-15

high[retention-overdue]: 10 of 102 records of users are kept too long
 --> policy.yaml:2:1
  |
2 | device_storage:
  | ^^^^^^^^^^^^^^^
  = seen    table users: 10 of 102 records
  = remove  delete them
  = why     audit explain retention-overdue · ePrivacy Directive Art. 5(3)

medium[field-undeclared]: 3 fields against "Every field"
 --> policy.yaml:2:1
  |
2 | device_storage:
  | ^^^^^^^^^^^^^^^

  field    code      seen on               when
  users.a  f6045967  table users: field a
  users.b  d4ef6172  table users: field b
  users.c  3a8ebd4c  table users: field c

  = why     audit explain field-undeclared · ePrivacy Directive Art. 5(3)

4 findings (1 high, 3 medium) · checks: 2 with findings
""")


def test_how_closely_a_store_was_looked_at(report: Told) -> None:
    """All values, or none."""
    for values in ("all", "not looked at"):
        told = report(coverage={"looked_at": [STORE | {"values": values}]})
        text = render(told, width=300)
        assert f"store:app (3 tables, 12,000 records; values {values}; seen 2026-01-14)" in text


def test_long_values_that_were_not_seen_to_their_end(report: Told) -> None:
    """How many of a sample is told where the sample is."""
    sampled = {"values": "sampled", "unseen_below": 0.004595, "shortened": 2}
    text = render(report(coverage={"looked_at": [STORE | sampled]}), width=300)
    assert "may be unseen, and what 2 long values end with; seen 2026-01-14" in text


def test_the_last_day_of_a_waiver(finding: Finding, result: Judged, report: Told) -> None:
    """It still counts on that day; how long the others last is said, too."""
    for expires, words in (("2026-01-15", "last day"), ("2026-01-16", "1 day left")):
        told = report(
            result(finding(waived_by="W1")), coverage={"waivers": {"W1": {"expires": expires}}}
        )
        assert f"waived  W1, {words}  cookie:_ga@example.org" in render(told)


def test_waivers_that_are_not_applied(finding: Finding, result: Judged, report: Told) -> None:
    """The last line says that the waivers were left aside."""
    low = finding("cookie:b@example.org", severity=Severity.LOW)
    told = report(result(low, finding()), waivers_applied=False)
    assert render(told).splitlines()[-1] == snapshot(
        "2 findings (1 high, 1 low) · checks: 1 with findings · waivers not applied"
    )


def test_many_findings_alike_are_a_table(finding: Finding, result: Judged, report: Told) -> None:
    """Thirty-eight third parties are one block: a row for each, the ways out once."""
    hosts = [f"host:cdn{number}.example" for number in range(38)]
    seen = [Sighting(page="https://www.example.org/a", state=s) for s in ("before", "accept")]
    told = report(result(*(finding(host, seen=seen) for host in hosts)))
    text = render(told)
    assert len(text.splitlines()) < 60
    assert all(host.removeprefix("host:") in text for host in hosts)
    assert "\n".join([*text.splitlines()[3:12], "...", *text.splitlines()[-8:]]) == snapshot("""\

high[cookie-undeclared]: 38 hosts against "Every cookie is declared"
 --> policy.yaml:2:1
  |
2 | device_storage:
  | ^^^^^^^^^^^^^^^

  host           code      seen on    when
  cdn0.example   0ed8a46f  /a         before any choice, after consent
...
  cdn36.example  c6371cd6  /a         before any choice, after consent
  cdn37.example  2ad5c913  /a         before any choice, after consent

  = remove  stop setting it
  = declare add it to device_storage (audit accept CODE)
  = why     audit explain cookie-undeclared · ePrivacy Directive Art. 5(3)

38 findings (38 high) · checks: 1 with findings\
""")


def test_a_table_has_the_columns_that_fit(finding: Finding, result: Judged, report: Told) -> None:
    """On a narrow screen when and where give way; what it is and its code never do."""
    seen = (Sighting(page="https://www.example.org/a-page", state="before"),)
    told = report(result(*(finding(f"host:cdn{n}.example", seen=seen) for n in range(3))))
    heads = [render(told, width=width).split("\n\n")[2].splitlines()[0] for width in (80, 50, 30)]
    assert [head.split() for head in heads] == snapshot(
        [["host", "code", "seen", "on", "when"], ["host", "code", "seen", "on"], ["host", "code"]]
    )


def test_more_than_a_screen_can_tell(finding: Finding, result: Judged, report: Told) -> None:
    """A table ends somewhere, and says how much more there is."""
    told = report(result(*(finding(f"host:{number}.example") for number in range(150))))
    assert "  and 50 more (--format json lists them)\n" in render(told)


def test_many_undecided_values_are_a_table(gap: Gap, result: Judged, report: Told) -> None:
    """A draft's decisions are listed, each with its place."""
    whats = [
        gap(f"processors[{n}].country", reason=Reason.UNDECIDED, needs=f"policy.yaml:{n}")
        for n in range(3)
    ]
    told = report(result(*whats, check="policy-unfinished", subject="policy"))
    assert render(told).split("\n\n")[1] == snapshot("""\
gap  policy · 3 things: not decided yet
     what                   needs
     processors[0].country  policy.yaml:0
     processors[1].country  policy.yaml:1
     processors[2].country  policy.yaml:2
     leaves open  policy-unfinished\
""")


def test_many_gaps_of_one_cause_are_one(gap: Gap, result: Judged, report: Told) -> None:
    """Hosts that did not answer are named until they would drown the rest."""
    hosts = [gap(f"h{number}.example", reason=Reason.UNREACHABLE) for number in range(8)]
    assert render(report(result(*hosts))).split("\n\n")[1] == snapshot("""\
gap  site:www · h0.example; h1.example; h2.example; h3.example; h4.example and 3
     more: could not be reached
     needs        a page that answers
     leaves open  cookie-undeclared\
""")


def test_hostile_names_do_nothing(
    finding: Finding, gap: Gap, result: Judged, report: Told
) -> None:
    """Escapes, bidirectional marks and line breaks are shown; markup stays what it is."""
    seen = Sighting(page=f"https://x.example/{HOSTILE}", state=HOSTILE, by=HOSTILE, detail=HOSTILE)
    found = finding(
        f"cookie:{HOSTILE}",
        message=HOSTILE,
        seen=(seen,),
        policy=Place(path=HOSTILE, line=1, column=1),
    )
    told = report(
        result(found, gap(HOSTILE, needs=HOSTILE), title=HOSTILE, references=(HOSTILE,)),
        coverage={"claims": {HOSTILE: "verified"}, "not_looked_at": [HOSTILE]},
        only=(HOSTILE,),
    )
    assert render(told) == snapshot("""\
fail  1 thing does not match policy.yaml; not everything could be looked at
looked at: site:www (1 page; before/reject/accept; seen 2026-01-15) · not looked
  at: x\\u001b[2J\\u202e\\u000d\\u000a<b>&amp;|`::error::\\u0000 · only:
  x\\u001b[2J\\u202e\\u000d\\u000a<b>&amp;|`::error::\\u0000 · judged as of
  2026-01-15

high[cookie-undeclared]: x\\u001b[2J\\u202e\\u000d\\u000a<b>&amp;|`::error::\\u0000
 --> x\\u001b[2J\\u202e\\u000d\\u000a<b>&amp;|`::error::\\u0000:1:1
  = seen    https://x.example/x\\u001b[2J\\u202e\\u000d\\u000a<b>&amp;|`::error::\\u0000 ·
            x\\u001b[2J\\u202e\\u000d\\u000a<b>&amp;|`::error::\\u0000 · by
            x\\u001b[2J\\u202e\\u000d\\u000a<b>&amp;|`::error::\\u0000 ·
            x\\u001b[2J\\u202e\\u000d\\u000a<b>&amp;|`::error::\\u0000
  = remove  stop setting it
  = declare add it to device_storage (audit accept 0035de9d)
  = why     audit explain cookie-undeclared ·
            x\\u001b[2J\\u202e\\u000d\\u000a<b>&amp;|`::error::\\u0000

gap  site:www · x\\u001b[2J\\u202e\\u000d\\u000a<b>&amp;|`::error::\\u0000: did not
     answer in time
     needs        x\\u001b[2J\\u202e\\u000d\\u000a<b>&amp;|`::error::\\u0000
     leaves open  cookie-undeclared

what the notice claims
  x\\u001b[2J\\u202e\\u000d\\u000a<b>&amp;|`::error::\\u0000  verified

1 finding (1 high) · checks: 1 with findings
""")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(drawn=st.tuples(st.text(max_size=300), st.sampled_from([2, 5])))
def test_whatever_is_seen_only_lines_end(
    finding: Finding, gap: Gap, result: Judged, report: Told, drawn: tuple[str, int]
) -> None:
    """No name of a page, a cookie or a claim brings a control character into the output."""
    name, number = drawn
    seen = Sighting(page=name, state=name, by=name, detail=name)
    made = [
        finding(f"{name}{n}", message=name, seen=(seen,), waived_by=name if n == 0 else None)
        for n in range(number)
    ]
    looked = {"subject": name, "url": name, "page_count": 1, "states": [name]}
    told = report(
        result(*made, gap(name, needs=name), gap(needs=name, attested_by=name)),
        coverage={
            "looked_at": [looked | {"collected_at": name}],
            "claims": {name: name},
            "not_looked_at": [name],
            "left_out": [name],
        },
    )
    text = render(told).replace("\n", "")
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(width=st.integers(50, 200))
def test_lines_end_before_the_edge(
    finding: Finding, gap: Gap, result: Judged, report: Told, width: int
) -> None:
    """Text is broken between words; below 50 columns a command to copy may be wider."""
    words = "some words about it " * 20
    seen = Sighting(page="https://www.example.org/", state="before", detail=words)
    told = report(
        result(finding(message=words, seen=(seen,)), gap(needs=words)),
        coverage={"not_looked_at": ["store:app"] * 20},
    )
    assert max(map(len, render(told, width=width).splitlines())) <= width


def test_a_policy_that_is_not_at_hand(finding: Finding, result: Judged, report: Told) -> None:
    """Without the text of the policy the place is named, and no line is shown."""
    told = report(result(finding()))
    text = FORMATS["terminal"](told, policy_text="", colour=False)
    assert " --> policy.yaml:2:1\n   = seen" in text.replace("  = seen", "   = seen")


def test_the_mark_stands_below_what_it_means(
    finding: Finding, result: Judged, report: Told
) -> None:
    """What is shown as an escape before the column moves the mark with it."""
    told = report(result(finding(policy=Place(path="policy.yaml", line=1, column=4))))
    text = render_terminal(told, policy_text="\x1b[0bad\n", colour=False)
    line, mark = text.splitlines()[6:8]
    assert line.index("bad") == mark.index("^")


def test_a_section_that_is_not_there(finding: Finding, result: Judged, report: Told) -> None:
    """The top of the file stands for it; the first line has nothing to do with it."""
    told = report(result(finding(policy=Place(path="policy.yaml", line=1, column=1))))
    assert "version: 1" not in render(told)
