"""Whoever asks about their rights gets an answer in time."""

import pytest
from inline_snapshot import snapshot

from auditor.evidence import Aspect, Gap, Reason, SettingSeen
from auditor.findings import Result
from auditor.testing import account, judge, policy, setting
from auditor_checks.unanswered_requests import unanswered_request

MAILBOX = "accounts: [{id: app, connector: imap, host: mail.example.org, user: privacy}]\n"


def run(*seen: SettingSeen, text: str = MAILBOX, gaps: tuple[Gap, ...] = ()) -> Result:
    """Judge a mailbox."""
    return judge(unanswered_request, policy(text), account(*seen, gaps=gaps))


def test_old_requests_without_an_answer() -> None:
    """How many, and where."""
    (found,) = run(setting("unanswered", "2", period="P30D", of="requests")).findings
    assert found.severity.value == "high"
    assert found.message == snapshot(
        "2 messages look like a request about rights, and have had no answer for P30D (unanswered)"
    )


@pytest.mark.parametrize(("connector", "outcome"), [("imap", "pass"), ("slack", "not_applicable")])
def test_nothing_is_waiting(connector: str, outcome: str) -> None:
    """Only a mailbox can show it."""
    text = MAILBOX if connector == "imap" else "accounts: [{id: app, connector: slack}]"
    assert run(text=text).outcome.value == outcome


def test_a_mailbox_that_nobody_could_search() -> None:
    """Is a gap."""
    gap = Gap(what="w", reason=Reason.FORBIDDEN, needs="n", aspects=(Aspect.REQUESTS,))
    assert run(gaps=(gap,)).outcome.value == "error"
    assert judge(unanswered_request, policy(MAILBOX)).outcome.value == "error"
