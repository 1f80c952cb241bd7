"""How to look, from what was typed and from the environment."""

import os
from argparse import Namespace
from pathlib import Path

from auditor.collect.site.browser import no_sandbox
from auditor.collect.site.plan import Network, parse_resolve
from auditor.collect.site.planning import Looking
from auditor.errors import UsageError


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
        ),
        secrets=os.environ,
        folder=str(Path(arguments.policy).parent),
    )
