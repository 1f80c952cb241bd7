"""Paths: below policy.yaml, whatever they are written as."""

# ruff: noqa: E501 -- a message is one line

from collections.abc import Callable
from pathlib import Path

import pytest
from inline_snapshot import snapshot

MISTAKES = {
    "above": (
        "notices: [{id: a, path: ../a.md}, {id: b, path: a/../../b.md}]",
        snapshot("""\
policy.yaml:3:25: notices[0].path: "../a.md" leads out of the folder of policy.yaml; keep the file in its tree
policy.yaml:3:49: notices[1].path: "a/../../b.md" leads out of the folder of policy.yaml; keep the file in its tree\
"""),
    ),
    "absolute": (
        "notices: [{id: a, path: /etc/passwd}]",
        snapshot(
            'policy.yaml:3:25: notices[0].path: "/etc/passwd" is not relative to policy.yaml; write it with `/`, from the file\'s own folder'
        ),
    ),
    "Windows": (
        'notices: [{id: a, path: "C:/a.md"}, {id: b, path: "..\\\\a.md"}, {id: c, path: "//host/share/a.md"}]',
        snapshot("""\
policy.yaml:3:25: notices[0].path: "C:/a.md" is not relative to policy.yaml; write it with `/`, from the file's own folder
policy.yaml:3:51: notices[1].path: "..\\a.md" is not relative to policy.yaml; write it with `/`, from the file's own folder
policy.yaml:3:78: notices[2].path: "//host/share/a.md" is not relative to policy.yaml; write it with `/`, from the file's own folder\
"""),
    ),
    "everywhere": (
        """\
notices: [{id: a, path: ../a}]
sites: [{id: a, url: https://a.example, journeys: [a.json, ../b.json], access: {storage_state: /c}}]
stores:
- {id: a, connector: files, path: "../*.csv", tables: [{name: t, path: /d}]}
- {id: b, connector: sql, url: "sqlite:///../e.db"}
- {id: c, connector: sql, url: "SQLite:////f.db"}
- {id: d, connector: sql, url: "duckdb:///../g.duckdb"}
accounts: [{id: a, tables: [{name: t, path: ../h}]}]
code: {paths: [".", ".."]}
attestations:
- {id: a, covers: "policy:promise-unobserved", statement: s, by: b, date: 2026-01-01, expires: 2026-01-02, evidence: {path: ../i.pdf}}
""",
        snapshot("""\
policy.yaml:3:25: notices[0].path: "../a" leads out of the folder of policy.yaml; keep the file in its tree
policy.yaml:4:60: sites[0].journeys[1]: "../b.json" leads out of the folder of policy.yaml; keep the file in its tree
policy.yaml:4:96: sites[0].access.storage_state: "/c" is not relative to policy.yaml; write it with `/`, from the file's own folder
policy.yaml:6:35: stores[0].path: "../*.csv" leads out of the folder of policy.yaml; keep the file in its tree
policy.yaml:6:72: stores[0].tables[0].path: "/d" is not relative to policy.yaml; write it with `/`, from the file's own folder
policy.yaml:7:32: stores[1].url: "../e.db" leads out of the folder of policy.yaml; keep the file in its tree
policy.yaml:8:32: stores[2].url: "/f.db" is not relative to policy.yaml; write it with `/`, from the file's own folder
policy.yaml:9:32: stores[3].url: "../g.duckdb" leads out of the folder of policy.yaml; keep the file in its tree
policy.yaml:10:45: accounts[0].tables[0].path: "../h" leads out of the folder of policy.yaml; keep the file in its tree
policy.yaml:11:21: code.paths[1]: ".." leads out of the folder of policy.yaml; keep the file in its tree
policy.yaml:13:125: attestations[0].evidence.path: "../i.pdf" leads out of the folder of policy.yaml; keep the file in its tree\
"""),
    ),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(refusal: Callable[[str], str], text: str, said: str) -> None:
    """A path that leads out of the folder is refused, wherever it stands."""
    assert refusal(text) == said


def test_links_out_of_the_folder(refusal: Callable[[str], str], tmp_path: Path) -> None:
    """A symbolic link does not lead out either, also where something lies behind it."""
    (tmp_path / "out").symlink_to("/")
    assert refusal("notices: [{id: a, path: out/etc/passwd}]") == snapshot(
        'policy.yaml:3:25: notices[0].path: "out/etc/passwd" leads through a link out of the folder of policy.yaml; keep the file in its tree'
    )


def test_endless_link(accepted: Callable[[str], object], tmp_path: Path) -> None:
    """A link to itself neither hangs nor crashes the reader; reading it will be the gap."""
    (tmp_path / "loop").symlink_to("loop")
    assert accepted("notices: [{id: a, path: loop/a.md}]")


@pytest.mark.parametrize("path", ["privacy.md", "legal/privacy.md", "./a.md", "a..b.md", "in/a"])
def test_paths_inside(accepted: Callable[[str], object], tmp_path: Path, path: str) -> None:
    """Paths below policy.yaml are good, links within its folder included."""
    (tmp_path / "legal").mkdir()
    (tmp_path / "in").symlink_to(tmp_path / "legal")
    assert accepted(f"notices: [{{id: a, path: {path}}}]")
