"""Everything that was read is inert in every format, and each format says the same."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from auditor.diff.evidence import Difference, EvidenceComparison, Unlooked
from auditor.diff.formats import DIFF_FORMATS, diff_to_json, diff_to_markdown, diff_to_terminal
from auditor.diff.telling import Judged, Telling, tell_evidence, tell_policies, tell_reports
from auditor.errors import Position
from auditor.evidence import Change, NoticeChange, PolicyChange
from auditor.findings import Compared, Comparison, Severity, Unseen, Verdict
from auditor.report.parts import MARKDOWN_LINES, Line, Part, markdown_part
from auditor.report.terminal.parts import LINES_SHOWN, terminal_part

HOSTILE = [
    "\x1b[31mred\x1b[0m\x1b]8;;https://evil.example\x07link",
    "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png)",
    "`code` ``twice`` ``` fence\n# heading\n- item",
    "::error file=x::boo ##[command] ##vso[x] @everyone #123 GH-1",
    "a | b | c\n| - | - |",
    "\u202eright to left\u2066 \u200bzero\ufeff",
    "</code></li></ul><h1>x",
    "=1+1;cmd|' /C calc'!A0",
    "&lt;b&gt; \\`escaped\\` \\",
]
Compare = Callable[..., tuple[str, str]]


def policies_told(text: str) -> Telling:
    """Return a change whose every text is this."""
    one = Change(kind="purpose-changed", what=text, before=text, after=text, at=Position(1, 1))
    notice = NoticeChange(notice=text, path=text, needs=text)
    change = PolicyChange(compared_with=text, changes=(one,), notices=(notice,))
    return tell_policies(change, Judged(results=(), fail_on=Severity.MEDIUM), text)


def evidence_told(text: str) -> Telling:
    """Return a difference whose every text is this."""
    one = Difference(subject=f"site:{text}", kind="cookie", name=text, turn="new", note=text)
    two = Difference(
        subject="site:www", kind="cookie", name=text, turn="longer", before=text, after=text
    )
    lost = Unlooked(subject=text, what=text, why=text)
    return tell_evidence(EvidenceComparison(differences=(one, two), unlooked=(lost,)), text, text)


def reports_told(text: str) -> Telling:
    """Return a comparison whose every text is this."""
    one = Compared(
        fingerprint=text,
        check=text,
        subject=text,
        object=text,
        severity=Severity.HIGH,
        message=text,
        why=text,
    )
    lost = Unseen(check=text, subject=text, why=text)
    found = Comparison(
        as_of=(text, text),
        verdict=(Verdict.PASS, Verdict.FAIL),
        new=(one,),
        fixed=(one,),
        waived=(one,),
        not_looked_at=(one,),
        incomplete=(lost,),
    )
    return tell_reports(found, Severity.MEDIUM, text, text)


every_telling = pytest.mark.parametrize("tell", [policies_told, evidence_told, reports_told])
HIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
COMMAND = re.compile(r"(?:^|\s)::[A-Za-z]|##(?:vso|teamcity)?\[")


def assert_inert(told: Telling) -> None:
    """Assert that nothing in any format is obeyed by a terminal, a browser or a CI system."""
    for name in DIFF_FORMATS:
        text = DIFF_FORMATS[name](told, colour=False)
        assert not HIDDEN.search(text), name
        if name != "json":
            assert not COMMAND.search(text), name
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(diff_to_markdown(told, colour=False))
    kinds = {token.type for token in tokens}
    inside = {c.type for token in tokens for c in token.children or ()}
    assert kinds <= {
        *("heading_open", "heading_close", "inline", "paragraph_open", "paragraph_close"),
        *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
    }
    assert inside <= {"text", "code_inline", "strong_open", "strong_close", "text_special"}
    json.loads(diff_to_json(told))


@every_telling
@pytest.mark.parametrize("text", HOSTILE)
def test_the_battery(tell: Callable[[str], Telling], text: str) -> None:
    """Escapes, markup, links, fences, commands, tables, marks that turn text around."""
    assert_inert(tell(text))


@every_telling
@settings(max_examples=40)
@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_inert(tell: Callable[[str], Telling], text: str) -> None:
    """Whatever a name is."""
    assert_inert(tell(text))


def test_names_of_files_are_inert(
    tmp_path: Path, compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is typed is shown as it is, and obeyed by nobody."""
    monkeypatch.chdir(tmp_path)
    path = Path("x\x1b[31m`<b>.yaml")
    path.write_text("version: 1\ncontroller: {name: A}\n")
    for name in DIFF_FORMATS:
        assert "\x1b" not in compare(path, path, "--format", name)[1]


def test_colours_are_asked_for() -> None:
    """The verdict is red, and marks are in colours; without, there are none."""
    told = reports_told("x")
    assert "\x1b[1;31mfail\x1b[0m" in diff_to_terminal(told, colour=True)
    assert "\x1b" not in diff_to_terminal(told, colour=False)


def test_long_lists_end_with_a_count() -> None:
    """Nothing is left out in silence."""
    part = Part(title="new", lines=(Line(mark="+", words="x"),) * 500)
    text = terminal_part(part, lambda _, text: text, 80)
    assert text.endswith(f"and {500 - LINES_SHOWN} more (--format json lists them)")
    assert [*markdown_part(part)][-1] == f"- and {500 - MARKDOWN_LINES} more"
