"""How to look, from what was typed and from the environment."""

import os
from argparse import Namespace
from pathlib import Path

from auditor.collect.site.browser import no_sandbox
from auditor.collect.site.plan import Network, parse_resolve
from auditor.collect.site.planning import Looking
from auditor.errors import UsageError
from auditor.hosts import is_address

MOST_AT_ONCE = 1000  # visits


def looking_from(arguments: Namespace) -> Looking:
    """Return how sites are visited; UsageError says what is wrong with an option."""
    try:
        resolve = tuple(map(parse_resolve, arguments.resolve))
    except ValueError as error:
        raise UsageError(f"--resolve {error}") from error
    return Looking(
        network=Network(
            resolve=resolve,
            accept_any_certificate=arguments.accept_any_certificate,
            browser=os.environ.get("AUDIT_BROWSER", ""),
            sandbox=not no_sandbox(os.environ.get("AUDIT_SANDBOX", "")),
            offline=arguments.offline,
            resolver=_resolver(os.environ.get("AUDIT_DNS", "")),
        ),
        secrets=os.environ,
        folder=str(Path(arguments.policy).parent),
        at_once=_at_once(os.environ.get("AUDIT_AT_ONCE", "")),
        exhaustive=getattr(arguments, "exhaustive", False),
        scheduler=getattr(arguments, "scheduler", None) or "",
        since=getattr(arguments, "since", ""),
    )


def _at_once(text: str) -> int:
    if text and not (text.isdecimal() and 0 < int(text) <= MOST_AT_ONCE):
        message = f"AUDIT_AT_ONCE={text[:20]}: write how many visits, from 1 to {MOST_AT_ONCE}"
        raise UsageError(message)
    return int(text or 0)


def _resolver(text: str) -> str:
    address, _, port = text.partition(":")
    if text and not (is_address(address) and (port or "53").isdecimal()):
        raise UsageError(f"AUDIT_DNS={text[:50]}: write ADDRESS[:PORT] of a name server")
    return text
