"""Names with a star: never so short that they cover nearly everything."""

# ruff: noqa: E501 -- a message is one line

from collections.abc import Callable

import pytest
from inline_snapshot import snapshot

MISTAKES = {
    "storage": (
        'device_storage: [{identifier: "*", type: cookie}, {identifier: "a*b", type: cookie, pages: ["/*"]}]',
        snapshot("""\
policy.yaml:3:31: device_storage[0].identifier: "*" covers nearly everything; write at least 3 characters beside the *, as in _ga_*
policy.yaml:3:64: device_storage[1].identifier: "a*b" covers nearly everything; write at least 3 characters beside the *, as in _ga_*
policy.yaml:3:93: device_storage[1].pages[0]: "/*" covers nearly everything; write at least 3 characters beside the *, as in _ga_*\
"""),
    ),
    "names that are only an id": (
        "device_storage: [{identifier: 3f2b8c1e-9d4a-4e6b-8f7a-1c2d3e4f5a6b, type: cookie}]",
        snapshot(
            'policy.yaml:3:31: device_storage[0].identifier: "3f2b8c1e-9d4a-4e6b-8f7a-1c2d3e4f5a6b" looks like an id, and evidence keeps no ids: every other id would fit it too; name a part that stays the same'
        ),
    ),
    "crawl and code": (
        'sites: [{id: a, url: https://a.example, crawl: {exclude: ["*"]}}]\ncode: {exclude: ["*"]}',
        snapshot("""\
policy.yaml:3:59: sites[0].crawl.exclude[0]: "*" covers nearly everything; write at least 3 characters beside the *, as in _ga_*
policy.yaml:4:18: code.exclude[0]: "*" covers nearly everything; write at least 3 characters beside the *, as in _ga_*\
"""),
    ),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(refusal: Callable[[str], str], text: str, said: str) -> None:
    """A star beside fewer than three other characters is refused."""
    assert refusal(text) == said


def test_three_characters_are_enough(accepted: Callable[[str], object]) -> None:
    """A star beside three other characters, or none at all, is good."""
    assert accepted('device_storage: [{identifier: "_ga*", type: cookie, pages: ["/a/*"]}]')
    assert accepted("device_storage: [{identifier: a, type: cookie, pages: [/]}]")
