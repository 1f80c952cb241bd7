"""One battery of hostile texts, and every form in which a report is told: each is inert."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import structs
from selectolax.lexbor import LexborHTMLParser

from auditor.export.safe import spreadsheet
from auditor.findings import (
    JudgedFinding,
    JudgedGap,
    Outcome,
    PolicyDigest,
    Remedy,
    Report,
    Result,
    Sighting,
    compare,
)
from auditor.report import FORMATS, PAGES, Story
from auditor.report.github import outputs, outputs_file, summary
from auditor.report.markdown import LONGEST

Finding = Callable[..., JudgedFinding]
Gap = Callable[..., JudgedGap]
Judged = Callable[..., Result]
Told = Callable[..., Report]
Whole = Callable[[str], Story]

HOSTILE = {
    "terminal": "\x1b[31mred\x1b[0m\x9b2J\x07",
    "hyperlink": "\x1b]8;;https://evil.example\x07here\x1b]8;;\x07",
    "bidi": "\u202egnp.exe\u2066 \u200bzero\ufeff",
    "markdown": "[click](https://evil.example) ![x](https://evil.example/x.png) **b** ~~s~~",
    "html": "<img src=x onerror=alert(1)><script>alert(1)</script><!-- policy-auditor x -->",
    "closing": "</details></code></summary>\n</testcase></script><h1>x",
    "mention": "@everyone and @org/team, #12 GH-7 a/b#3 someone@evil.example",
    "autolink": "https://evil.example www.evil.example <https://evil.example>",
    "fence": "`code` ``twice`` ```\n````\n# heading\n- item\n> quote",
    "table": "a | b | c\n| - | - |\n\\| x",
    "commands": "x\n::error file=x::boo\n::set-output name=verdict::pass\r\n::stop-commands::x",
    "azure": "##[error]x ##vso[task.setvariable variable=x]y ##teamcity[x]\n##[command]z",
    "escapes": "%0A::error::x %25 file=a,line=2:3::",
    "formula": "=1+1;cmd|' /C calc'!A0",
    "xml": "]]><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a; \x0b\x0c\ufffe\uffff",
    "nul": "a\x00b",
    "surrogate": "a\ud800b\udfff",
    "heredoc": "EOF\nend-0\nverdict<<EOF\npass",
    "long": "x" * 1_000_000,
    "long words": "`y` @z " * 100_000,
}
HIDDEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
ORDERS = re.compile(r"^\s*::[A-Za-z]|##\[|##vso\[|##teamcity\[", re.MULTILINE)
LAW = "https://eur-lex.europa.eu/eli/dir/2002/58/2009-12-19"  # what the check refers to
every_text = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


@pytest.fixture
def whole(
    story: Callable[..., Story], report: Told, result: Judged, finding: Finding, gap: Gap
) -> Whole:
    """Return what makes a story in which a text stands wherever one can come from outside."""
    base = story()

    def make(text: str) -> Story:
        seen = Sighting(page=text, state=text, by=text, detail=text)
        remedy = Remedy(kind="declare", text=text, yaml=f"device_storage:\n  - {text}\n")
        facts: dict[str, Any] = {"message": text, "seen": (seen, seen), "remedies": (remedy,)}
        alone = finding(f"cookie:{text}", **facts)
        many = [finding(f"host:{text}{number}", **facts) for number in range(3)]
        waived = finding(f"cookie:{text}!", waived_by=text, **facts)
        results = (
            result(alone, gap(text, needs=text), subject=f"site:{text}"),
            result(*many, waived, gap(text, needs=text, attested_by=text), title=text),
            result(outcome=Outcome.NOT_CHECKED, detail=text, subject=f"store:{text}"),
        )
        coverage = {
            "not_looked_at": [f"store:{text}"],
            "left_out": [text],
            "claims": {text: text},
        }
        policy = PolicyDigest(path=f"/home/somebody/{text}", sha256="ab" * 32)
        told = report(*results, coverage=coverage, policy=policy, skip=(text,))
        older = report(result(finding(f"cookie:{text}?", **facts), subject=f"site:{text}"))
        told = structs.replace(told, comparison=compare(older, told))
        return structs.replace(base, report=told, source=text)

    return make


def assert_plain(text: str) -> None:
    """Nothing is hidden in it, and no line is an order to a CI system."""
    assert not HIDDEN.search(text)
    assert not ORDERS.search(text)


def texts_in(value: object) -> Iterator[str]:
    """Yield every text within JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for one in pair for text in texts_in(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in texts_in(one))


def assert_inert_markdown(text: str) -> None:
    """Only our own markup; outside of code nobody is called and nothing is referred to."""
    assert_plain(text)
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        if token.type == "html_block":
            own = r"(</?details>|<summary>[\w ,]+</summary>|<!-- policy-auditor [0-9a-f]{16} -->)*"
            assert re.fullmatch(own, token.content.strip())
        for part in token.children or ():
            assert_inert_part(part)


def assert_inert_part(part: Token) -> None:
    """See that it is text, code or our own emphasis, and that text calls nobody."""
    assert part.type in {"text", "text_special", "code_inline", "strong_open", "strong_close"} | {
        "softbreak"
    }
    if part.type != "code_inline":
        assert not re.search(r"@\w|(?<!&)#\d|\bGH-\d", part.content)


@every_text
def test_terminal(whole: Whole, text: str) -> None:
    """It is text without a single control character."""
    assert_plain(FORMATS["terminal"](whole(text).report, policy_text=text, colour=False))


@every_text
def test_json(whole: Whole, text: str) -> None:
    """What is in it can be shown on a terminal."""
    if text != HOSTILE["surrogate"]:
        shown = FORMATS["json"](whole(text).report, policy_text="", colour=False)
        assert not HIDDEN.search(shown)
        json.loads(shown)


@every_text
def test_sarif(whole: Whole, text: str) -> None:
    """Each text in it is inert when it is read back, and none has a link."""
    data = PAGES["sarif"](whole(text)).decode()
    assert_plain(data)
    (run,) = json.loads(data)["runs"]
    run["tool"]["driver"].pop("rules")  # ours: their help has links to the law
    for one in texts_in(run):
        assert_plain(one)
        assert len(one) < 10_000
    messages = [one["message"]["text"] for one in run["results"]]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert not any(
        "](" in said for said in (*messages, *(one["message"]["text"] for one in notes))
    )
    for one in run["results"]:
        uri = one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w.%/~!$&'()*+,;=:@-]+", uri)


@every_text
def test_junit(whole: Whole, text: str) -> None:
    """It is well-formed, and says the same when it is read back."""
    data = PAGES["junit"](whole(text))
    assert_plain(data.decode())
    root = fromstring(data)  # raises at entities and illegal characters
    assert {one.tag for one in root.iter()} == {
        *("testsuites", "testsuite", "testcase", "failure", "skipped"),
    }
    for element in root.iter():
        for one in (*element.attrib.values(), element.text or ""):
            assert_plain(one)
    assert JUnitXml.fromstring(data).failures == 2


@every_text
def test_html(whole: Whole, text: str) -> None:
    """There are no scripts, images or handlers in it."""
    page = LexborHTMLParser(PAGES["html"](whole(text)))
    assert not page.css("script, img, iframe, form, h1 h1, [onerror]")
    links = [one.attributes.get("href") or "#" for one in page.css("a, link, base")]
    assert {link for link in links if not link.startswith("#")} <= {LAW}


@every_text
def test_annotations(whole: Whole, text: str) -> None:
    """A line is one command; the values in its head hold neither colon nor comma."""
    lines = PAGES["github"](whole(text)).decode().split("\n")
    assert lines.pop() == ""
    assert len(lines) == 3
    head = r"file=[^:,]*,line=\d+,endLine=\d+,col=\d+,title=[^:,]*"
    for line in lines:
        assert not HIDDEN.search(line)
        found = re.fullmatch(rf"::(?:error|warning|notice) {head}::(.*)", line)
        assert found
        assert not ORDERS.search(found[1].replace("%0A", "\n"))
        assert not re.search(r"%(?!25|0A)", found[1])


@every_text
def test_summary_and_outputs(whole: Whole, text: str) -> None:
    """The summary is inert Markdown; outputs hold nothing that came from outside."""
    assert_inert_markdown(summary(whole(text)))
    written = outputs_file(outputs(whole(text)), lambda: "END")
    assert re.fullmatch(r'(?:\w+<<END\n[\w{}":,]+\nEND\n){5}', written)


@every_text
def test_comment(whole: Whole, text: str) -> None:
    """So is the comment; its marker stands once, and there is room for all of it."""
    shown = PAGES["markdown"](whole(text)).decode()
    assert_inert_markdown(shown)
    assert len(shown.encode()) <= LONGEST
    assert re.match(
        r"<!-- policy-auditor [0-9a-f]{16} -->\n## Privacy audit: fail\n\n\*\*4", shown
    )
    assert "4 findings (4 high)" in shown


@every_text
def test_spreadsheet(text: str) -> None:
    """No cell is a formula."""
    out = io.StringIO()
    csv.writer(out).writerow([spreadsheet(text)])
    ((cell,),) = csv.reader(io.StringIO(out.getvalue()))
    assert_plain(cell)
    assert not re.match(r"\s*[=+\-@]", cell)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=60))
def test_any_text(whole: Whole, text: str) -> None:
    """Whatever a name is."""
    test_sarif(whole, text)
    test_junit(whole, text)
    test_annotations(whole, text)
    test_comment(whole, text)


def test_no_absolute_path(whole: Whole) -> None:
    """Where the policy lies on this machine is in no form for others."""
    for name in ("sarif", "junit", "github", "markdown"):
        assert b"/home/somebody" not in PAGES[name](structs.replace(whole("x"), source=""))
