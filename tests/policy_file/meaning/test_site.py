"""Sites: choices that can be made, and banners that fit what is declared."""

# ruff: noqa: E501 -- a message is one line

from collections.abc import Callable

import pytest
from inline_snapshot import snapshot

MISTAKES = {
    "lifetime of what is no cookie": (
        "device_storage: [{identifier: a, type: local_storage, max_age: P1Y}]",
        snapshot(
            "policy.yaml:3:55: device_storage[0].max_age: only cookies have a max_age; a local_storage row has none"
        ),
    ),
    "no banner, and consent needed": (
        """\
sites:
- {id: www, url: https://example.org/, consent: {banner: none}}
- {id: app, url: https://app.example.org/, consent: {banner: auto}}
device_storage:
- {identifier: session, type: cookie, consent: exempt_strictly_necessary, reason: sign in}
- {identifier: _app, type: cookie, sites: [app]}
- {identifier: _ga, type: cookie}
""",
        snapshot(
            "policy.yaml:4:58: sites[0].consent.banner: there is no banner, but _ga (line 9) may only be used after consent: add a banner, take it out, or say why it needs no consent"
        ),
    ),
    "expressions": (
        """\
sites:
- id: www
  url: https://example.org/
  consent:
    state:
      accept: {cookie: c, matches: "(a"}
      reject: {cookie: c, matches: '(a)\\1'}
      withdraw: {cookie: c, matches: "a{2000}"}
""",
        snapshot("""\
policy.yaml:8:36: sites[0].consent.state.accept.matches: "(a" is no RE2 expression: missing ): (a
policy.yaml:9:36: sites[0].consent.state.reject.matches: "(a)\\1" is no RE2 expression: invalid escape sequence: \\1
policy.yaml:10:38: sites[0].consent.state.withdraw.matches: "a{2000}" is no RE2 expression: invalid repetition size: {2000}\
"""),
    ),
    "steps": (
        """\
sites:
- id: www
  url: https://example.org/
  consent: {accept: {steps: [{click: a}, {}]}, withdraw: {steps: [{click: a, wait_for: b}]}}
""",
        snapshot("""\
policy.yaml:6:42: sites[0].consent.accept.steps[1]: a step either clicks or waits: write one of click and wait_for
policy.yaml:6:67: sites[0].consent.withdraw.steps[0]: a step either clicks or waits: write one of click and wait_for\
"""),
    ),
    "start": (
        'sites: [{id: a, url: https://a.example, crawl: {start: [/, about, "//b.example", "https://b.example"]}}]',
        snapshot("""\
policy.yaml:3:60: sites[0].crawl.start[1]: "about" is not a path of the site; begin it with one /
policy.yaml:3:67: sites[0].crawl.start[2]: "//b.example" is not a path of the site; begin it with one /
policy.yaml:3:82: sites[0].crawl.start[3]: "https://b.example" is not a path of the site; begin it with one /\
"""),
    ),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(refusal: Callable[[str], str], text: str, said: str) -> None:
    """A site that contradicts itself is refused."""
    assert refusal(text) == said


def test_exponential_expression_is_read_at_once(accepted: Callable[[str], object]) -> None:
    """RE2 takes no time for an expression that keeps other engines busy for ever."""
    states = 'state: {accept: {cookie: a, matches: "^(a+)+$"}}'
    assert accepted(f"sites: [{{id: a, url: https://a.example, consent: {{{states}}}}}]")


def test_banner_of_another_site(accepted: Callable[[str], object]) -> None:
    """A site without a banner is good where nothing on it waits for consent."""
    assert accepted(
        "sites: [{id: a, url: https://a.example, consent: {banner: none}},"
        " {id: b, url: https://b.example}]\n"
        "device_storage: [{identifier: _ga, type: cookie, sites: [b]}]"
    )
