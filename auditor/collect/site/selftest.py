"""Can this browser show the truth? Tried for real, on pages of our own.

A browser that drops cookies of third parties, keeps hooks out of frames or writes no network log
shows a clean site where there is none. `audit doctor` tells what came of it.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from msgspec import Struct

from auditor.collect.site.browser import Browser
from auditor.collect.site.plan import Network, Plan
from auditor.collect.site.selftest_pages import SITE
from auditor.collect.site.watchdog import End, Outcome, watch
from auditor.evidence import State

PROBES = ("start", "sandbox", "third-party cookies", "service worker", "hooks", "network log")
DEADLINE = 30.0  # seconds; it takes one or two
MEMORY = 3 * 1024**3  # bytes


class Probe(Struct, frozen=True, kw_only=True):
    """One thing that was tried: what was seen, and, where it did not work, what to do."""

    name: str
    ok: bool
    detail: str
    todo: str = ""


class SelfTest(Struct, frozen=True, kw_only=True):
    """What came of each of PROBES, in that order."""

    probes: tuple[Probe, ...]

    @property
    def ok(self) -> bool:
        """Return whether all of it worked."""
        return all(probe.ok for probe in self.probes)


def self_test(
    browser: Browser,
    network: Network | None = None,
    *,
    sandbox: bool = True,
    deadline: float = DEADLINE,
) -> SelfTest:
    """Try a browser out in a process of its own, for `deadline` seconds at most.

    What did not work is in the result; nothing is raised for it, and no process is left.
    """
    network = network or Network()
    rules = ("*.localhost=127.0.0.1", *network.resolve)
    said: dict[str, Probe] = {}

    def on_line(line: bytes) -> None:
        probe = msgspec.json.decode(line, type=Probe)
        said[probe.name] = probe

    with TemporaryDirectory(prefix="audit-", ignore_cleanup_errors=True) as directory:
        plan = Plan(
            site="self-test",
            url=f"http://{SITE}/",
            state=State.BEFORE,
            browser=browser,
            sandbox=sandbox,
            start=("/",),
            network=msgspec.structs.replace(network, resolve=rules),
            directory=str(Path(directory)),
        )
        outcome = watch(
            [sys.executable, "-P", "-m", "auditor.collect.site.selftest_child"],
            stdin=msgspec.json.encode(plan),
            on_line=on_line,
            silence=deadline,
            deadline=deadline,
            memory=MEMORY,
        )
    return SelfTest(
        probes=tuple(said.get(name) or _untold(name, said, outcome) for name in PROBES)
    )


def _untold(name: str, said: dict[str, Probe], outcome: Outcome) -> Probe:
    """Return what is said of a probe that was not reached."""
    failed = next((probe.name for probe in said.values() if not probe.ok), "")
    if outcome.end is End.DONE and failed:
        return Probe(name=name, ok=False, detail=f"not tried; first see to: {failed}")
    why = (outcome.detail.splitlines() or ["it ended too early"])[0]
    todo = "try again; if it stays so, use another browser: AUDIT_BROWSER=/path/to/it"
    return Probe(name=name, ok=False, detail=f"no answer: {why[:200]}", todo=todo)
