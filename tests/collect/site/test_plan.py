"""How hosts are reached: what may be typed, and the flags that come of it."""

import pytest

from auditor.collect.site.launch import flags
from auditor.collect.site.plan import Network, parse_resolve


@pytest.mark.parametrize("text", ["*=127.0.0.1:8443", "x.org=[::1]:80", "*.x.org=other.test"])
def test_a_mapping(text: str) -> None:
    """Hosts, or `*`, are mapped to a name or an address, with a port or without."""
    assert parse_resolve(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "x.org", "x.org=", "=1.2.3.4", "a=b, MAP * c", "a=b=c", "a=::1", "a=b:99999", "a=[::zz]"],
)
def test_no_mapping(text: str) -> None:
    """What could be read as more than one rule is refused."""
    with pytest.raises(ValueError, match="write HOST=ADDR"):
        parse_resolve(text)


def rules(network: Network) -> str:
    """Return the rules that the browser's resolver gets."""
    return next((flag for flag in flags(network) if flag.startswith("--host-resolver")), "")


def test_flags() -> None:
    """Mappings come in their order; offline, nobody else is found but this machine."""
    assert rules(Network()) == ""
    mapped = Network(resolve=("x.org=127.0.0.1:1", "*=127.0.0.1:2"))
    assert rules(mapped) == "--host-resolver-rules=MAP x.org 127.0.0.1:1, MAP * 127.0.0.1:2"
    offline = rules(Network(resolve=("x.org=127.0.0.1",), offline=True))
    assert offline.startswith("--host-resolver-rules=MAP x.org 127.0.0.1, MAP localhost 127.0.0.1")
    assert offline.endswith("MAP * ~NOTFOUND")


def test_certificates() -> None:
    """Any certificate, or those of one key: only when asked for."""
    assert not any("certificate" in flag for flag in flags(Network()))
    assert "--ignore-certificate-errors" in flags(Network(accept_any_certificate=True))
    assert "--ignore-certificate-errors-spki-list=a=,b=" in flags(
        Network(trusted_keys=("a=", "b="))
    )
