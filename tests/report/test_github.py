"""Annotations, the summary and the outputs of a job on GitHub."""

# ruff: noqa: E501 -- a line of a snapshot is a line of the file

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from msgspec import structs

from auditor.evidence import Reason
from auditor.findings import JudgedFinding, JudgedGap, Outcome, Report, Result, Severity, Sighting
from auditor.report import Story
from auditor.report.github import outputs_file, render_github, summary
from auditor.testing import cookie

Audit = Callable[..., subprocess.CompletedProcess[str]]
See = Callable[..., Path]
Finding = Callable[..., JudgedFinding]
Gap = Callable[..., JudgedGap]
Judged = Callable[..., Result]
Told = Callable[..., Report]


@pytest.fixture
def lines(story: Callable[..., Story], report: Told) -> Callable[..., list[str]]:
    """Return what tells results as workflow commands."""

    def told(*results: Result, **how: object) -> list[str]:
        made = structs.replace(story(), report=report(*results, **how))
        return render_github(made).decode().splitlines()

    return told


@pytest.fixture
def on_github(environment: dict[str, str], tmp_path: Path) -> tuple[Path, Path]:
    """Return the files that a job's step has for its summary and its outputs."""
    kept = tmp_path / "summary.md", tmp_path / "outputs"
    environment["GITHUB_STEP_SUMMARY"], environment["GITHUB_OUTPUT"] = map(str, kept)
    return kept


def test_the_annotations(audit: Audit, see: See) -> None:
    """Each stands at the line of policy.yaml; without GitHub's variables there is no more."""
    done = audit("check", str(see(cookie("_ga"))), "--format", "github")
    assert done.returncode == 1
    assert done.stdout == snapshot("""\
::error file=policy.yaml,line=7,endLine=7,col=1,title=high%3A cookie-undeclared::`_ga` is kept on visitors' devices; no row covers it on example.org; its name matches Google Analytics%0Aseen: https://example.org/, before any choice, asks for the session%0Aremove: stop setting it%0Agate: set it only after the visitor agreed%0Adeclare: add it to device_storage, and tell people in the notice%0Awhy: audit explain cookie-undeclared
::notice file=policy.yaml,line=8,endLine=8,col=5,title=low%3A policy-entry-unused::`session` is declared, and no page sets it%0Aremove: take the entry out, here and in the notice%0Adeclare: if it appears only now and then:%0Awhy: audit explain policy-entry-unused
""")


def test_what_was_seen_in_code_is_shown_there(
    lines: Callable[..., list[str]], result: Judged, finding: Finding
) -> None:
    """Each at its own file and line, however many are alike."""
    seen = [
        finding(f"host:{i}.example", seen=(Sighting(page=f"a b/{i}.js:{i + 1}:7"),))
        for i in range(9)
    ]
    told = [line for line in lines(result(*seen, subject="code")) if line.startswith("::error")]
    assert [line.partition(",endLine")[0] for line in told] == [
        f"::error file=a b/{i}.js,line={i + 1}" for i in range(9)
    ]


def test_the_job_keeps_summary_and_outputs(
    audit: Audit, see: See, on_github: tuple[Path, Path]
) -> None:
    """They are added to what is there, and have the same verdict."""
    summary_file, output_file = on_github
    summary_file.write_text("# Before\n")
    done = audit("check", str(see(cookie("_ga"))), "--format", "github")
    assert done.returncode == 1
    assert summary_file.read_text().startswith("# Before\n## Privacy audit: fail\n")
    written = output_file.read_text()
    delimiters = re.findall(r"<<(end-[0-9a-f]{32})\n", written)
    assert len({*delimiters}) == 5
    assert re.sub(r"end-[0-9a-f]{32}", "END", written) == snapshot("""\
verdict<<END
fail
END
incomplete<<END
false
END
findings<<END
2
END
gaps<<END
0
END
counts<<END
{"pass":13,"fail":2,"error":0,"attested":0,"not_checked":1,"not_applicable":15,"findings":2,"below_threshold":1,"waived":0,"gaps":0}
END
""")


def test_another_format_keeps_nothing(
    audit: Audit, see: See, on_github: tuple[Path, Path]
) -> None:
    """Only who asks for `github` writes into the job."""
    audit("check", str(see(cookie("_ga"))))
    assert not any(path.exists() for path in on_github)


def test_a_full_summary_is_said(audit: Audit, see: See, on_github: tuple[Path, Path]) -> None:
    """One that is too large would be thrown away whole, with what was there before."""
    summary_file, _ = on_github
    full = "x" * (1024 * 1024 - 10)
    summary_file.write_text(full)
    done = audit("check", str(see(cookie("_ga"))), "--format", "github")
    assert "the job's summary is full" in done.stderr
    assert summary_file.read_text() == full


def test_an_output_that_cannot_be_written(
    audit: Audit, see: See, tmp_path: Path, environment: dict[str, str]
) -> None:
    """It is an error of the run, not silence."""
    environment["GITHUB_OUTPUT"] = str(tmp_path / "no" / "folder")
    done = audit("check", str(see(cookie("_ga"))), "--format", "github")
    assert done.returncode == 4
    assert "could not be written" in done.stderr


def test_the_worst_nine_and_a_count(
    lines: Callable[..., list[str]], result: Judged, finding: Finding, gap: Gap
) -> None:
    """What counts comes first; gaps that have no place are in the last line, as an error."""
    many = [finding(f"host:{n}", severity=one) for one in Severity for n in range(2)]
    apart = [result(one, subject=f"site:{at}") for at, one in enumerate(many)]
    told = lines(*apart, result(gap(), gap("b", reason=Reason.CAP_REACHED)))
    assert len(told) == 10
    assert told[0].startswith("::error file=policy.yaml,line=2,endLine=2,col=1,title=critical%3A")
    told = lines(*apart, *apart, result(gap()))
    assert told[-1] == snapshot(
        "::error file=policy.yaml,line=1,endLine=1,col=1,title=more in the summary::8 more in the summary: 7 findings and 1 question that nobody could answer"
    )
    assert len(told) == 10


def test_gaps_alone_are_errors(lines: Callable[..., list[str]], result: Judged, gap: Gap) -> None:
    """Incomplete is never silent; what somebody attests is."""
    assert lines(result(gap()), result(subject="site:b")) == snapshot(
        [
            "::error file=policy.yaml,line=1,endLine=1,col=1,title=could not be looked at::site:www: did not answer in time%0Ahttps://www.example.org/team%0Aneeds: a page that answers%0Aleaves open: cookie-undeclared"
        ]
    )
    assert lines(result(gap(attested_by="A1")), result(subject="site:b")) == []
    assert "nothing but the policy itself" in lines(result(outcome=Outcome.NOT_CHECKED))[0]


def test_a_delimiter_is_in_no_value() -> None:
    """Or a value could write outputs of its own."""
    with pytest.raises(ValueError, match="delimiter"):
        outputs_file({"verdict": "a\nEND\nverdict<<X"}, lambda: "END")


@pytest.mark.parametrize("room", [2_000, 5_000, 20_000])
def test_the_summary_is_cut_with_a_line(
    story: Callable[..., Story], report: Told, result: Judged, finding: Finding, room: int
) -> None:
    """It is never longer than its room, in bytes, and says how much is missing."""
    many = [result(finding(message="ü" * 400), subject=f"site:{n}") for n in range(60)]
    text = summary(structs.replace(story(), report=report(*many)), room)
    assert len(text.encode()) <= room
    missing = re.search(r"\*\*Cut here, there is no more room: (\d+) findings and", text)
    assert missing
    assert text.count("**high**") + int(missing[1]) == 60
    assert text.endswith("judged as of 2026-01-15\n")


def test_json_is_unchanged_beside_it(audit: Audit, see: See) -> None:
    """Formats do not touch each other."""
    path = str(see(cookie("_ga")))
    alone = audit("check", path, "--format", "json").stdout
    beside = audit("check", path, "--format", "json", "--format", "github=x.txt").stdout
    assert json.loads(alone) == json.loads(beside)
