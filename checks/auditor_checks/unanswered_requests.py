"""Rights: whoever asks gets an answer within a month (GDPR Art. 12(3))."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import AccountData, Aspect
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity, Sighting
from auditor.matching import holder_of
from auditor.policy import NOWHERE, Account, Policy

MAILBOX = "accounts: [{id: app, connector: imap, host: mail.example.org, user: privacy}]\n"


@check(
    "rights-unanswered",
    title="Requests about rights are answered in time",
    needs=AccountData,
    references=["gdpr:12"],
    looks_at=[Aspect.REQUESTS],
    passing=Example(policy=MAILBOX),
    failing=Example(policy=MAILBOX, seen=(example.setting("unanswered", "3", period="P30D"),)),
)
def unanswered_request(policy: Policy, account: AccountData) -> Iterator[Remark]:
    """Answer them: one month is the limit, and saying that it takes longer is an answer, too.

    Messages are found by words in their subject, in five languages, and count as answered when the
    mail program says so. What is no request after all can be marked as answered, or moved out of
    the way.
    """
    holder = holder_of(policy, account.subject)
    if not isinstance(holder, Account) or holder.connector != "imap":
        yield NotApplicable(why="it is no mailbox")
    for setting in account.settings:
        if setting.effect == "unanswered" and setting.is_on:
            yield Finding(
                object=f"setting:{setting.name}",
                severity=Severity.HIGH,
                message=f"{setting.value} messages look like a request about rights, and have had"
                f" no answer for {setting.period} ({setting.name})",
                at=holder.at if holder else NOWHERE,
                seen=(Sighting(detail=f"{setting.value} {setting.of}, in {setting.name}"),),
                remedies=(Remedy(kind="remove", text="answer them, or say why it takes longer"),),
            )
