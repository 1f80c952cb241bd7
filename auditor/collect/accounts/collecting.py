"""From accounts at processors to evidence: each question of a connector asked, or a gap."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from msgspec import Struct, structs

from auditor.collect.accounts.connector import Asking, CanWrite, Connector, Part, Question
from auditor.collect.accounts.plugins import connector_for
from auditor.collect.credentials import Secret
from auditor.collect.people import SHORTEST, VARIABLE, subject_key
from auditor.collect.progress import Progress, quiet
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Api
from auditor.durations import newest_overdue_day, parse_duration
from auditor.evidence import (
    AccountEvidence,
    Aspect,
    Gap,
    Reason,
    SettingSeen,
    Source,
    TableSeen,
)
from auditor.hosts import is_this_machine
from auditor.policy import Account, Policy

_NOTHING = parse_duration("P0D")


class AccountLooking(Struct, frozen=True, kw_only=True):
    """How accounts are read in one run: `secrets` is the environment, `as_of` the judged day.

    One account may take `seconds`. `is_offline`: only this machine is asked.
    """

    secrets: Mapping[str, str] = {}
    as_of: date | None = None
    seconds: float = 900.0
    is_offline: bool = False


class Tried(Struct, frozen=True, kw_only=True):
    """Whether a credential may ask a question (`audit doctor --accounts`); `needs` if not."""

    account: str
    what: str
    permission: str
    ok: bool
    needs: str = ""


def collect_accounts(
    policy: Policy,
    accounts: Sequence[Account],
    looking: AccountLooking | None = None,
    progress: Progress = quiet,
) -> tuple[AccountEvidence, ...]:
    """Read accounts, one after the other; what breaks in one is a gap of that one."""
    how = looking or AccountLooking()
    found = []
    for number, account in enumerate(accounts):
        progress(account.id, number / len(accounts))
        found.append(_collected(policy, account, how))
        progress(account.id, (number + 1) / len(accounts))
    return tuple(found)


def try_accounts(
    policy: Policy, accounts: Sequence[Account], looking: AccountLooking
) -> Iterator[Tried]:
    """Ask each question until its first answer, and yield what each credential may see."""
    for account in accounts:
        try:
            connector, asking = opened(policy, account, looking)
        except RefusedError as error:
            yield Tried(
                account=account.id, what="the account", permission="", ok=False, needs=error.needs
            )
            continue
        try:
            for question in connector.questions:
                needs = _tried(question, asking)
                yield Tried(
                    account=account.id,
                    what=question.what,
                    permission=question.permission,
                    ok=not needs,
                    needs=needs,
                )
        finally:
            asking.api.close()


def opened(policy: Policy, account: Account, looking: AccountLooking) -> tuple[Connector, Asking]:
    """Return the connector of an account and what its questions take, not asked yet."""
    if account.connector is None:
        raise RefusedError(Reason.UNDECIDED, "a `connector` that says how it is read")
    if looking.is_offline and not is_this_machine(urlsplit(account.base_url).hostname or ""):
        raise RefusedError(Reason.UNREACHABLE, "a run without --offline")
    connector = connector_for(account.connector)
    secret = _secret(account, connector, looking.secrets)
    api = Api(
        connector.service,
        connector.headers(secret),
        base=account.base_url,
        seconds=looking.seconds,
    )
    as_of = looking.as_of or datetime.now(UTC).date()
    return connector, Asking(
        account=account,
        api=api,
        secret=secret,
        as_of=as_of,
        edges=edges_of(policy, account, as_of),
        key=subject_key(looking.secrets.get(VARIABLE, "")),
    )


def edges_of(policy: Policy, account: Account, as_of: date) -> tuple[date, ...]:
    """Return the newest days of which nothing may be left, one for each promised period."""
    names = {*account.activities, *(a for table in account.tables for a in table.activities)}
    days = {
        newest_overdue_day(
            as_of,
            parse_duration(rule.period),
            parse_duration(rule.grace) if rule.grace else _NOTHING,
        )
        for activity in policy.processing_activities
        if activity.id in names
        for rule in activity.retention_rules
        if rule.period
    }
    return tuple(sorted(day for day in days if day))


def _secret(account: Account, connector: Connector, secrets: Mapping[str, str]) -> Secret:
    if account.credentials is None:
        needs = f"`credentials: {{env: NAME}}` of the account. {connector.credential}"
        raise RefusedError(Reason.NO_CREDENTIAL, needs)
    text = secrets.get(account.credentials.env, "")
    if not text.strip():
        needs = f"the variable {account.credentials.env}. {connector.credential}"
        raise RefusedError(Reason.NO_CREDENTIAL, needs)
    return Secret(text=text)


def _collected(policy: Policy, account: Account, looking: AccountLooking) -> AccountEvidence:
    seen = _Seen()
    began = datetime.now(UTC)
    try:
        connector, asking = opened(policy, account, looking)
    except RefusedError as error:
        needs = error.needs
        seen.parts.append(Gap(what=f"account:{account.id}", reason=error.reason, needs=needs))
    else:
        try:
            for question in connector.questions:
                seen.ask(question, asking)
            seen.parts += connector.cannot_show
            if not asking.key:
                seen.parts.append(_NO_KEY)
        finally:
            asking.api.close()
    return AccountEvidence(
        account=account.id,
        connector=account.connector or "",
        sources=(
            Source(
                kind="account" if seen.is_answered else "attempt",
                path=f"account {account.id}",
                collected_at=began,
            ),
        ),
        tables=tuple(part for part in seen.parts if isinstance(part, TableSeen)),
        settings=tuple(part for part in seen.parts if isinstance(part, SettingSeen)),
        can_write=tuple(part.what for part in seen.parts if isinstance(part, CanWrite)),
        gaps=tuple(dict.fromkeys(part for part in seen.parts if isinstance(part, Gap))),
    )


_NO_KEY = Gap(
    what="who is in it",
    reason=Reason.NO_CREDENTIAL,
    needs=f"a secret of {SHORTEST} characters or more in the variable {VARIABLE}: by it people are"
    " compared across systems without their names being kept",
    aspects=(Aspect.SUBJECTS,),
)


class _Seen:
    """What one account has shown until now."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.is_answered = False

    def ask(self, question: Question, asking: Asking) -> None:
        """Ask one question; what it yields before it breaks is kept."""
        try:
            for part in question.ask(asking):
                self.is_answered = True
                self.parts.append(_of_question(part, question))
            self.is_answered = True
        except RefusedError as error:
            needs = _with_permission(error, question)
            self._missed(question, error.reason, needs)
        except Exception as error:  # noqa: BLE001 -- one question's crash is one question's gap
            needs = f"a connector that does not raise {type(error).__name__}"
            self._missed(question, Reason.CHECK_CRASHED, needs)

    def _missed(self, question: Question, reason: Reason, needs: str) -> None:
        gap = Gap(what=question.what, reason=reason, needs=needs, aspects=question.aspects)
        self.parts.append(gap)


def _of_question(part: Part, question: Question) -> Part:
    """Confine a gap to what its question is about, unless it says so itself."""
    if isinstance(part, Gap) and not part.aspects:
        return structs.replace(part, aspects=question.aspects)
    return part


def _with_permission(error: RefusedError, question: Question) -> str:
    """Name the permission where that may be what is missing."""
    if error.reason in {Reason.FORBIDDEN, Reason.NO_CREDENTIAL} and question.permission:
        return f"{error.needs}. It takes {question.permission}"
    return error.needs


def _tried(question: Question, asking: Asking) -> str:
    """Return what a question lacks, "" if it is answered; a gap is an answer, too."""
    try:
        next(iter(question.ask(asking)), None)
    except RefusedError as error:
        return error.needs
    except Exception as error:  # noqa: BLE001 -- told, and the next is tried
        return f"a connector that does not raise {type(error).__name__}"
    return ""
