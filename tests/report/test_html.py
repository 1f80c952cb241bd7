import base64
import hashlib
import json
import re
import textwrap
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot
from msgspec import structs
from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditor.evidence import Gap, PageLoaded, Reason, State
from auditor.example import HOME
from auditor.findings import ToolVersion
from auditor.report import PAGES, Story
from auditor.report.html import render_html
from auditor.report.html.tables import lasting
from auditor.testing import TODAY, ages, cookie, page, request, table
from auditor.vocabulary import REFERENCES

Make = Callable[..., Story]
HOSTILE = "</style></pre><script>x</script><img src=x onerror=y>'\"{{7*7}}&amp;javascript:x"
OLD, NEW = str(TODAY - timedelta(days=900)), str(TODAY - timedelta(days=30))
SEEN = (
    cookie("_ga", domain="example.org"),
    cookie("old_cart", domain="example.org"),
    cookie("session", lifetime=3600),
    request("https://js.pay.example/v3"),
    request("https://t.tracker.example/t.js", by="https://example.org/app.js"),
    table("users", ages({OLD: 9, NEW: 230}, undated=1), rows=240),
)


def parsed(story: Story) -> LexborHTMLParser:
    """Return the page as a browser without scripts takes it in."""
    return LexborHTMLParser(render_html(story))


def texts(tree: LexborHTMLParser, selector: str) -> list[str]:
    """Return what each of the elements says, with its blanks made one."""
    return [" ".join(node.text(separator=" ").split()) for node in tree.css(selector)]


def only(node: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    """Return the first element that is meant; it has to be there."""
    found = node.css_first(selector)
    assert found is not None
    return found


def rows(tree: LexborHTMLParser, selector: str) -> list[list[str]]:
    """Return the rows of the tables below an element, as texts."""
    found = tree.css(f"{selector} tbody tr")
    return [
        [" ".join(cell.text(separator=" ").split()) for cell in row.css("th, td")] for row in found
    ]


def test_the_order_of_the_page(story: Make) -> None:
    """The verdict comes first, then what was looked at and what was not, the findings after it."""
    tree = parsed(story(*SEEN))
    assert texts(tree, "h2") == snapshot(
        [
            "fail What was seen does not match what is promised",
            "What was looked at, and what was not",
            "What does not match, and what to do",
            "What people are told",
            "Who receives data: sites, third parties, countries",
            "Cookies and storage on visitors' devices",
            "How long data is kept",
            "Accepted for a time, and stated by people",
            "Sources and limits",
        ]
    )
    assert textwrap.wrap(texts(tree, "#verdict")[0], 80) == snapshot(
        [
            "fail What was seen does not match what is promised 4 findings of at least medium",
            "severity: what was seen contradicts policy.yaml, or policy.yaml does not mention",
            "it. Accepted for a time by a waiver: 1 finding. Some of what was to be looked at",
            "could not be. There, this report says nothing, neither good nor bad. 4 things",
            "seen that do not match 1 accepted for a time 2 questions left open 0 checks",
            "match Read this first: not looked at: 1 subject of the policy; left open: 2",
            "questions. They are listed below.",
        ]
    )


def test_the_whole_text_of_a_small_report(story: Make) -> None:
    """What a small report says, from its beginning to its end."""
    text = parsed(story(cookie("_ga"), checks=("cookie-undeclared",), scope=("site",))).body
    assert text is not None
    lines = (
        textwrap.fill(" ".join(line.split()), 90)
        for line in text.text(separator="\n").splitlines()
    )
    assert "\n".join(filter(None, lines)) == snapshot("""\
Privacy audit · judged as of 2026-01-15
Example: does what is done with people's data match what is promised?
Verdict
What was looked at
What does not match
What people are told
Who receives data
Cookies and storage
How long data is kept
Accepted and stated
Sources and limits
fail
What was seen does not match what is promised
1 finding of at least medium severity: what was seen contradicts policy.yaml, or
policy.yaml does not mention it. Some of what was to be looked at could not be. There,
this report says nothing, neither good nor bad.
1
things seen that do not match
0
accepted for a time
1
questions left open
0
checks match
Read this first:
not looked at: 2 subjects of the policy;
left open: 1 question.
They are listed below.
What was looked at, and what was not
A verdict says something only of what was looked at. What could not be seen is never
counted as good.
What was looked at
What
How much of it
As which visitor
When
Under which conditions
site:www
1 page of https://example.org/
https://example.org/
before any choice
after refusal
after consent
after withdrawal
with Global Privacy Control
2026-01-15 12:00:00 UTC
-
What nobody looked at in this run
Why
What
the scope notice was left out of this run (--scope)
notice:privacy
the scope stores was left out of this run (--scope)
store:app
Questions left open
What could not be seen
Why
What it takes
Checks left open
policy
policy
nobody looks there
a check for policy: none is installed
promise-unobserved
Every check of this run: 2 rows
What holds when it passes
Where
What came of it
Every cookie is declared
cookie-undeclared
site:www
does not match
Somebody looks at each promise
promise-unobserved
policy
incomplete
What does not match, and what to do
What has the same way out stands together, the worst first. The ways out are in the order
in which they help people most.
Stop or change it, or let it wait for consent, or write it down and tell people (1
finding)
high
_ga
is kept on visitors' devices; no row covers it on example.org; its name matches Google
Analytics
What to do
Stop or change it:
stop setting it.
Let it wait for consent:
set it only after the visitor agreed.
Write it down and tell people:
add it to device_storage, and tell people in the notice.
What to add to policy.yaml
device_storage:
- identifier: "_ga"
type: cookie
set_by: self
domains: ["example.org"]
max_age: session
purpose: TODO
consent: TODO
or type
audit accept 2609c99a
Why it matters, where it was seen, what policy.yaml says
Why it matters
ePrivacy Directive Art. 5(3): Consent before storing on, or reading from, a device
GDPR Art. 5(1)(a): Lawful, fair and open
Stop the site from setting the cookie, or set it only after consent.
If it is needed, declare it under
device_storage
in policy.yaml, with its purpose and whether it needs consent, and say so in the notice. A
row covers a cookie if name, domain and page fit and it was not written by somebody else
than
set_by
says, or by our own code.
Where it was seen (site:www)
What
On which page
As which visitor, when
By whom, and how
cookie:_ga@example.org
https://example.org/
before any choice, 2026-01-15 12:00:00 UTC
example.org
asks for the session
What policy.yaml says
15 processors: [pay]
16 retention: {period: P12M, anchor: last_used}
17 device_storage:
18 - {identifier: session, type: cookie, purpose: essential.service, max_age: P1D}
19 stores:
policy.yaml, line 17 · check
cookie-undeclared
· code
2609c99a
What people are told
Sentences of the notices
What people are told
What is known of it
Covered by
“We use few cookies”
few
contradicted
cookie-undeclared
Who receives data: sites, third parties, countries
No page was seen to talk to a third party.
Third parties and countries: 2 recipients
Who receives data
Declared
For what
When pages talk to it
Country
Hosts
Pay
policy.yaml, line 9
Provide the service
no page was seen to talk to it
US
*.pay.example
Idle
policy.yaml, line 10
not said
no page was seen to talk to it
FR
*.idle.example
Cookies and storage on visitors' devices
“Nobody looked” is not “not seen”: in that state no page was opened.
Cookies and storage on site www: declared and seen: 2 items
What
Whose
Declared
Kept how long
before any choice
after refusal
after consent
after withdrawal
with Global Privacy Control
_ga
cookie of example.org
Google Analytics
not declared
asked for: the session
seen
not seen
not seen
not seen
not seen
session
cookie
self
policy.yaml, line 18
Provide the service
needs consent
promised: 1 day
not seen
not seen
not seen
not seen
not seen
How long data is kept
Each chart shows how many records there are of each age. Those beyond the dashed line are
older than promised.
Ages of records against the promise
Records
Promise
Too old
Oldest
Within the promise
Without a usable date
users
store:app
for accounts
12 months from last_used
policy.yaml, line 16
nobody looked
-
-
-
Accepted for a time, and stated by people
Findings accepted for a time
Waiver
Why, and what is planned
Who
Until
What it accepts now
W1
cookie-undeclared on site:www
cookie:old*
It goes with the old shop
seen to by Ada
decided by Grace
on 2026-01-01
2026-01-25
10 days left
accepts nothing in this run
What people state, and nobody observed
Statement
What is stated
By whom
Until
What it stands in for
A1
claim:few
Few
Grace
on 2026-01-01
2026-02-01
17 days left
-
Sources and limits
What this report does not establish
Whether anything is lawful. It compares what is said with what is done, and law may ask
for more.
What a processor does with data once it has it, or what happens behind the site's own
servers.
What happens at other times, on other pages, in other browsers or countries, or to some
people.
What was listed above as not looked at, left open, or stated by a person.
That somebody does not do something. It can only be contradicted by what is seen.
How it was judged
What
Value
Judged as of
2026-01-15
the day on which periods and waivers are counted
Tool
policy-auditor 1
Policy
policy.yaml
SHA-256 72088842b05e9782f90dca78e83d1e02fe8172ce94876091cd399e388b6ac7ac
Scope
site
Fails from severity
medium
Waivers
applied
Knowledge: public_suffix_list
1
Evidence
What
Kind
Collected
SHA-256
site:www
example
2026-01-15 12:00:00 UTC
-
Made by policy-auditor 1. The same policy, evidence and day give the same page.\
""")


def test_what_was_looked_at_and_what_was_not(story: Make) -> None:
    """Each subject has its extent, states and moment; others and gaps say what they take."""
    gap = Gap(what="/team", reason=Reason.TIMEOUT, needs="a page that answers")
    tree = parsed(story(cookie("_ga"), gaps=(gap,)))
    looked, unseen, questions = tree.css("#looked > table")[:3]
    assert "site:www" in looked.text()
    assert "2026-01-15 12:00:00 UTC" in looked.text()
    assert "after withdrawal" in looked.text()
    assert "store:app" in unseen.text()
    assert "nothing was seen of it" in unseen.text()
    assert "did not answer in time" in questions.text()
    assert "a page that answers" in questions.text()
    number = len(questions.css("tbody tr"))
    assert f"not looked at: 2 subjects of the policy; left open: {number} questions" in " ".join(
        texts(tree, "#verdict")
    )


def test_a_verdict_of_pass(story: Make) -> None:
    """Where all was looked at and nothing was found, it says so, and no more."""
    seen, row = cookie("session"), "device_storage: [{identifier: session, type: cookie}]"
    tree = parsed(story(seen, promised=row, checks=("cookie-undeclared", "promise-unobserved")))
    assert texts(tree, "#h-verdict") == ["pass What was seen matches what is promised"]
    assert "Nothing that was seen contradicts" in texts(tree, "#findings")[0]


def test_nothing_looked_at_is_never_green(story: Make) -> None:
    """A page that did not load shows nothing: incomplete, and the parts say that nobody looked."""
    lost = PageLoaded(page=HOME, url=HOME, status=503, state=State.BEFORE)
    tree = parsed(story(lost, scope=("site",)))
    assert texts(tree, "#h-verdict") == ["incomplete Not everything could be looked at"]
    assert "Nothing but the policy itself was looked at." in texts(tree, "#looked")[0]
    assert "no page was looked at" in texts(tree, "#map")[0]
    assert {cell for row in rows(tree, "#devices") for cell in row[4:]} == {"nobody looked"}


def test_a_finding_has_all_that_it_takes(story: Make) -> None:
    """What to do, what to paste, why, where and when it was seen, and the line of policy.yaml."""
    made = story(*SEEN)
    tree = parsed(made)
    (card,) = (c for c in tree.css("article") if "_ga" in only(c, "h4").text())
    text = " ".join(card.text().split())
    assert "Stop or change it: stop setting it" in text
    assert 'identifier: "_ga"' in text
    assert "GDPR Art. 5(1)(a): Lawful, fair and open" in text
    assert "before any choice, 2026-01-15 12:00:00 UTC" in text
    (marked,) = card.css("mark")
    line = made.policy.section("device_storage").line
    assert marked.text().split() == [str(line), "device_storage:"]
    assert f"audit accept {(card.id or '').removeprefix('f-')}" in text


def test_findings_alike_are_one_card_and_none_is_dropped(story: Make) -> None:
    """Sixty cookies with the same way out: one card, sixty names, one section to paste."""
    names = [f"tracker_{number:02}" for number in range(60)]
    tree = parsed(story(*(cookie(name) for name in names)))
    (card,) = (c for c in tree.css("article") if "60 findings" in only(c, "h4").text())
    stanza = only(card, "pre").text()
    assert stanza.count("device_storage:") == 1
    assert all(f'identifier: "{name}"' in stanza for name in names)
    assert "60 sightings" in card.text()
    assert all(any(name in row[0] for row in rows(tree, "#devices")) for name in names)


def test_headings_of_findings_say_what_to_do(story: Make) -> None:
    """Those with the same choices stand together, with their number."""
    titles = texts(parsed(story(*SEEN)), "#findings h3")
    assert [textwrap.wrap(title, 80) for title in titles] == snapshot(
        [
            [
                "Stop or change it, or let it wait for consent, or write it down and tell people",
                "(3 findings)",
            ],
            ["Stop or change it, or write it down and tell people (1 finding)"],
        ]
    )


def test_who_receives_data(story: Make) -> None:
    """Declared or not, for what, when, where: those never seen are in the table, too."""
    tree = parsed(story(*SEEN))
    assert rows(tree, "#map") == snapshot(
        [
            [
                "Pay site www",
                "policy.yaml, line 9 needs no consent",
                "Provide the service",
                "without consent, as declared before any choice",
                "US",
                "js.pay.example",
            ],
            [
                "tracker.example site www",
                "not declared",
                "not said",
                "without consent, and it is not declared so before any choice",
                "country not known",
                "t.tracker.example",
            ],
            [
                "Idle",
                "policy.yaml, line 10",
                "not said",
                "no page was seen to talk to it",
                "FR",
                "*.idle.example",
            ],
        ]
    )
    assert texts(tree, "#map .wide svg title") == snapshot(
        ["2 third parties that pages talk to, and their countries"]
    )


def test_third_parties_beyond_the_drawing_are_counted(story: Make) -> None:
    """Of 45 the drawing has 40, the page says how many more, and the table has all."""
    tree = parsed(story(*(request(f"https://t{n:02}.example/x") for n in range(45))))
    assert len(tree.css("#map .wide svg rect")) == 40 + 2  # the site, and "not known"
    assert "5 recipients more stand in the table only." in texts(tree, "#map > p")
    assert len([row for row in rows(tree, "#map") if row[1] == "not declared"]) == 45


def test_cookies_by_visitor_state(story: Make) -> None:
    """Declared and seen side by side; a state in which nobody looked is told from "not seen"."""
    states = [page(state=state) for state in (State.BEFORE, State.ACCEPT)]
    tree = parsed(story(*states, *SEEN))
    assert rows(tree, "#devices") == snapshot(
        [
            [
                "_ga cookie of example.org",
                "Google Analytics",
                "not declared",
                "asked for: the session",
                "seen",
                "nobody looked",
                "not seen",
                "nobody looked",
                "nobody looked",
            ],
            [
                "old_cart cookie of example.org",
                "-",
                "not declared",
                "asked for: the session",
                "seen",
                "nobody looked",
                "not seen",
                "nobody looked",
                "nobody looked",
            ],
            [
                "session cookie of example.org",
                "-",
                "policy.yaml, line 18 Provide the service needs consent",
                "promised: 1 day asked for: 1 hour",
                "seen, needs consent",
                "nobody looked",
                "not seen",
                "nobody looked",
                "nobody looked",
            ],
        ]
    )


def test_ages_against_the_promise(story: Make) -> None:
    """Too old as the check counts it, with the records that have no date; and a chart."""
    tree = parsed(story(*SEEN))
    assert rows(tree, "#ages") == snapshot(
        [
            [
                "users store:app for accounts",
                "12 months from last_used policy.yaml, line 16",
                "9 of 240",
                "2023-07-30 900 days old",
                "230",
                "1",
            ]
        ]
    )
    assert texts(tree, "#ages svg title") == [
        "store:app, users: accounts: 9 of 240 too old",
    ]
    assert len(tree.css("#ages svg .late")) == 1
    assert "9 of 240 records" in " ".join(texts(tree, "#findings h4"))


def test_the_last_day_of_a_period(story: Make) -> None:
    """On the day on which its period ends a record may still be there, a day later it may not."""
    counted = ages({"2025-01-14": 4, "2025-01-15": 5})
    made = story(table("users", counted, rows=9))
    assert rows(parsed(made), "#ages")[0][2] == "4 of 9"
    found = [finding.message for result in made.report.results for finding in result.findings]
    assert [message[:14] for message in found] == ["4 of 9 records"]


def test_ages_nobody_counted(story: Make) -> None:
    """A promise without an answer says why: nobody looked, or the policy lacks something."""
    tree = parsed(story(cookie("session")))
    assert rows(tree, "#ages")[0][2] == "nobody looked"
    made = story(table("users", ages({NEW: 3}), rows=3))
    lacking = made.policy.origin.text.replace("anchors: {last_used: last_seen}", "anchors: {}")
    tree = parsed(story(table("users", rows=3), promised=lacking))
    assert rows(tree, "#ages")[0][2].startswith("nobody can count: policy.yaml lacks which column")


def test_waivers_and_attestations(story: Make) -> None:
    """Who answers for each, how many days are left, and what it stands for."""
    tree = parsed(story(*SEEN))
    waivers, attestations = rows(tree, "#accepted")
    assert waivers[:4] == snapshot(
        [
            "W1 cookie-undeclared on site:www cookie:old*",
            "It goes with the old shop",
            "seen to by Ada decided by Grace on 2026-01-01",
            "2026-01-25 10 days left",
        ]
    )
    assert waivers[4].startswith(
        "cookie:old_cart@example.org: old_cart is kept on visitors' devices"
    )
    assert attestations == snapshot(
        ["A1 claim:few", "Few", "Grace on 2026-01-01", "2026-02-01 17 days left", "-"]
    )


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-01-15", "its last day"), ("2026-01-14", "ended 1 day before this report")],
)
def test_the_last_days_of_a_waiver(story: Make, day: str, words: str) -> None:
    """The last day still counts; the day after, it says that it has ended."""
    made = story(*SEEN)
    text = made.policy.origin.text.replace("expires: 2026-01-25", f"expires: {day}")
    tree = parsed(story(*SEEN, promised=text))
    assert words in rows(tree, "#accepted")[0][3]


def test_the_policy_of_the_page_allows_its_style_alone(story: Make) -> None:
    """The digest is that of the style; there is nothing that it would have to forbid."""
    tree = parsed(story(*SEEN))
    (style,) = tree.css("style")
    digest = base64.b64encode(hashlib.sha256(style.text(deep=True).encode()).digest()).decode()
    (policy,) = tree.css('meta[http-equiv="Content-Security-Policy"]')
    rules = (policy.attributes["content"] or "").split("; ")
    assert rules[:3] == ["default-src 'none'", f"style-src 'sha256-{digest}'", "img-src data:"]
    assert tree.css("[style], script, link, img, iframe, object, base, form") == []
    assert only(tree, "html").attributes["lang"] == "en"


def test_links_lead_to_the_law_only(story: Make) -> None:
    """Addresses of pages and scripts are text; links go within the page, or to an article."""
    tree = parsed(story(*SEEN))
    links = {node.attributes["href"] or "" for node in tree.css("a")}
    outside = {link for link in links if not link.startswith("#")}
    assert outside <= {reference.url for reference in REFERENCES.values()}
    assert all(link.startswith("https://") for link in outside)
    inside = {link.removeprefix("#") for link in links - outside}
    assert inside <= {node.attributes["id"] for node in tree.css("[id]")}


def test_no_id_is_there_twice(story: Make) -> None:
    """Names for those who do not see a picture are each one's own."""
    ids = [node.attributes["id"] for node in parsed(story(*SEEN)).css("[id]")]
    assert len(ids) == len(set(ids))


def test_hostile_names_are_text(story: Make) -> None:
    """Markup from pages, policies and gaps is shown, and makes no element."""
    promised = f"""
controller: {{name: {json.dumps(HOSTILE)}}}
claims: [{{id: a, quote: {json.dumps(HOSTILE)}, covered_by: not_verifiable}}]
processors: [{{id: p, name: {json.dumps(HOSTILE)}, domains: [p.example]}}]
"""
    gap = Gap(what=HOSTILE, reason=Reason.TIMEOUT, needs=HOSTILE)
    seen = (
        cookie(HOSTILE, page=HOSTILE, by=HOSTILE),
        request("https://p.example/x", by=HOSTILE),
        request("https://x.example/x", page=HOSTILE, by="javascript:x"),
    )
    tree = parsed(story(*seen, promised=promised, gaps=(gap,)))
    assert tree.css("script, img, [onerror]") == []
    assert len(tree.css("style")) == 1
    text = tree.root.text(separator=" ") if tree.root else ""
    assert text.count("<script>x</script>") > 5
    assert "49" not in texts(tree, "h1")[0]


@given(name=st.text(min_size=1, max_size=60))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_leaves_the_page_as_it_is(story: Make, name: str) -> None:
    """Whatever a cookie and a script are called, the page has the same elements."""
    plain = parsed(story(cookie("x", by="y"), request("https://t.example/", by="y")))
    other = parsed(story(cookie(name, by=name), request("https://t.example/", by=name)))
    kinds = [[node.tag for node in tree.css("body *:not(code)")] for tree in (plain, other)]
    assert kinds[0] == kinds[1]


def test_what_is_hidden_is_shown(story: Make) -> None:
    """Control characters and marks that turn text around stand there as escapes."""
    made = story(cookie("a\x1b[2J\u202eb\x00"))
    tool = ToolVersion(name="made\x1b\u202e by", version="1")
    text = render_html(structs.replace(made, report=structs.replace(made.report, tool=tool)))
    assert r"a\u001b[2J\u202eb\u0000" in text
    assert not re.search("[\x00\x1b\u202e]", text)


def test_a_text_without_end_is_cut_with_its_number(story: Make) -> None:
    """Of a megabyte the first characters are shown, and how many more there are."""
    assert re.search(r"\(\d+ characters more\)", render_html(story(cookie("x" * 1_000_000))))


def test_the_same_story_gives_the_same_bytes(story: Make) -> None:
    """Nothing of the moment, the machine or the order of a set is in the page."""
    assert PAGES["html"](story(*SEEN)) == PAGES["html"](story(*SEEN))


def test_on_paper_nothing_is_folded(story: Make) -> None:
    """What is folded on a screen is open, and the drawing for phones is left out."""
    many = [cookie(f"tracker_{number}") for number in range(60)]
    made = story(*many)
    printed = LexborHTMLParser(render_html(made, printed=True))
    assert printed.css("details:not([open])") == []
    assert printed.css(".narrow") == []
    assert parsed(made).css("details:not([open])") != []


def test_a_report_without_coverage_of_waivers(story: Make) -> None:
    """Without waivers it says that they were not applied, and what they would accept counts."""
    tree = parsed(story(*SEEN, waivers=False))
    assert "waivers were not applied" in texts(tree, "#sources > ul")[0]
    assert "accepts nothing in this run" in rows(tree, "#accepted")[0][4]


def test_findings_without_advice_are_told(story: Make) -> None:
    """A check of a plug-in that is no longer installed leaves no hole."""
    made = structs.replace(story(*SEEN), checks=())
    assert "Why it matters" in render_html(made)


def test_what_is_too_long_for_paper_is_counted(story: Make) -> None:
    """Beyond 200 rows and 100 entries to paste it says how many there are, and where."""
    made = story(*(cookie(f"tracker_{number}") for number in range(230)))
    tree = LexborHTMLParser(render_html(made, printed=True))
    notes = texts(tree, "span.note")
    assert "and 31 items more, which --format json and the evidence list" in notes  # and a row
    assert "and 130 stanzas more, which --format json and the evidence list" in notes
    assert only(tree, "article pre").text().count("identifier: ") == 100
    assert "... (130 more)" in only(tree, "article .ways").text()


def test_a_choice_that_nobody_has_made_is_told(story: Make) -> None:
    """Where policy.yaml says TODO of consent and country, the map says that it is not decided."""
    undecided = 'processors: [{id: p, domains: ["*.pay.example"], country: TODO, consent: TODO}]'
    (row,) = rows(parsed(story(request("https://pay.example/x"), promised=undecided)), "#map")
    assert row[1].endswith("consent: not decided yet")
    assert row[3].startswith("without consent, and policy.yaml does not decide yet")
    assert row[4] == "country not decided yet"


def test_only_after_consent_is_drawn_so(story: Make) -> None:
    """A third party that pages talk to after consent only has its own line and words."""
    tree = parsed(story(request("https://pay.example/x", state=State.ACCEPT)))
    assert rows(tree, "#map")[0][3] == "only after consent after consent"
    assert len(tree.css("#map .wide svg path.after")) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("P12M", "12 months"),
        ("P1Y", "12 months"),
        ("P1M15D", "1 month and 15 days"),
        ("PT30M", "30 minutes"),
        ("P0D", "no time"),
        ("session", "the session"),
    ],
)
def test_periods_are_said_in_words(text: str, words: str) -> None:
    """Nobody has to know ISO 8601 to read how long something is kept."""
    assert lasting(text) == words
