"""`audit demo`: the example's hosts are played, and looked at by `audit` or by people."""

import shlex
import sys
from argparse import Namespace
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from msgspec import structs

from auditor.cli.arguments import DEFAULT_POLICY
from auditor.cli.looking import looking_from
from auditor.cli.output import say
from auditor.collect.site.planning import Looking
from auditor.demo import Demo, example_policy, example_stores, serve, site_folder
from auditor.demo.stored import ADDRESSES, promise, write_stores


def demonstrate(arguments: Namespace, run: Callable[[Namespace, Looking], int]) -> int:
    """Play the hosts, and return the exit code of `run`, which visits and judges them.

    Beside them are two stores, unless another policy is judged.
    """
    with serve(site_folder()) as demo, TemporaryDirectory(prefix="audit-demo-") as stores:
        if arguments.serve:
            return _leave_to_people(demo)
        scope = "site"
        if arguments.policy == DEFAULT_POLICY:
            _fill(arguments, Path(stores))
            scope = "site,notice,stores"
        arguments.scope = arguments.scope or scope
        arguments.resolve = [*demo.resolve]
        looking = looking_from(arguments)
        network = structs.replace(looking.network, trusted_keys=demo.trusted_keys)
        return run(arguments, structs.replace(looking, network=network, stores=stores))


def _fill(arguments: Namespace, folder: Path) -> None:
    """Write the stores, and have the example's policy say what is promised of them."""
    write_stores(folder, arguments.as_of or datetime.now(UTC).date())
    arguments.policy = str(example_policy())
    arguments.load = partial(promise, section=example_stores())
    arguments.store_url = [*ADDRESSES]


def _leave_to_people(demo: Demo) -> int:
    with TemporaryDirectory(prefix="audit-demo-") as profile, suppress(KeyboardInterrupt):
        sys.stdout.write(f"{shlex.join(demo.browser_command(profile))}\n")
        sys.stdout.flush()
        say("Type this in another terminal. The site is played until you press Ctrl-C here.")
        stop = Event()
        while not stop.wait(1):  # a signal that comes just before a wait is heard after it
            pass
    return 0
