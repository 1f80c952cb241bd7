"""Waivers and attestations: complete, dated, and never a blanket."""

# ruff: noqa: E501 -- a message is one line

from collections.abc import Callable

import pytest
from inline_snapshot import snapshot

SITE = "sites: [{id: www, url: https://example.org/}]\n"
MISTAKES = {
    "incomplete": (
        "waivers: [{id: a}]\nattestations: [{id: a}]",
        snapshot("""\
policy.yaml:3:11: waivers[0]: missing: check, subject, object, justification, owner, approved_by, created, expires; write them, or TODO for each
policy.yaml:4:16: attestations[0]: missing: covers, statement, by, date, expires; write them, or TODO for each\
"""),
    ),
    "blankets": (
        SITE
        + "waivers:\n"
        + "".join(
            f"- {{id: w{i}, check: cookie-undeclared, subject: '{subject}', object: '{name}',"
            " justification: j, owner: o, approved_by: b, created: 2026-01-01, expires: 2026-02-01}\n"
            for i, (subject, name) in enumerate(
                [("*", "cookie:_ga"), ("site:*", "*"), ("site:www", "cookie:*"), ("s*", "**@*")]
            )
        ),
        snapshot("""\
policy.yaml:5:47: waivers[0].subject: "*" accepts nearly everything; name what is accepted, with at least 3 characters beside the *
policy.yaml:6:65: waivers[1].object: "*": write KIND:NAME, such as cookie:_ga* or host:x.example
policy.yaml:7:67: waivers[2].object: "cookie:*" accepts nearly everything; name what is accepted, with at least 3 characters beside the *
policy.yaml:8:47: waivers[3].subject: "s*" accepts nearly everything; name what is accepted, with at least 3 characters beside the *
policy.yaml:8:61: waivers[3].object: "**@*": write KIND:NAME, such as cookie:_ga* or host:x.example\
"""),
    ),
    "longer than a year": (
        SITE
        + "waivers:\n"
        + "".join(
            f"- {{id: w{i}, check: cookie-undeclared, subject: 'site:www', object: 'cookie:_ga*',"
            f" justification: j, owner: o, approved_by: b, created: {created}, expires: {expires}}}\n"
            for i, (created, expires) in enumerate(
                [
                    ("2026-11-01", "2027-11-01"),
                    ("2026-11-01", "2027-11-02"),
                    ("2028-02-29", "2029-03-01"),
                    ("2026-11-01", "2026-10-31"),
                    ("2026-11-01", "9999-12-31"),
                ]
            )
        ),
        snapshot("""\
policy.yaml:6:156: waivers[1].expires: a waiver lasts a year at most; write 2027-11-01 or earlier
policy.yaml:7:156: waivers[2].expires: a waiver lasts a year at most; write 2029-02-28 or earlier
policy.yaml:8:156: waivers[3].expires: is before created; write a later day
policy.yaml:9:156: waivers[4].expires: a waiver lasts a year at most; write 2027-11-01 or earlier\
"""),
    ),
    "attestation that ends before it begins": (
        (
            "claims: [{id: c}]\n"
            "attestations: [{id: a, covers: 'claim:c', statement: s, by: b, date: 2026-02-01, expires: 2026-01-01}]"
        ),
        snapshot("policy.yaml:4:91: attestations[0].expires: is before date; write a later day"),
    ),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(refusal: Callable[[str], str], text: str, said: str) -> None:
    """What accepts too much, too long, or in nobody's name is refused."""
    assert refusal(text) == said
