"""Asking a name server for the chains of names that hosts lead to (RFC 1034)."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import dns.exception
import dns.rdatatype
import dns.resolver

PATIENCE = 5.0  # seconds for one name
AT_ONCE = 8
DNS_PORT = 53


def chains_of(hosts: Sequence[str], resolver: str) -> dict[str, tuple[str, ...] | None]:
    """Return the names that each host leads to, in order; None where nobody knows.

    `resolver` is `ADDRESS[:PORT]` of a name server, "" for the system's.
    """
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return dict(zip(hosts, pool.map(partial(_chain, _client(resolver)), hosts), strict=True))


def _client(resolver: str) -> dns.resolver.Resolver | None:
    """Return who asks; None where this machine knows no name server."""
    if not resolver:
        try:
            return dns.resolver.Resolver()
        except dns.exception.DNSException:
            return None
    address, _, port = resolver.partition(":")
    client = dns.resolver.Resolver(configure=False)
    client.nameservers = [address]
    client.port = int(port or DNS_PORT)
    return client


def _chain(client: dns.resolver.Resolver | None, host: str) -> tuple[str, ...] | None:
    """Return the names that a name leads to, in order; None where nobody knows."""
    if client is None:
        return None
    for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
        try:
            answer = client.resolve(host, kind, lifetime=PATIENCE, search=False)
        except dns.resolver.NoAnswer:
            continue
        except (dns.exception.DNSException, OSError, UnicodeError):
            return None
        chain = answer.chaining_result.cnames
        return tuple(_plain(str(cname[0].target)) for cname in chain)
    return ()


def _plain(name: str) -> str:
    return name.rstrip(".").lower()[:253]
