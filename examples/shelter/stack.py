# ruff: noqa: INP001, T201, S603 -- a script that prints, and runs our own words
"""Start the shelter's systems on this machine, with people in them who were made up.

    python examples/shelter/stack.py          start them, say how to audit them, wait for Ctrl-C
    python examples/shelter/stack.py --run    start them, audit them, look for one person, and end

`--run` ends as the audit does: with 1, since promises are broken. All that is written is in a
temporary folder, and gone at the end.
"""

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import seeds
from fakes import engines  # where seeds.py says; the tests start the same ones


@contextmanager
def systems(folder: Path) -> Iterator[dict[str, str]]:
    """Start everything that can be started, and yield the address of each account."""
    with ExitStack() as stack:
        shutil.copy(Path(__file__).with_name("policy.yaml"), folder)
        seeds.keep_users(folder / "app.db")
        stripe = stack.enter_context(engines.stripe(folder))
        seeds.take_money(stripe)
        storage = stack.enter_context(engines.storage(folder, seeds.BUCKET))
        seeds.keep_portraits(storage)
        found = {"payments": stripe.base, "files": storage.base}
        if missing := engines.missing_firebase():
            print(f"Nobody answers for `people`: {missing}", flush=True)
        else:
            found["people"] = stack.enter_context(engines.firebase_auth(folder))
            seeds.open_accounts(found["people"])
        yield found


def commands(found: dict[str, str], keep: str) -> tuple[list[str], list[str]]:
    """Return the audit, and the search for the canary; both ask this machine only."""
    places = ["--offline", "--store-url", "app=sqlite:///app.db"]
    for account, address in found.items():
        places += ["--account-url", f"{account}={address}"]
    report = ["--format", "terminal", "--format", f"json={keep}/report.json"] if keep else []
    record = ["--record", f"{keep}/erasure.json"] if keep else []
    return ["run", *places, *report], ["erasure", "drill-before", *places, *record]


def show(audit: list[str], erasure: list[str], folder: Path) -> None:
    """Print what to type in another terminal."""
    canary = seeds.CANARY.encode("unicode_escape").decode()
    print(f"cd {shlex.quote(str(folder))}")
    print("export", *(f"{name}={value}" for name, value in seeds.SECRETS.items()))
    print("\naudit", shlex.join(audit))
    print(f"\nprintf '{canary}' | audit", shlex.join(erasure))
    print("\nCtrl-C ends it.", flush=True)


def run(audit: list[str], erasure: list[str], folder: Path) -> int:
    """Run both, with a cache of their own; return how the audit ended."""
    command = [sys.executable, "-m", "auditor"]
    environment = {**os.environ, **seeds.SECRETS, "XDG_CACHE_HOME": str(folder / "cache")}
    done = subprocess.run([*command, *audit], cwd=folder, env=environment, check=False)
    print("\nIs the canary gone?\n", flush=True)
    subprocess.run(
        [*command, *erasure],
        cwd=folder,
        env=environment,
        input=seeds.CANARY,
        text=True,
        check=False,
    )
    return done.returncode


def main() -> int:
    """Start, tell or run, and stop everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", action="store_true", help="audit it and end")
    parser.add_argument("--keep", metavar="FOLDER", default="", help="write the results there")
    told = parser.parse_args()
    keep = told.keep and str(Path(told.keep).resolve())
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="shelter-") as name:
        folder = Path(name)
        try:
            with systems(folder) as found:
                audit, erasure = commands(found, keep)
                if told.run:
                    return run(audit, erasure, folder)
                show(audit, erasure, folder)
                while True:
                    time.sleep(1)
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    sys.exit(main())
