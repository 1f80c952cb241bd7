"""Which files are read: those that git knows, else all; never through a link that leads out."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from auditor.names import matches
from auditor.revisions import known_files

MOST_FILES: Final = 50_000
PASSED_OVER: Final = frozenset({".git", "node_modules", ".venv", "__pycache__", ".cache"})


def files_below(
    folder: Path, paths: tuple[str, ...], exclude: tuple[str, ...]
) -> tuple[list[str], list[str]]:
    """Return files relative to the folder, and what is none of ours; both sorted.

    A name in `exclude` leaves out all below it. Not ours are links that lead out of the folder or
    nowhere, and repositories within this one.
    """
    listed = known_files(folder)
    found = sorted(set(listed)) if listed is not None else [*_walk(folder, folder)]
    wanted = [PurePosixPath(path) for path in paths]
    ours, outside = [], []
    for name in found:
        path, file = PurePosixPath(name), folder / name
        is_wanted = any(one == path or one in path.parents or str(one) == "." for one in wanted)
        if not is_wanted or _is_left_out(path, exclude):
            continue
        if file.is_file() and file.resolve().is_relative_to(folder.resolve()):
            ours.append(name)
        elif file.is_symlink() or file.is_dir():
            outside.append(name)
    return ours, outside


def _is_left_out(path: PurePosixPath, exclude: tuple[str, ...]) -> bool:
    names = (str(path), *path.parts)
    passed_over = not PASSED_OVER.isdisjoint(path.parts)
    return passed_over or any(matches(pattern, name) for pattern in exclude for name in names)


def _walk(folder: Path, top: Path) -> Iterator[str]:
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.name in PASSED_OVER:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), top)
        else:
            yield Path(entry.path).relative_to(top).as_posix()
