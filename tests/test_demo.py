"""The demonstration from end to end: what is planted is seen, and the verdict is a fail."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml
from inline_snapshot import snapshot

from auditor.collect.site.browser import no_sandbox
from auditor.collect.site.plan import Network, parse_resolve
from auditor.collect.site.planning import Looking
from auditor.demo import Demo, example_policy, serve, site_folder
from auditor.discovery import discover, scopes_by_id
from auditor.evidence import CookieSet, SiteEvidence, State, StorageKept
from auditor.policy_file import load_policy
from auditor.run import Subjects, look

PLAN = Path(__file__).parent.parent / "examples" / "reach4help" / "PLANTED.yaml"
PLANTED: list[dict[str, Any]] = yaml.safe_load(PLAN.read_text("utf-8"))["planted"]


@pytest.fixture(scope="module")
def visited() -> Iterator[tuple[Demo, SiteEvidence]]:
    """Return the demonstration after a visit, and what the visit saw."""
    policy = load_policy(example_policy(), scopes_by_id(discover()))
    with serve(site_folder()) as demo:
        network = Network(
            resolve=tuple(map(parse_resolve, demo.resolve)),
            trusted_keys=demo.trusted_keys,
            browser=os.environ.get("AUDIT_BROWSER", ""),
            sandbox=not no_sandbox(),
            offline=True,
        )
        looking = Looking(network=network)
        seen = look(policy, [], lambda _name, _done: None, Subjects(sites=policy.sites), looking)
        (site,) = seen.evidence.sites
        yield demo, site


def test_nothing_is_left_open(visited: tuple[Demo, SiteEvidence]) -> None:
    """Every visitor gets to all pages, and their choices hold."""
    _, site = visited
    assert site.gaps == ()
    states = [State.BEFORE, State.REJECT, State.ACCEPT, State.WITHDRAW]
    assert {state: sum(page.state is state for page in site.pages) for state in states} == (
        dict.fromkeys(states, 7)
    )


def test_every_host_that_was_asked_is_seen(visited: tuple[Demo, SiteEvidence]) -> None:
    """The server's own list of who was asked is that of the evidence: none less, none more."""
    demo, site = visited
    asked = {one.host for one in demo.log if one.method}
    assert {contact.host for contact in site.contacts} == asked
    planted = {one["object"][5:] for one in PLANTED if one["object"].startswith("host:")}
    assert planted < asked


def test_every_cookie_is_seen(visited: tuple[Demo, SiteEvidence]) -> None:
    """Each planted cookie is there with its writer, lifetime and attributes, and no other is."""
    _, site = visited
    seen = {
        (f"cookie:{one.name}@{one.domain}", one.writer, one.lifetime, attributes(one))
        for one in site.observations
        if isinstance(one, CookieSet) and one.lifetime is not None and one.state is State.BEFORE
    }
    planted = {
        (one["object"], one["by"], one["seconds"], tuple(one["attributes"]))
        for one in PLANTED
        if one["object"].startswith("cookie:")
    }
    assert seen == planted


def attributes(cookie: CookieSet) -> tuple[str, ...]:
    """Return the attributes of a cookie as they are written."""
    words = {
        "Secure": cookie.secure,
        "HttpOnly": cookie.http_only,
        f"SameSite={cookie.same_site}": bool(cookie.same_site),
    }
    return tuple(word for word, is_there in words.items() if is_there)


def test_everything_else_on_the_device_is_seen(visited: tuple[Demo, SiteEvidence]) -> None:
    """Each planted key, database, cache and worker is there, and nothing else is."""
    _, site = visited
    kept = [
        one
        for one in site.observations
        if isinstance(one, StorageKept) and one.state is State.BEFORE
    ]
    seen = {(f"{one.storage}:{one.name}", one.host) for one in kept}
    planted = [(one["object"], one["origin"]) for one in PLANTED if "origin" in one]
    assert len(seen) == len(planted)
    for thing, origin in planted:
        assert any(fnmatchcase(name, thing) and host == origin for name, host in seen)


def test_who_keeps_it_is_seen(visited: tuple[Demo, SiteEvidence]) -> None:
    """The writer is the planted one; what a worker or `sessionStorage.x =` writes has none."""
    _, site = visited
    unknown = set()
    for one in site.observations:
        if isinstance(one, StorageKept) and one.state is State.BEFORE:
            name = f"{one.storage}:{one.name}"
            plan = next(p for p in PLANTED if fnmatchcase(name, p["object"]))
            assert one.writer in {plan["by"], ""}
            unknown |= set() if one.writer else {name}
    assert unknown == snapshot({"cache_storage:r4h-shell-v1", "session_storage:r4h-entry-page"})


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """Return what `audit demo` prints, and its report; it ends with the code of a fail."""
    folder = tmp_path_factory.mktemp("demo")
    formats = ["--format", "terminal", "--format", f"json={folder / 'report.json'}"]
    done = audit(PLAN.parent.parent.parent, "demo", *formats, cache=folder)
    assert (done.returncode, done.stderr) == (1, "")
    return done.stdout, json.loads((folder / "report.json").read_text())


@pytest.fixture(scope="module")
def told(printed: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the report of `audit demo`."""
    return printed[1]


def test_the_readme_shows_what_is_printed(printed: tuple[str, dict[str, Any]]) -> None:
    """What stands in README.md is printed so, but for what it leaves out at `[...]`."""
    text = (PLAN.parent.parent.parent / "README.md").read_text("utf-8")
    block = re.search(r"```text\n(.*?)```", text, re.DOTALL)
    assert block
    # Where the same is seen in several ways, how many of them differs from run to run.
    when = re.compile(r"in (every state|several states)|before any choice")
    rest = when.sub("WHEN", printed[0])
    for part in when.sub("WHEN", block[1]).split("\n[...]\n"):
        assert part.strip("\n") in rest
        rest = rest[rest.index(part.strip("\n")) :]


def audit(
    folder: Path, *arguments: str, cache: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the real command, away from the checkout: it brings along what it needs."""
    return subprocess.run(  # noqa: S603 -- our own command
        [str(Path(sys.executable).parent / "audit"), *arguments],
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(cache or folder)},
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )


def test_what_is_planted_is_found(told: dict[str, Any]) -> None:
    """Everything that the policy does not declare is a finding, and nothing else is."""
    found = [
        (finding["severity"], result["check"], finding["object"])
        for result in told["results"]
        if result["subject"] == "site:www"
        for finding in result["findings"]
    ]
    assert found == snapshot(
        [
            ("medium", "cookie-attributes", "cookie:_ga@reach4help.org"),
            ("medium", "cookie-attributes", "cookie:_ga_*@reach4help.org"),
            ("low", "cookie-attributes", "cookie:r4h_variant@reach4help.org"),
            ("high", "cookie-undeclared", "cookie:__session@app.reach4help.org"),
            ("high", "cookie-undeclared", "cookie:__stripe_mid@reach4help.org"),
            ("high", "cookie-undeclared", "cookie:__stripe_sid@reach4help.org"),
            ("high", "cookie-undeclared", "cookie:_ga@reach4help.org"),
            ("high", "cookie-undeclared", "cookie:_ga_*@reach4help.org"),
            ("high", "cookie-undeclared", "cookie:brw@airtable.com"),
            ("high", "cookie-undeclared", "cookie:crisp-client%2Fsession%2F*@reach4help.org"),
            ("high", "cookie-undeclared", "cookie:m@m.stripe.com"),
            ("medium", "cookie-undeclared", "cookie:r4h_consent@reach4help.org"),
            ("medium", "cookie-undeclared", "cookie:r4h_probe@reach4help.org"),
            ("medium", "cookie-undeclared", "cookie:r4h_variant@reach4help.org"),
            ("medium", "notice-link", "page:/donate"),
            ("critical", "secret-exposed", "secret:stripe-secret-key@reach4help.org"),
            ("high", "storage-undeclared", "local_storage:embed-last-view"),
            ("high", "storage-undeclared", "local_storage:firebase:authUser:*:[DEFAULT]"),
            ("medium", "storage-undeclared", "cache_storage:r4h-shell-v1"),
            ("medium", "storage-undeclared", "indexed_db:firebase-heartbeat-database"),
            ("medium", "storage-undeclared", "indexed_db:firebase-installations-database"),
            ("medium", "storage-undeclared", "indexed_db:firebaseLocalStorageDb"),
            ("medium", "storage-undeclared", "local_storage:r4h-language"),
            ("medium", "storage-undeclared", "service_worker:https://app.reach4help.org/"),
            ("medium", "storage-undeclared", "session_storage:r4h-entry-page"),
            ("high", "third-party-undeclared", "host:client.crisp.chat"),
            ("high", "third-party-undeclared", "host:unpkg.com"),
            ("medium", "third-party-undeclared", "host:fonts.googleapis.com"),
            ("medium", "third-party-undeclared", "host:fonts.gstatic.com"),
        ]
    )


def test_the_promise_is_contradicted(told: dict[str, Any]) -> None:
    """The policy quotes "only necessary cookies", and that is not what happens."""
    assert told["verdict"] == "fail"
    assert told["coverage"]["claims"]["necessary-cookies"] == "contradicted"
    assert told["policy"]["path"].endswith("policy.yaml")


def test_another_policy(tmp_path: Path) -> None:
    """With --policy the same pages are judged by somebody's own words."""
    site = "{id: own, url: https://reach4help.org/thanks, consent: {banner: none}}"
    (tmp_path / "mine.yaml").write_text(f"version: 1\ncontroller: {{name: X}}\nsites: [{site}]\n")
    options = ["--policy", "mine.yaml", "--only", "secret-exposed", "--format", "json"]
    done = audit(tmp_path, "demo", *options)
    assert json.loads(done.stdout)["policy"]["path"] == "mine.yaml"


def test_it_is_served_for_people(tmp_path: Path) -> None:
    """With --serve it prints what opens it, plays until Ctrl-C, and leaves nothing behind."""
    with subprocess.Popen(  # noqa: S603 -- our own command
        [str(Path(sys.executable).parent / "audit"), "demo", "--serve"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as serving:
        assert serving.stdout
        command = shlex.split(serving.stdout.readline())
        rule = next(part for part in command if part.startswith("--host-resolver-rules="))
        with socket.create_connection(("127.0.0.1", int(rule.rpartition(":")[2])), timeout=5):
            serving.terminate()
        try:
            assert serving.wait(timeout=30) == 143
        finally:
            serving.kill()
    assert command[-1] == "https://reach4help.org/"
    assert list(tmp_path.iterdir()) == []
