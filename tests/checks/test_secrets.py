"""A key that must stay secret is given to everybody."""

import pytest
from inline_snapshot import snapshot
from msgspec import to_builtins

from auditor.evidence import Aspect, Gap, Reason, State
from auditor.knowledge.secrets import KEYS
from auditor.testing import banner, judge, page, policy, request, secret, site
from auditor_checks.secrets import MILD, exposed_secret

STRIPE = "Stripe secret key"


def test_nothing_found_passes() -> None:
    """Scripts without keys, in every state."""
    result = judge(exposed_secret, policy(""), site(request("https://example.org/app.js")))
    assert (result.outcome.value, result.findings) == ("pass", ())


def test_one_finding_for_each_kind_and_place() -> None:
    """However often it was seen; the same kind in another script is another finding."""
    seen = [
        secret(STRIPE),
        secret(STRIPE, state=State.ACCEPT),
        secret(STRIPE, "https://example.org/b.js"),
        secret("Slack token"),
        secret(STRIPE, "https://cdn.example.com/c.js"),
    ]
    findings = judge(exposed_secret, policy(""), site(*seen)).findings
    assert sorted((f.object, len(f.seen)) for f in findings) == [
        ("secret:slack-token@example.org", 1),
        ("secret:stripe-secret-key@cdn.example.com", 1),
        ("secret:stripe-secret-key@example.org", 1),
        ("secret:stripe-secret-key@example.org", 2),
    ]
    assert len({finding.fingerprint for finding in findings}) == 4
    assert {finding.severity.value for finding in findings} == {"critical"}


def test_a_key_for_tests_is_less_grave() -> None:
    """Nothing real is behind it; it is a kind that is looked for."""
    assert {row.kind for row in KEYS} >= MILD
    (finding,) = judge(exposed_secret, policy(""), site(secret("Stripe test key"))).findings
    assert finding.severity.value == "medium"


def test_a_strange_kind_makes_no_strange_object() -> None:
    """Evidence may come from anywhere; objects are read by other tools."""
    seen = secret("\x1b[31m A  key:*\n" + "k" * 100)
    (finding,) = judge(exposed_secret, policy(""), site(seen)).findings
    assert finding.object == f"secret:31m-a-key-{'k' * 54}@example.org"


@pytest.mark.parametrize(
    ("aspect", "outcome"),
    [(Aspect.CONTENT, "error"), (Aspect.REQUESTS, "error"), (Aspect.COOKIES, "pass")],
)
def test_what_could_not_be_read_is_a_gap(aspect: Aspect, outcome: str) -> None:
    """A script that was not read, or not seen at all, may hold a key."""
    gap = Gap(what="w", reason=Reason.TIMEOUT, needs="n", aspects=(aspect,))
    assert judge(exposed_secret, policy(""), site(gaps=[gap])).outcome.value == outcome


def test_a_state_that_was_not_looked_at_is_a_gap() -> None:
    """Some scripts are loaded only after a choice, where there is one to make."""
    result = judge(exposed_secret, policy(""), site(page(), banner()))
    assert result.outcome.value == "error"


def test_a_whole_finding() -> None:
    """Where it is, and what comes first: it is to be revoked."""
    (finding,) = judge(exposed_secret, policy(""), site(secret("npm token"))).findings
    assert to_builtins(finding) == snapshot(
        {
            "fingerprint": "bf07d7734386096dcfc0d21d5efdddf6a0294e90c653bf5cc5c17261cca7f259",
            "object": "secret:npm-token@example.org",
            "severity": "critical",
            "message": "https://example.org/app.js holds what has to stay secret: npm token",
            "waived_by": None,
            "policy": {"path": "policy.yaml", "line": 3, "column": 9},
            "seen": (
                {
                    "page": "https://example.org/",
                    "state": "before",
                    "by": "https://example.org/app.js",
                    "detail": "npm token",
                },
            ),
            "remedies": (
                {
                    "kind": "remove",
                    "text": "revoke it now, where it was made: it is public",
                    "yaml": "",
                },
                {
                    "kind": "remove",
                    "text": "take it out, and let a server of your own ask with a new one",
                    "yaml": "",
                },
            ),
        }
    )
