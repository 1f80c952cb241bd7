"""What makes a recorder: changes, several things that visitors do, and enough that is sent."""

from auditor.collect.site.probes.following import KINDS, MUCH, TIMES, Followers
from auditor.collect.web.address import locate
from auditor.evidence import InputHeard

SCRIPT = locate("https://cdn.replay.example/r.js")
OTHER = locate("https://www.shop.example/app.js")
THINGS = ("pointer", "scroll", "keys", "text")


def recorders(hears: tuple[str, ...], sent: tuple[int, ...], frame: str = "") -> list[InputHeard]:
    """Return who records, given what one script hears and the sizes of what it sends."""
    assert SCRIPT
    assert OTHER
    followers = Followers()
    for what in hears:
        followers.hears(frame, SCRIPT, what)
        followers.hears("", OTHER, "clicks")
    for size in sent:
        followers.sends(frame, SCRIPT, "in.replay.example", size)
        followers.sends("", OTHER, "api.shop.example", MUCH)
    return list(followers.recorders())


def test_all_of_it_is_needed() -> None:
    """Changes, enough kinds of things, and much or often: one less and nobody records."""
    enough = ("changes", *THINGS[:KINDS])
    assert len(recorders(enough, (1,) * TIMES)) == 1
    assert len(recorders(enough, (MUCH,))) == 1
    assert recorders(enough, ()) == []
    assert recorders(enough, (MUCH - 1,)) == []
    assert recorders(enough[:-1], (1,) * TIMES) == []
    assert recorders(THINGS, (1,) * TIMES) == []


def test_it_is_told_with_where_and_whom() -> None:
    """The frame, the script that follows the changes, and the hosts that are told."""
    (one,) = recorders(("pointer", "keys", "text", "changes"), (1, 1), "https://shop.example/f")
    assert one == InputHeard(
        frame="https://shop.example/f",
        by="https://cdn.replay.example/r.js",
        writer="cdn.replay.example",
        signs=("keys", "pointer", "text", "changes of the document", "sent repeatedly"),
        sent_to=("in.replay.example",),
    )


def test_what_was_told_counts_once() -> None:
    """After a choice only what is sent from then on says that it goes on."""
    assert SCRIPT
    followers = Followers()
    for what in (*THINGS, "changes"):
        followers.hears("", SCRIPT, what)
    followers.sends("", SCRIPT, "in.replay.example", MUCH)
    assert len(list(followers.recorders())) == 1
    assert list(followers.recorders()) == []
    followers.sends("", SCRIPT, "in.replay.example", MUCH)
    assert len(list(followers.recorders())) == 1
