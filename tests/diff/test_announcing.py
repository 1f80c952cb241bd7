from pathlib import Path

from msgspec import structs

from auditor.diff.announcing import Side, notice_changes
from auditor.diff.sources import Beside
from auditor.testing import policy

ONE = "notices: [{id: privacy, path: privacy.md}]"


def side(text: str, name: str, **files: bytes) -> Side:
    """Return a policy with notices beside it: `privacy` stands for privacy.md."""
    there = {f"{key}.md": value for key, value in files.items()}
    return Side(policy=policy(text), beside=Beside(name=name, read=there.get))


def changed(base: Side, head: Side) -> dict[str, bool | None]:
    """Return for each notice whether it changed."""
    return {one.notice: one.changed for one in notice_changes(base, head)}


def test_words_count_and_blanks_do_not() -> None:
    """Other words are a change; line breaks, indentation and their kinds are none."""
    base = side(ONE, "a", privacy=b"one  two\r\nthree")
    assert changed(base, side(ONE, "b", privacy=b" one two three\n")) == {"privacy": False}
    assert changed(base, side(ONE, "b", privacy=b"one two four")) == {"privacy": True}


def test_a_notice_that_moved_is_the_same_notice() -> None:
    """It is found by its id, under whichever path it was."""
    moved = ONE.replace("privacy.md", "other.md")
    base = side(ONE, "a", privacy=b"text")
    assert changed(base, side(moved, "b", other=b"text")) == {"privacy": False}
    assert changed(base, side(moved, "b", other=b"new text")) == {"privacy": True}


def test_a_notice_that_is_new_says_something_new() -> None:
    """One that was there before, and only was not named, does not."""
    base = side("", "a")
    assert changed(base, side(ONE, "b", privacy=b"text")) == {"privacy": True}
    named = side("", "a", privacy=b"text")
    assert changed(named, side(ONE, "b", privacy=b"text")) == {"privacy": False}


def test_what_nobody_can_tell() -> None:
    """On the web only, not there, or one file for both: each says what it takes."""
    web = "notices: [{id: privacy, url: 'https://example.org/privacy'}]"
    base = side(ONE, "a", privacy=b"text")
    for head, needs in (
        (side(web, "b"), "its file under `path`"),
        (side(ONE, "b"), "the file privacy.md"),
        (side(ONE, "a", privacy=b"other"), "beside the same file"),
    ):
        (found,) = notice_changes(base, head)
        assert found.changed is None
        assert needs in found.needs


def test_places_are_told_apart(tmp_path: Path) -> None:
    """The same policy in two folders has two notices."""
    base = side(ONE, str(tmp_path / "a"), privacy=b"text")
    head = structs.replace(base, beside=structs.replace(base.beside, name=str(tmp_path / "b")))
    assert changed(base, head) == {"privacy": False}
    assert changed(base, base) == {"privacy": None}
