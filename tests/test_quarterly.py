"""The report of a quarter: what a ledger shows, and nothing green that nobody looked at."""

# ruff: noqa: E501 -- whole lines of what is written

import json
import subprocess
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot
from msgspec import structs

from auditor.discovery import discover, scopes_by_id
from auditor.errors import UsageError
from auditor.evidence import Evidence, Gap, Reason, SiteObservation, Source, Tool
from auditor.example import cookie, notice, page
from auditor.findings import Severity
from auditor.history import Records, Run, append, storage_at
from auditor.policy_file import read_policy
from auditor.quarterly import period_of
from auditor.run import Options, Seen, report_on
from auditor.testing import site

Audit = Callable[..., subprocess.CompletedProcess[str]]
Keep = Callable[..., None]
CHECKS = discover()
POLICY = """\
version: 1
controller: {name: Example}
sites:
  - id: www
    url: https://example.org/
    consent: {banner: none}
device_storage:
  - {identifier: session, type: cookie, max_age: session, purpose: essential.service, consent: exempt_strictly_necessary, reason: to stay logged in}
claims:
  - {id: few, quote: Only what we list, covered_by: [cookie-undeclared]}
"""
TWO = POLICY.replace(
    "device_storage:",
    "  - {id: shop, url: https://shop.example.net/, consent: {banner: none}}\ndevice_storage:",
)
WAIVER = """\
waivers:
  - id: W1
    check: cookie-undeclared
    subject: site:www
    object: "cookie:_ga@example.org"
    justification: known
    owner: A
    approved_by: B
    created: 2026-07-01
    expires: {}
"""
WEEKS = [date(2026, 7, 1) + timedelta(days=7 * week) for week in range(13)]
AFTER = "2026-10-05"


@pytest.fixture
def keep(folder: Path) -> Keep:
    """Return what looks and appends: on each day, with what was seen, by a policy."""

    def run(  # noqa: PLR0913 -- what may differ between runs
        days: Iterable[date],
        *seen: SiteObservation,
        looked: date | None = None,
        reached: bool = True,
        policy: str = POLICY,
        only: Sequence[str] = (),
        kept: str = "",
        fail_on: str = "medium",
        told: str = "",
        records: tuple[Records, ...] = (),
    ) -> None:
        for day in days:
            moment = datetime.combine(looked or day, datetime.min.time(), UTC)
            source = Source(kind="example", collected_at=moment)
            there = structs.replace(site(cookie("session"), *seen), sources=(source,))
            if not reached:
                gap = Gap(what="site:www", reason=Reason.UNREACHABLE, needs="a site that answers")
                there = structs.replace(there, observations=(), gaps=(gap,))
            read = structs.replace(source, sha256=told * 64, kind="notice")
            notices = (structs.replace(notice(), sources=(read,)),) if told else ()
            tool = Tool(name="test", version="1")
            evidence = Evidence(tool=tool, sites=(there,), notices=notices)
            promised = read_policy(policy.encode(), "policy.yaml", folder, scopes_by_id(CHECKS))
            options = Options(as_of=day, only=tuple(only), fail_on=Severity(fail_on))
            report = report_on(promised, CHECKS, Seen(evidence=evidence, files=()), options)
            if kept:  # what is in the ledger is what nobody can read any more
                origin = structs.replace(promised.origin, text=kept)
                promised = structs.replace(promised, origin=origin)
            made = Run(report=report, policy=promised, seen=evidence, records=records)
            append(storage_at(str(folder / "kept")), made, moment)

    return run


@pytest.fixture
def tell(audit: Audit) -> Callable[..., dict[str, Any]]:
    """Return what writes the third quarter as JSON and reads it."""

    def run(*options: str, code: int, on: str = AFTER) -> dict[str, Any]:
        given = ("--period", "2026-Q3", "--history", "kept", "--as-of", on, "--format", "json")
        done = audit("quarterly", *given, *options)
        assert done.returncode == code, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    return run


def test_all_is_well(keep: Keep, tell: Callable[..., dict[str, Any]]) -> None:
    """Somebody looked in every week, and all that was seen matches."""
    keep(WEEKS)
    told = tell(code=0)
    assert (told["verdict"], told["why"]) == ("pass", [])
    assert told["promises"][0]["standing"] == "verified"
    assert told["promises"][0]["on"] == "2026-09-23"


def test_a_week_in_which_nobody_looked(keep: Keep, tell: Callable[..., dict[str, Any]]) -> None:
    """Then the quarter is incomplete; judging old evidence again is no look."""
    keep(WEEKS[:5])
    keep(WEEKS[5:6], looked=WEEKS[0])
    keep(WEEKS[6:])
    told = tell(code=3)
    assert (told["verdict"], told["why"]) == ("incomplete", ["nobody looked in 1 of 13 weeks"])
    assert [week["first"] for week in told["weeks"] if not week["looks"]] == [str(WEEKS[5])]
    assert told["coverage"] == [{"subject": "site:www", "weeks": 12, "last": "2026-09-23"}]


def test_trying_to_look_is_no_look(keep: Keep, tell: Callable[..., dict[str, Any]]) -> None:
    """A site that could not be reached in a week was not looked at in it."""
    keep(WEEKS[:5])
    keep(WEEKS[5:6], reached=False)
    keep(WEEKS[6:])
    assert tell(code=3)["why"] == ["nobody looked in 1 of 13 weeks"]


def test_before_it_is_over(keep: Keep, tell: Callable[..., dict[str, Any]]) -> None:
    """A quarter that is not over is never green."""
    keep(WEEKS[:3])
    told = tell(code=3, on="2026-07-20")
    assert told["why"] == ["the quarter is not over: it ends on 2026-09-30"]


def test_without_a_run(keep: Keep, tell: Callable[..., dict[str, Any]]) -> None:
    """Nothing is known, and that is said."""
    keep([date(2026, 6, 30)])
    assert tell(code=3)["why"] == ["there was no run", "nobody looked in 13 of 13 weeks"]


def test_what_was_opened_fixed_and_opened_again(
    keep: Keep, tell: Callable[..., dict[str, Any]]
) -> None:
    """Its age counts from the last time; one that was fixed for good is not open."""
    keep(WEEKS[:1], cookie("a"), cookie("b"))
    keep(WEEKS[1:2], cookie("a"))
    keep(WEEKS[2:3])
    keep(WEEKS[3:], cookie("a"))
    told = tell(code=1)
    assert told["why"] == ["1 finding is open at the end of the quarter"]
    stands = {
        one["object"]: (one["state"], one["opened"], one["fixed"], one["reopened"])
        for one in told["findings"]
    }
    assert stands == {
        "cookie:a@example.org": ("open", str(WEEKS[3]), None, True),
        "cookie:b@example.org": ("fixed", str(WEEKS[0]), str(WEEKS[1]), False),
    }


def test_not_looking_fixes_nothing(keep: Keep, tell: Callable[..., dict[str, Any]]) -> None:
    """What nobody looks at any more stays open."""
    keep(WEEKS[:6], cookie("a"))
    keep(WEEKS[6:], only=("transport-insecure",))
    told = tell(code=1)
    (one,) = told["findings"]
    assert (one["state"], one["fixed"]) == ("open, and nobody looks any more", None)
    assert told["promises"][0]["standing"] == "contradicted"


def test_a_changed_policy(keep: Keep, tell: Callable[..., dict[str, Any]]) -> None:
    """What changed is told, and whether people were told cannot be known without the notice."""
    keep(WEEKS[:6])
    keep(WEEKS[6:], policy=POLICY + "processors: [{id: p, name: P}]\n")
    told = tell(code=1)  # the new processor has no contract
    (step,) = told["policy_changes"]
    assert (step["on"], step["told"]) == (str(WEEKS[6]), None)
    assert [change["what"] for change in step["changes"]] == ["processor:p"]


@pytest.mark.parametrize(
    ("read", "said"),
    [("abb", True), ("aab", True), ("aaa", False), ("---", None)],
    ids=["beforehand", "at once", "never", "nobody read it"],
)
def test_whether_people_were_told(
    keep: Keep,
    tell: Callable[..., dict[str, Any]],
    read: str,
    said: bool | None,
) -> None:
    """A notice that changed before the policy did is what the law asks for (Art. 13(3))."""
    before, between, after = (part.strip("-") for part in read)
    keep(WEEKS[:4], told=before)
    keep(WEEKS[4:6], told=between)
    keep(WEEKS[6:], told=after, policy=POLICY + "processors: [{id: p, domains: [p.example]}]\n")
    (step,) = tell(code=1)["policy_changes"]
    assert step["told"] is said


def test_what_an_older_policy_promised(keep: Keep, tell: Callable[..., dict[str, Any]]) -> None:
    """That it was kept says nothing of a promise that was changed since."""
    keep(WEEKS[:12])
    changed = POLICY.replace("Only what we list", "Nothing at all")
    keep(WEEKS[12:], policy=changed, only=("transport-insecure",))
    told = tell(code=3)
    assert told["why"] == [
        "the last run left out checks (--only, --skip)",
        "1 promise of which nobody knows whether it is kept",
    ]
    (promise,) = told["promises"]
    assert (promise["words"], promise["standing"]) == ("“Nothing at all”", "nobody looked")


def test_a_subject_that_nobody_looked_at(keep: Keep, tell: Callable[..., dict[str, Any]]) -> None:
    """What was seen of another, or long before, is no look at it: the quarter is incomplete."""
    keep(WEEKS, policy=TWO)
    told = tell(code=3)
    assert "looked at, of 13 weeks: site:shop in 0" in told["why"]
    assert told["coverage"][1]["weeks"] == 0


def test_older_evidence_fixes_and_verifies_nothing(
    keep: Keep, tell: Callable[..., dict[str, Any]]
) -> None:
    """Judging what was seen before the finding, as of a later day, is no look."""
    keep(WEEKS[:6])
    keep(WEEKS[6:7], cookie("_ga"))
    keep(WEEKS[7:8], looked=WEEKS[2])
    told = tell(code=1)
    (finding,) = told["findings"]
    assert finding["state"] == "open, and nobody looks any more"
    assert finding["why"] == f"judged again by what was seen on {WEEKS[2]}"
    keep(WEEKS[8:9], looked=date(2026, 6, 1))
    assert all(promise["on"] != "2026-08-26" for promise in tell(code=1)["promises"])


def test_a_page_that_was_not_opened_fixes_nothing(
    keep: Keep, tell: Callable[..., dict[str, Any]]
) -> None:
    """Nor does a visitor state in which nobody came."""
    there = "https://example.org/donate"
    keep(WEEKS[:6], cookie("_ga", page=there), page(there))
    keep(WEEKS[6:])
    (finding,) = tell(code=1)["findings"]
    assert (finding["state"], finding["why"]) == (
        "open, and nobody looks any more",
        f"{there} was not opened",
    )


def test_a_waiver_that_ran_out_accepts_nothing_at_the_end(
    keep: Keep, tell: Callable[..., dict[str, Any]]
) -> None:
    """It counts on the day of the last run, and no longer on the quarter's last day."""
    keep(WEEKS, cookie("_ga"), policy=POLICY + WAIVER.format("2026-09-27"))
    told = tell(code=1)
    assert told["findings"][0]["state"] == "open"
    keep(WEEKS[-1:], cookie("_ga"), policy=POLICY + WAIVER.format("2026-09-30"))
    assert tell(code=0)["findings"][0]["state"] == "accepted for a time"


def test_a_lax_threshold_is_not_the_quarters(
    keep: Keep, tell: Callable[..., dict[str, Any]]
) -> None:
    """Whatever the last run was told to fail on."""
    keep(WEEKS[:12])
    keep(WEEKS[12:], cookie("_ga"), fail_on="critical")
    assert tell(code=1)["why"] == ["1 finding is open at the end of the quarter"]


@pytest.mark.parametrize(("until", "is_due"), [("2026-12-31", True), ("2027-01-01", False)])
def test_what_runs_out_in_the_next_quarter(
    keep: Keep,
    tell: Callable[..., dict[str, Any]],
    until: str,
    is_due: bool,
) -> None:
    """Through its last day."""
    keep(WEEKS, cookie("_ga"), policy=POLICY + WAIVER.format(until))
    assert bool(tell(code=0)["due"]) is is_due


def test_a_policy_that_cannot_be_read_again(
    keep: Keep, tell: Callable[..., dict[str, Any]]
) -> None:
    """One of another version of this tool: what it promises is not known, and that is said."""
    keep(WEEKS[:12])
    keep(WEEKS[12:], kept="version: 9\n")
    told = tell(code=3)
    assert "the last run's policy cannot be read again" in told["why"]
    assert told["promises"] == []
    (step,) = told["policy_changes"]
    assert (step["changes"], step["told"]) == ([], None)
    assert "version" in step["unreadable"]


def test_a_ledger_that_was_changed(
    folder: Path, keep: Keep, tell: Callable[..., dict[str, Any]]
) -> None:
    """It cannot be relied on, and the file is named."""
    keep(WEEKS)
    path = folder / "kept" / "000004.json"
    path.write_bytes(path.read_bytes().replace(b"pass", b"fail"))
    told = tell(code=3)
    assert told["why"][0] == "the ledger was changed or is damaged: it cannot be relied on"
    assert told["ledger_faults"][0]["file"] == "000004.json"


def test_the_whole_report(folder: Path, audit: Audit, keep: Keep) -> None:
    """As Markdown; the opinion is text, whatever it holds; the same again is the same."""
    keep(WEEKS[:2], cookie("a|<b>"))
    (folder / "opinion.txt").write_text("I concur.\n```\n<script>\n")
    given = ("quarterly", "--period", "2026-Q3", "--history", "kept", "--as-of", "2026-07-15")
    done = audit(*given, "--opinion", "opinion.txt")
    assert done.returncode == 1
    text, _, rest = done.stdout.partition("\n## Evidence")
    assert "| run 2<br>2026-07-08<br>fail |" in rest
    assert text == snapshot("""\
# Conformity of observed processing with stated policy

Example, 2026-Q3
(2026-07-01 through 2026-09-30); written as of 2026-07-15

**fail**: 1 finding is open at the end of the quarter; the quarter is not over: it ends on 2026-09-30

## What is promised, and what is known of it

### Promises

| Promise | What is known | It rests on |
| --- | --- | --- |
| “Only what we list”<br>claim:few | contradicted on 2026-07-08 | cookie-undeclared |

## What did not match

- Opened in the quarter: 1. Fixed: 0.

- Open at its end: 1. Accepted for a time: 0.

- Fixed is what somebody looked at again and did not find.

### Open or accepted at the end

| Finding | State | Since | Days | Who sees to it |
| --- | --- | --- | --- | --- |
| high: \\`a\\|&lt;b&gt;\\` is kept on visitors&#39; devices; no row covers it on example.org<br>cookie-undeclared at site:www<br>9f6e530b | open | 2026-07-01 | 14 | nobody is named |

## What was looked at, and when nobody looked

### Weeks

| Week | Runs that judge what was seen in it |
| --- | --- |
| 2026-07-01 - 2026-07-07 | 1 |
| 2026-07-08 - 2026-07-14 | 1 |

### What the policy declares

| What | Looked at in | Last |
| --- | --- | --- |
| site:www | 2 of 2 weeks | 2026-07-08 |

## What changed in the policy, and were people told

- No run shows another policy than the one before it.

## Is the processing in adherence with the retention policy? If not, why?

- Not known.

- policy.yaml sets no period

## What runs out

- No waiver or attestation runs out before the next quarter ends.

## What this report does not establish

- That processing is lawful. It compares what is seen with what is stated.

- What happened between two runs, and in weeks without one.

- What nothing shows: what data are really used for, what is on paper, what people say.

- That such promises are kept: a person attests them, or they stay declared only.

- That the ledger is whole at its end: who keeps the last seal elsewhere can tell.

## Statement of the controller

- Example states that no run was left out, and that those named see to what is open.

- Name and role: ........................................

- Place, date, signature: ........................................

## Opinion of the data protection officer

````text
I concur.
```
<script>
````
""")
    assert audit(*given, "--opinion", "opinion.txt").stdout == done.stdout


def test_records_without_a_date_are_not_young(audit: Audit, keep: Keep) -> None:
    """Nobody can count how many of them are too old."""
    about = {"subject": "store:app", "table": "users", "activity": "a", "promise": "P12M"}
    keep(WEEKS[:1], records=(Records(rows=100, late=0, undated=100, **about),))
    keep(WEEKS[1:2], records=(Records(rows=100, late=3, undated=40, **about),))
    given = ("--period", "2026-Q3", "--history", "kept", "--as-of", "2026-07-15")
    told = audit("quarterly", *given).stdout
    assert "2026-07-01: 100, none with a date<br>2026-07-08: 3 of 100" in told


def test_an_opinion_is_never_cut(folder: Path, audit: Audit, keep: Keep) -> None:
    """A paragraph may be one line."""
    keep(WEEKS[:1])
    long = "word " * 400 + "end"
    (folder / "opinion.txt").write_text(long)
    given = ("--period", "2026-Q3", "--history", "kept", "--as-of", "2026-07-15")
    assert long in audit("quarterly", *given, "--opinion", "opinion.txt").stdout


def test_the_page_is_inert(folder: Path, audit: Audit, keep: Keep) -> None:
    """No script, nothing remote; names are text; the same bytes each time."""
    keep(WEEKS, cookie("<img src=x>"))
    options = ("--history", "kept", "--as-of", AFTER, "--format", "html")
    done = audit("quarterly", "--period", "2026-Q3", *options)
    assert "&lt;img src=x&gt;" in done.stdout
    assert "<img" not in done.stdout
    assert "<script" not in done.stdout
    assert "default-src 'none'" in done.stdout
    assert audit("quarterly", "--period", "2026-Q3", *options).stdout == done.stdout
    assert (folder / "kept").is_dir()


@pytest.mark.parametrize("label", ["2026", "2026-Q5", "Q1", "2026-q1", "9999-Q4", "२०२६-Q1"])
def test_what_is_no_quarter(label: str) -> None:
    """The message shows one."""
    with pytest.raises(UsageError, match="2026-Q3"):
        period_of(label)


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [("2024-Q1", "2024-01-01", "2024-03-31"), ("2026-Q4", "2026-10-01", "2026-12-31")],
)
def test_quarters(label: str, first: str, last: str) -> None:
    """First and last day; their weeks cover them, and none is shorter than a week."""
    period = period_of(label)
    assert (str(period.first), str(period.last)) == (first, last)
    weeks = [*period.weeks(period.last)]
    assert (weeks[0][0], weeks[-1][1]) == (period.first, period.last)
    assert all(b + timedelta(days=1) == c for (_, b), (c, _) in pairwise(weeks))
    assert min((b - a).days for a, b in weeks) >= 6


def test_what_cannot_be_read(folder: Path, audit: Audit) -> None:
    """No ledger, no opinion: said with the next step."""
    given = ("quarterly", "--period", "2026-Q3")
    assert "holds no run" in audit(*given).stderr
    assert audit(*given, "--opinion", "nowhere.txt").returncode == 2
    (folder / "image").write_bytes(b"\xff\xfe\x00")
    assert "is no text" in audit(*given, "--opinion", "image").stderr
