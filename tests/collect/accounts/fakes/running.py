"""A connector's questions asked of a stand-in, without its pauses."""

from collections.abc import Iterable
from datetime import date

import msgspec
from fakes.openapi import GOOD, Fake

from auditor.collect.accounts.connector import Asking, Connector, Part, Question
from auditor.collect.credentials import Secret
from auditor.collect.people import subject_key
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Api
from auditor.evidence import Gap, SettingSeen, TableSeen
from auditor.policy import Account

KEY = "a key of more than sixteen letters"


def asking_of(
    connector: Connector, base: str, account: Account, *, credential: str = GOOD
) -> Asking:
    """Return what questions are given, for a stand-in at `base`."""
    secret = Secret(text=credential)
    return Asking(
        account=account,
        api=Api(connector.service, connector.headers(secret), base=base, sleep=lambda _: None),
        secret=secret,
        as_of=date(2026, 1, 15),
        edges=(date(2025, 1, 14),),
        key=subject_key(KEY),
    )


def seen_by(
    connector: Connector, fake: Fake, account: Account, *whats: str, credential: str = GOOD
) -> list[Part]:
    """Return what the questions of these subjects yield, of all if none is named."""
    asked = [each for each in connector.questions if each.what in whats or not whats]
    with fake:
        return ask(asking_of(connector, fake.base, account, credential=credential), asked)


def ask(asking: Asking, questions: Iterable[Question]) -> list[Part]:
    """Return what questions yield; one that is refused ends with a gap, as in a run."""
    parts: list[Part] = []
    try:
        for question in questions:
            try:
                parts += question.ask(asking)
            except RefusedError as error:
                parts.append(Gap(what=question.what, reason=error.reason, needs=error.needs))
    finally:
        asking.api.close()
    return parts


def gaps(parts: Iterable[Part]) -> list[Gap]:
    """Return the gaps."""
    return [part for part in parts if isinstance(part, Gap)]


def settings(parts: Iterable[Part]) -> list[SettingSeen]:
    """Return the settings."""
    return [part for part in parts if isinstance(part, SettingSeen)]


def tables(parts: Iterable[Part]) -> dict[str, TableSeen]:
    """Return the tables by their names."""
    return {part.name: part for part in parts if isinstance(part, TableSeen)}


def whole_text(parts: Iterable[Part]) -> str:
    """Return all that evidence would hold, to look for what must not be in it."""
    found = list(parts)
    return repr(found) + msgspec.json.encode(found).decode()
