"""`audit inspect`: a site looked at without a policy, kept in a folder and summed up."""

import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from auditor.cli.looking import looking_from
from auditor.cli.output import columns_of, paint_for, progress_for, say, to_stdout
from auditor.inspect.bundle import folder_name, inspect_site, site_at
from auditor.inspect.terminal import render_terminal


def inspect(arguments: Namespace) -> bool:
    """Look, keep and tell; return whether everything could be seen."""
    site = site_at(arguments.url, max_pages=arguments.max_pages, site_id=arguments.site)
    folder = Path(arguments.output or folder_name(site, datetime.now(UTC)))
    inventory = inspect_site(site, folder, looking_from(arguments), progress_for(arguments))
    width = columns_of(sys.stdout)
    to_stdout(render_terminal(inventory, colour=paint_for(sys.stdout), width=width))
    say(f"kept in {folder}")
    return not inventory.gaps
