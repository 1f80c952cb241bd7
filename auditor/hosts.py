"""Host names as people write them and as browsers see them, and which of them a pattern covers."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urlsplit

from msgspec import Struct

_LONGEST = 253  # characters of a host without the root's dot (RFC 1035), and then of a label
_LONGEST_LABEL = 63
_LABEL = re.compile(r"[a-z0-9_-]+")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # as the last label: a browser then reads an IPv4
_PLAIN = re.compile(r"[\w.-]+")
_NO_PATH = re.compile(r"[?#\\\s]")
_LOGIN = re.compile(r"//[^/]*@")  # a password is not repeated in a message
_EXAMPLE = "example.org"


class HostPattern(Struct, frozen=True, kw_only=True):
    """Hosts and paths: `host` alone or with all below it, and there what lies under `path`.

    `host` is normalised; `path` is "" for all paths, else begins with `/` and does not end with
    one; `text` is what stood in the policy.
    """

    host: str
    subdomains: bool
    path: str
    text: str


def normalise_host(text: str) -> str:
    """Return a host in lower case, IDNA-encoded (UTS 46), an IP address in its shortest form.

    The root's dot goes, IPv6 comes without brackets, and underscores are allowed, as they are in
    the DNS. ValueError says what to write instead.
    """
    if "/" in text:
        raise _refusal(text, f"write the host alone: {_host_in(text)}")
    if text.startswith("[") or text.count(":") > 1:
        return _ipv6(text)
    if ":" in text:
        raise _refusal(text, f"leave the port out: {_host_in(text)}")
    host = _to_ascii(text).lower().removesuffix(".")
    labels = host.split(".")
    if len(host) > _LONGEST or any(len(label) > _LONGEST_LABEL for label in labels):
        raise _refusal(text, f"write at most {_LONGEST} characters, {_LONGEST_LABEL} between dots")
    if not all(labels):
        raise _refusal(text, f"write a name between all dots, as in {_EXAMPLE}")
    if not all(map(_LABEL.fullmatch, labels)):
        raise _refusal(text, f"write letters, digits, hyphens and dots, as in {_EXAMPLE}")
    if _NUMBER.fullmatch(labels[-1]) and not is_address(host):
        raise _refusal(text, "write four numbers up to 255, as in 192.0.2.1")
    return host


def is_address(host: str) -> bool:
    """Return whether a host is an IP address, which has no domain and nothing below it."""
    for kind in (IPv4Address, IPv6Address):
        try:
            kind(host)
        except AddressValueError:
            continue
        return True
    return False


def is_this_machine(host: str) -> bool:
    """Return whether a browser trusts a connection without TLS (W3C Secure Contexts §3.1)."""
    bare = host.removeprefix("[").removesuffix("]")
    if is_address(bare):
        return bare.startswith("127.") or bare == "::1"
    return host == "localhost" or host.endswith(".localhost")


def parse_host_pattern(text: str) -> HostPattern:
    """Read `host`, `*.host`, `host/path-prefix` or `*.host/path-prefix`; else ValueError."""
    if "://" in text or text.startswith("//"):
        raise _refusal(text, f"write the host alone: {_host_in(text)}")
    name, _, rest = text.partition("/")
    host = name.removeprefix("*.")
    if not host:
        raise _refusal(text, f"begin with the host, as in {_EXAMPLE}/path")
    if "*" in host:
        raise _refusal(text, f"a * stands only for all that is below a host: *.{_EXAMPLE}")
    if "*" in rest:
        raise _refusal(text, "a path covers all that is below it: leave the * out")
    if _NO_PATH.search(rest):
        raise _refusal(text, f"write the path alone, as in {_EXAMPLE}/path")
    pattern = HostPattern(
        host=normalise_host(host),
        subdomains=host != name,
        path=f"/{rest}".rstrip("/"),
        text=text,
    )
    if pattern.subdomains and is_address(pattern.host):
        raise _refusal(text, f"nothing is below an IP address: {host}")
    return pattern


def covers(pattern: HostPattern, host: str, path: str = "/") -> bool:
    """Return whether a pattern covers a path (no query) of a normalised host.

    `*.x.org` covers x.org and all below it; `/a` covers `/a` and `/a/b`, not `/ab`.
    """
    if host != pattern.host and not (pattern.subdomains and host.endswith(f".{pattern.host}")):
        return False
    return path == pattern.path or path.startswith(f"{pattern.path}/") or not pattern.path


def specificity(pattern: HostPattern) -> tuple[int, int, int]:
    """Return what `max` needs to pick among patterns that cover the same page.

    The longest host wins, then the longest path, then the host alone over the host with all below
    it. Equal tuples are a tie: the same hosts and paths, stated twice.
    """
    return len(pattern.host), len(pattern.path), int(not pattern.subdomains)


def _ipv6(text: str) -> str:
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if "]:" in text:
        raise _refusal(text, f"leave the port out: {text.partition(']')[0]}]")
    if "%" in bare:
        raise _refusal(text, f"leave the zone out: {bare.partition('%')[0]}")
    try:
        return str(IPv6Address(bare))
    except AddressValueError:
        raise _refusal(text, "write an IPv6 address as in 2001:db8::1") from None


def _to_ascii(text: str) -> str:
    if text.isascii():
        return text
    import idna  # noqa: PLC0415 -- its tables are large and such names are rare

    try:
        mapped = idna.uts46_remap(text[: 2 * _LONGEST], std3_rules=False)
        labels = (
            label if label.isascii() else idna.alabel(label).decode()
            for label in mapped.split(".")
        )
        return ".".join(labels)
    except UnicodeError:
        advice = "write the name as a browser's address bar shows it, or its xn-- form"
        raise _refusal(text, advice) from None


def _host_in(text: str) -> str:
    """Return the host in what was meant as one, for an advice; an example if there is none."""
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return _EXAMPLE
    return host if _PLAIN.fullmatch(host) else _EXAMPLE


def _refusal(text: str, advice: str) -> ValueError:
    shown = repr(_LOGIN.sub("//", text)[:100])[1:-1]
    return ValueError(f'"{shown}" is not a host; {advice}')
