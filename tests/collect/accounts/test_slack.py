"""Slack: who is in it, what is older than promised, and all that nobody is shown."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fakes.running import KEY, ask, gaps, settings, tables, whole_text
from fakes.slack import ALL, GOOD, FakeSlack, Record
from msgspec import structs
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from auditor.collect.accounts.connector import Asking, CanWrite, Part, Trace, Wanted
from auditor.collect.accounts.slack import SLACK
from auditor.collect.credentials import Secret
from auditor.collect.people import subject_key
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Api
from auditor.evidence import Gap, Reason
from auditor.policy import Account

EDGE = date(2025, 1, 14)


def at(moment: str) -> float:
    """Return a moment of UTC as Slack writes it."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()


def member(name: str, *, deleted: bool = False, **profile: str) -> Record:
    """Return a member whose profile changed in 2024."""
    shown = {"email": f"{name}.planted@example.net", "real_name": f"{name} Planted", **profile}
    return {"id": name, "deleted": deleted, "updated": int(at("2024-05-01")), "profile": shown}


def asking_at(base: str, key: str = GOOD) -> Asking:
    """Return what questions are given, for a stand-in at `base`."""
    secret = Secret(text=key)
    return Asking(
        account=Account(id="chat", connector="slack"),
        api=Api(SLACK.service, SLACK.headers(secret), base=base, sleep=lambda _: None),
        secret=secret,
        as_of=date(2026, 1, 15),
        edges=(EDGE,),
        key=subject_key(KEY),
    )


def seen_by(fake: FakeSlack, *whats: str, key: str = GOOD) -> list[Part]:
    """Return what the questions of these subjects yield, of all if none is named."""
    wanted = [each for each in SLACK.questions if each.what in whats or not whats]
    with fake:
        return ask(asking_at(fake.base, key), wanted)


def reasons(parts: Iterable[Part]) -> dict[str, Reason]:
    """Return the gaps by what they are about."""
    return {gap.what: gap.reason for gap in gaps(parts)}


def test_members_and_those_who_no_longer_are() -> None:
    """Apart, on all pages, without bots; nothing of theirs is kept."""
    bots: list[Record] = [{"id": "B", "is_bot": True}, {"id": "USLACKBOT"}]
    people = [*bots, member("Ada"), member("Bob"), member("Cy", deleted=True, phone="+33 1")]
    parts = seen_by(FakeSlack(members=people, busy=["users.list"]), "members")
    found = tables(parts)
    assert (found["members"].rows, found["deactivated members"].rows) == (2, 1)
    held = {field.name: field.filled for field in found["deactivated members"].fields}
    assert (held["email"], held["phone"], held.get("title", 0)) == (1, 1, 0)
    assert found["members"].ages[0].days == {date(2024, 5, 1): 2}
    assert len(found["members"].subjects[0].hashes) == 2
    assert "lanted" not in whole_text(parts)


def test_addresses_that_the_token_may_not_see() -> None:
    """No address is no proof that there is none."""
    parts = seen_by(FakeSlack(members=[member("Ada")], scopes=ALL), "members")
    assert reasons(parts) == {"e-mail addresses of members": Reason.FORBIDDEN}


HERE = {"id": "C1", "is_member": True}
NOT_HERE = {"id": "C2", "is_member": False, "name": "ada-planted"}


@pytest.mark.parametrize(
    ("moment", "older"),
    [("2025-01-14T23:59:59", 1), ("2025-01-15T00:00:00", 0), ("2020-01-01", 1)],
)
def test_one_call_says_whether_anything_is_older(moment: str, older: int) -> None:
    """The day that is still good is the one after the edge."""
    fake = FakeSlack(channels=[HERE], messages={"C1": [at(moment), at("2026-01-01")]})
    (ages,) = tables(seen_by(fake, "messages"))["messages"].ages
    assert (ages.days.get(EDGE, 0), ages.at_least, ages.edges) == (older, True, (EDGE,))
    assert sum("conversations.history" in target for target in fake.asked) == 1


def test_what_the_app_does_not_see_is_told() -> None:
    """Channels without it, always; and their names are nobody's business."""
    parts = seen_by(FakeSlack(channels=[HERE, NOT_HERE, NOT_HERE]), "messages")
    told = reasons(parts)
    assert told["2 channels"] is Reason.FORBIDDEN
    assert Reason.CANNOT_BE_SHOWN in told.values()
    assert "planted" not in whole_text(parts)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"plan": "free"}, Reason.CANNOT_BE_SHOWN),
        ({"scopes": [scope for scope in ALL if "billing" not in scope]}, Reason.FORBIDDEN),
        ({"plan": ""}, Reason.NOT_VERIFIED),
        ({"plan": "another"}, Reason.NOT_VERIFIED),
        ({"plan": "std"}, None),
        ({}, None),
    ],
)
def test_a_free_plan_hides_what_it_keeps(facts: dict[str, Any], reason: Reason | None) -> None:
    """Nothing older is shown, and that proves nothing."""
    assert reasons(seen_by(FakeSlack(**facts), "messages")).get("older messages") is reason


def test_files_are_counted() -> None:
    """Those of the edge's day or before, exactly."""
    fake = FakeSlack(files=[at("2025-01-14T23:00:00"), at("2025-02-01"), at("2026-01-01")])
    (ages,) = tables(seen_by(fake, "files"))["files"].ages
    assert (ages.rows, ages.days[EDGE], ages.at_least) == (3, 1, False)


def test_how_long_channels_are_kept() -> None:
    """Each with a rule of its own; below Enterprise nobody is told."""
    fake = FakeSlack(channels=[HERE, NOT_HERE], retention={"C1": 90}, plan="enterprise")
    fake.scopes = [*ALL, "admin.conversations:read"]
    (kept,) = settings(seen_by(fake, "how long channels are kept"))
    assert (kept.of, kept.period) == ("channel C1", "P90D")
    parts = seen_by(FakeSlack(channels=[HERE]), "how long channels are kept")
    assert reasons(parts) == {"how long channels are kept": Reason.CANNOT_BE_SHOWN}


def test_scopes_that_write() -> None:
    """By the header of the answer; reading is all that ends so."""
    asked = ["what the token may change"]
    read = ["users:read.email", "search:read.public", "identity.basic"]
    scopes = [*ALL, *read, "chat:write", "admin", "files:write:user"]
    rights = [p.what for p in seen_by(FakeSlack(scopes=scopes), *asked) if isinstance(p, CanWrite)]
    assert rights == ["chat:write", "admin", "files:write:user"]
    assert not seen_by(FakeSlack(), *asked)
    assert isinstance(seen_by(FakeSlack(scopes=()), *asked)[0], Gap)


@pytest.mark.parametrize("what", [question.what for question in SLACK.questions])
def test_another_token(what: str) -> None:
    """A status of 200 is no answer."""
    assert set(reasons(seen_by(FakeSlack(), what, key="xoxb-bad")).values()) == {
        Reason.NO_CREDENTIAL
    }


@pytest.mark.parametrize(("what", "scope"), [("members", "users:read"), ("files", "files:read")])
def test_a_missing_scope_is_named(what: str, scope: str) -> None:
    """Slack says which."""
    (gap,) = gaps(seen_by(FakeSlack(scopes=[]), what))
    assert (gap.reason, gap.needs) == (Reason.FORBIDDEN, f"the scope {scope}")


def test_a_member_is_found() -> None:
    """Also a deactivated one, in any case of the letters."""
    fake = FakeSlack(members=[member("Ada", deleted=True), member("Bob"), member("Cy")])
    assert SLACK.find
    with fake:
        wanted = Wanted(keys={"email": "ADA.planted@example.net"})
        found = list(SLACK.find(asking_at(fake.base), wanted))
    assert found == [Trace(place="members", number=1)]


def test_the_stand_in_is_what_slacks_own_client_expects() -> None:
    """An independent reader of the same answers."""
    with FakeSlack(members=[member("Ada"), member("Bob"), member("Cy")]) as fake:
        client = WebClient(token=GOOD, base_url=f"{fake.base}/api/")
        first = client.users_list(limit=2)
        last = client.users_list(limit=2, cursor=first["response_metadata"]["next_cursor"])
        assert (len(first["members"]), len(last["members"])) == (2, 1)
        with pytest.raises(SlackApiError, match="unknown_method"):
            client.api_call("users.shred")


def test_an_empty_page_is_not_the_end() -> None:
    """Slack may send fewer than there are, and none."""
    fake = FakeSlack(channels=[HERE], messages={"C1": [at("2020-01-01")]}, is_sparse=True)
    (ages,) = tables(seen_by(fake, "messages"))["messages"].ages
    assert ages.days[EDGE] == 1


def test_nobody_is_gone_whose_address_is_hidden() -> None:
    """Without the scope for addresses a search finds nobody, and proves nothing."""
    assert SLACK.find
    wanted = Wanted(keys={"email": "ada.planted@example.net"})
    with (
        FakeSlack(members=[member("Ada")], scopes=ALL) as fake,
        pytest.raises(RefusedError, match=r"users:read\.email"),
    ):
        list(SLACK.find(asking_at(fake.base), wanted))


def test_some_members_without_an_address() -> None:
    """They cannot be compared with those of other systems."""
    hidden = {**member("Bob"), "profile": {"real_name": "Bob", "pronouns": "he", "title": ""}}
    parts = seen_by(FakeSlack(members=[member("Ada"), hidden]), "members")
    assert reasons(parts) == {"who is in members": Reason.NOT_VERIFIED}
    held = {field.name: field.filled for field in tables(parts)["members"].fields}
    assert held["pronouns"] == 1


def test_without_a_period_nothing_has_an_age() -> None:
    """Nobody asked what is older than what: so nothing is of any day."""
    whats = ["messages", "files"]
    with FakeSlack(channels=[HERE], files=[at("2025-01-14")]) as fake:
        asking = structs.replace(asking_at(fake.base), edges=())
        found = tables(ask(asking, [each for each in SLACK.questions if each.what in whats]))
    assert [found[what].ages for what in whats] == [(), ()]


def test_a_file_of_the_next_day() -> None:
    """`ts_to` includes its moment: midnight is of the day that is still good."""
    fake = FakeSlack(files=[at("2025-01-15T00:00:00")])
    assert not tables(seen_by(fake, "files"))["files"].ages[0].days.get(EDGE)


def test_a_rule_that_names_no_days() -> None:
    """It is on, and nobody knows for how long."""
    fake = FakeSlack(channels=[HERE], retention={"C1": 0}, plan="enterprise")
    fake.scopes = [*ALL, "admin.conversations:read"]
    parts = seen_by(fake, "how long channels are kept")
    assert reasons(parts) == {"how long channel C1 is kept": Reason.NOT_VERIFIED}


def test_a_scope_is_named_only_if_it_is_one() -> None:
    """What Slack says is needed goes into a message: nothing else may."""

    class Hostile(FakeSlack):
        def _refusal(self, method: str, query: Mapping[str, str]) -> Record:
            del method, query
            return {"error": "missing_scope", "needed": "Ada Planted" * 1000}

    (gap,) = gaps(seen_by(Hostile(), "files"))
    assert gap.needs == "the scope for files.list"
