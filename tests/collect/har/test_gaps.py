"""Every gap says what is missing and what would show it."""

# ruff: noqa: E501 -- a message is one line

from inline_snapshot import snapshot

from auditor.collect.har import gaps
from auditor.evidence import State


def test_the_words() -> None:
    """All of them, as people read them."""
    told = [
        *gaps.never_in_a_har(),
        *gaps.unusable_entries("x.har", [(17, "Expected `str`, got `int` - at `$.request.url`")]),
        *gaps.unanswered_hosts(["a.example"], State.BEFORE),
        gaps.blocked_requests("x.har", 1, None),
        gaps.blocked_requests("x.har", 2, None),
        gaps.other_pages("x.har", ["a.example"], None),
        gaps.other_pages("x.har", ["d.example", "b.example", "a.example", "c.example"], None),
        gaps.no_cookies("x.har", None),
        gaps.used_profile("x.har"),
        gaps.unknown_state("x.har", "www"),
        gaps.too_much("x.har", 250_000),
    ]
    assert [(gap.what, gap.needs) for gap in told] == snapshot(
        [
            (
                "cookies that scripts write and no request carries",
                "a visit with a browser: no recording can show this",
            ),
            (
                "local and session storage, IndexedDB, caches, service workers",
                "a visit with a browser: no recording can show this",
            ),
            (
                "keys in documents and scripts: recordings are not searched for them",
                "a visit with a browser",
            ),
            (
                "what scripts read from the device, and hear of what visitors do",
                "a visit with a browser: no recording can show this",
            ),
            (
                "x.har: entry 17",
                "a recording in which it can be read: Expected `str`, got `int` - at `$.request.url`",
            ),
            ("a.example", "a recording with its response: what it might have set is not known"),
            (
                "recording x.har: the browser blocked 1 request",
                "a recording in a clean profile, without extensions and tracking protection",
            ),
            (
                "recording x.har: the browser blocked 2 requests",
                "a recording in a clean profile, without extensions and tracking protection",
            ),
            (
                "x.har: 1 request of other sites' pages (hosts a.example)",
                "a recording that stays on this site, made in a window of its own",
            ),
            (
                "x.har: 4 requests of other sites' pages (hosts a.example, b.example, c.example and others)",
                "a recording that stays on this site, made in a window of its own",
            ),
            (
                "recording x.har: no cookies in it, perhaps left out by the export",
                "an export with sensitive data: Chrome DevTools, Settings > Preferences > Network > Allow to generate HAR with sensitive data",
            ),
            (
                "recording x.har: its first page was opened with cookies from earlier visits",
                "a recording begun in a new private window",
            ),
            ("recording x.har", "say what the visitor had chosen: --evidence www:before=x.har"),
            (
                "recording x.har: more than 250,000 requests, cookies and links",
                "several recordings of fewer pages each",
            ),
        ]
    )


def test_no_more_than_fifty_of_a_kind() -> None:
    """The fiftieth is told, the fifty-first is counted."""
    assert len([*gaps.unanswered_hosts(["a"] * 50, None)]) == 50
    assert [*gaps.unanswered_hosts(["a"] * 51, None)][-1].what == "more hosts: 1"
    assert len([*gaps.unusable_entries("x.har", [(1, "")] * 50)]) == 50
    assert [*gaps.unusable_entries("x.har", [(1, "")] * 51)][-1].what == "x.har: more entries: 1"
