"""`audit demo`: the example's hosts are played, and looked at by `audit` or by people."""

import shlex
import sys
from argparse import Namespace
from collections.abc import Callable
from contextlib import suppress
from tempfile import TemporaryDirectory
from threading import Event

from msgspec import structs

from auditor.cli.arguments import DEFAULT_POLICY
from auditor.cli.looking import looking_from
from auditor.cli.output import say
from auditor.collect.site.planning import Looking
from auditor.demo import Demo, example_policy, serve, site_folder


def demonstrate(arguments: Namespace, run: Callable[[Namespace, Looking], int]) -> int:
    """Play the hosts, and return the exit code of `run`, which visits and judges them."""
    with serve(site_folder()) as demo:
        if arguments.serve:
            return _leave_to_people(demo)
        if arguments.policy == DEFAULT_POLICY:
            arguments.policy = str(example_policy())
        arguments.resolve = [*demo.resolve]
        looking = looking_from(arguments)
        network = structs.replace(looking.network, trusted_keys=demo.trusted_keys)
        return run(arguments, structs.replace(looking, network=network))


def _leave_to_people(demo: Demo) -> int:
    with TemporaryDirectory(prefix="audit-demo-") as profile, suppress(KeyboardInterrupt):
        sys.stdout.write(f"{shlex.join(demo.browser_command(profile))}\n")
        sys.stdout.flush()
        say("Type this in another terminal. The site is played until you press Ctrl-C here.")
        Event().wait()
    return 0
