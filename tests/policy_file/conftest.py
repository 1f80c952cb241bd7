"""What the tests of mistakes need: a policy with one in it, and all that is said about it."""

import socket
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from auditor.errors import PolicyError
from auditor.policy import Policy
from auditor.policy_file import read_policy
from auditor.policy_file.strict_yaml import JSON
from auditor.vocabulary import CHECK_SCOPES

# The mistakes begin in line 3.
START = "version: 1\ncontroller: {name: Example}\n"


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[[str], str]:
    """Return what reads a policy that must be refused, and gives back all that is said."""

    def refuse(text: str, start: str = START) -> str:
        with pytest.raises(PolicyError) as caught:
            read_policy(f"{start}{text}".encode(), "policy.yaml", tmp_path, CHECK_SCOPES)
        return str(caught.value)

    return refuse


@pytest.fixture
def accepted(tmp_path: Path) -> Callable[[str], Policy]:
    """Return what reads a policy that must be good."""

    def accept(text: str, start: str = START) -> Policy:
        return read_policy(f"{start}{text}".encode(), "policy.yaml", tmp_path, CHECK_SCOPES)

    return accept


@pytest.fixture(scope="session")
def kept() -> Callable[[Policy, JSON], JSON]:
    """Return what gives back the parts of a policy that were written: no defaults, no places."""

    def as_written(value: JSON, written: JSON) -> JSON:
        if isinstance(value, dict) and isinstance(written, dict):
            return {key: as_written(value.get(key), part) for key, part in written.items()}
        if isinstance(value, list) and isinstance(written, list):
            pairs = zip(value, written, strict=True)
            return [as_written(item, part) for item, part in pairs]
        return value

    return lambda policy, written: as_written(
        msgspec.json.decode(msgspec.json.encode(policy)), written
    )


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every attempt to talk to anybody fail loudly."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("something tried to use the network")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
