"""What was typed never gets into evidence."""

from auditor.collect.site.browser import Browser
from auditor.collect.site.plan import Plan
from auditor.collect.site.typing_in.masking import Mask
from auditor.collect.site.typing_in.person import person
from auditor.evidence import Gap, Reason, RequestSent, State

BROWSER = Browser(path="chromium", kind="chromium", version="1")
PERSON = person("seed")


def plan(*, types: bool) -> Plan:
    """Return a plan of a visit."""
    start = ("https://example.org/",)
    kind = {"site": "www", "url": start[0], "state": State.BEFORE, "browser": BROWSER}
    return Plan(start=start, type_into_forms=types, seed="seed", **kind)  # type: ignore[arg-type]


def request(host: str) -> RequestSent:
    """Return a request to a host."""
    return RequestSent(url=f"https://{host}/", host=host)


def test_in_the_name_of_a_host() -> None:
    """Plain and in hex; what the rest of the name says stays."""
    mask, word = Mask(plan(types=True)), PERSON["username"].value
    for name in (word, word.upper(), f"{word}-1", word[:7], word.encode().hex()):
        assert mask(request(f"{name}.t.example")) == request("*.t.example")
    assert mask(request(f"n{PERSON['phone'].value}.t.example")) == request("n*.t.example")


def test_in_a_gap() -> None:
    """Gaps are texts of ours, with names in them."""
    gap = Gap(what=PERSON["email"].value, reason=Reason.TIMEOUT, needs="n")
    assert Mask(plan(types=True))(gap).what == "*.*@example.com"


def test_everything_else_stays() -> None:
    """As it is, and all of it where nothing is typed."""
    plain = request("www.example.org")
    assert Mask(plan(types=True))(plain) is plain
    word = request(PERSON["username"].value)
    assert Mask(plan(types=False))(word) is word
