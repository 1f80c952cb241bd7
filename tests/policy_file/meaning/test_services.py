"""Services that a processor names are known ones."""

# ruff: noqa: E501 -- a message is one line

from collections.abc import Callable

import pytest
from inline_snapshot import snapshot

from auditor.policy import Policy

MISTAKES = {
    "a slip": (
        "processors: [{id: a, services: [strip, google_analytics]}]",
        snapshot(
            """\
policy.yaml:3:33: processors[0].services[0]: "strip" is no service that we know; did you mean stripe?
policy.yaml:3:40: processors[0].services[1]: "google_analytics" is no service that we know; did you mean google-analytics?\
"""
        ),
    ),
    "nothing like it": (
        "processors: [{id: a}, {id: b, services: [our-neighbours]}]",
        snapshot(
            'policy.yaml:3:42: processors[1].services[0]: "our-neighbours" is no service that we know; docs/services.md lists them; leave it out if it is not there'
        ),
    ),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(refusal: Callable[[str], str], text: str, said: str) -> None:
    """What no catalogue knows gives no name and no host: it would be read as if it did."""
    assert refusal(text) == said


def test_known_services(accepted: Callable[[str], Policy]) -> None:
    """Each by its id, several at one processor, and one that is not decided."""
    read = accepted("processors: [{id: a, services: [firebase-auth, firestore, TODO]}, {id: b}]")
    assert [processor.services for processor in read.processors][1] == ()
