"""Manifests and lock files: the packages that are asked for, and those that others bring.

Source: npm (package.json, package-lock.json, yarn.lock, pnpm-lock.yaml), PEP 508, 621 and 735,
Poetry, Pipenv, uv.lock, Cargo, composer.json, Bundler, Go modules. A package is a third party only
if the catalogue knows that it talks to one; of lock files only those are told.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from auditor.collect.code.places import LONGEST_PACKAGE, Place
from auditor.knowledge.attribution import by_package

Reader = Callable[[str], Iterator[Place]]

_REQUIREMENTS: Final = re.compile(
    r"(?:.*[-_.])?(?:requirements|constraints)(?:[-_.].*)?\.(?:txt|in)"
)


def reader_of(path: PurePosixPath) -> Reader | None:
    """Return what reads a manifest of this name, None for a file that is none."""
    is_list = path.parent.name == "requirements" and path.suffix in {".txt", ".in"}
    if is_list or _REQUIREMENTS.fullmatch(path.name):
        return _requirements
    return _READERS.get(path.name)


def _place(text: str, at: int, registry: str, name: str, *, shipped: bool) -> Iterator[Place]:
    """Yield a package that stands at an index of the text."""
    if len(name) <= LONGEST_PACKAGE:
        yield Place(
            name=f"package:{registry}:{name}",
            how="dependency",
            line=text.count("\n", 0, at) + 1,
            column=at - text.rfind("\n", 0, at),
            while_developing=not shipped,
        )


def _found(
    text: str, registry: str, names: Iterable[str], *, shipped: bool = True, below: str = ""
) -> Iterator[Place]:
    """Yield packages where their names stand, the first time below a heading."""
    start = max(text.find(below), 0)
    for name in names:
        places = (text.find(written, start) for written in (f'"{name}"', name))
        at = next((place for place in places if place >= 0), 0)
        known = _canonical(name) if registry == "pypi" else name
        yield from _place(text, at, registry, known, shipped=shipped)


def _canonical(written: str) -> str:
    """Return the name of what PEP 508 asks for, "" where it cannot be read."""
    try:
        return canonicalize_name(Requirement(written).name)
    except InvalidRequirement:
        return ""


def _package_json(text: str) -> Iterator[Place]:
    tree = _object(json.loads(text))
    for key in ("dependencies", "optionalDependencies", "peerDependencies", "devDependencies"):
        names, shipped = _object(tree.get(key)), key != "devDependencies"
        yield from _found(text, "npm", names, shipped=shipped, below=f'"{key}"')


def _composer(text: str) -> Iterator[Place]:
    tree = _object(json.loads(text))
    for key in ("require", "require-dev"):
        names, shipped = _object(tree.get(key)), key == "require"
        yield from _found(text, "composer", names, shipped=shipped, below=f'"{key}"')


def _cargo(text: str) -> Iterator[Place]:
    tree = tomllib.loads(text)
    targets = _object(tree.get("target")).values()
    for part in (tree, _object(tree.get("workspace")), *map(_object, targets)):
        names = _object(part.get("dependencies"))
        yield from _found(text, "cargo", names, below="dependencies]")
    for key in ("dev-dependencies", "build-dependencies"):
        names = _object(tree.get(key))
        yield from _found(text, "cargo", names, shipped=False, below=f"[{key}")


def _pyproject(text: str) -> Iterator[Place]:
    tree = tomllib.loads(text)
    project = _object(tree.get("project"))
    yield from _found(text, "pypi", _texts(project.get("dependencies")), below="[project]")
    for extra in _object(project.get("optional-dependencies")).values():
        yield from _found(text, "pypi", _texts(extra), below="optional-dependencies")
    for group in _object(tree.get("dependency-groups")).values():
        yield from _found(text, "pypi", _texts(group), shipped=False, below="[dependency-groups]")
    poetry = _object(_object(tree.get("tool")).get("poetry"))
    names = _object(poetry.get("dependencies"))
    yield from _found(text, "pypi", names, below="[tool.poetry.dependencies]")


def _pipfile(text: str) -> Iterator[Place]:
    tree = tomllib.loads(text)
    yield from _found(text, "pypi", _object(tree.get("packages")), below="[packages]")
    names = _object(tree.get("dev-packages"))
    yield from _found(text, "pypi", names, shipped=False, below="[dev-packages]")


def _requirements(text: str) -> Iterator[Place]:
    at = 0
    for line in text.splitlines(keepends=True):
        written = line.partition(" #")[0].partition("\\")[0].strip()
        if written[:1].isalnum() and (name := _canonical(written)):
            yield from _place(text, at, "pypi", name, shipped=True)
        at += len(line)


def _locked(text: str, registry: str, names: Iterable[str]) -> Iterator[Place]:
    """Yield those that the catalogue knows: the others of a lock file say nothing here."""
    told = dict.fromkeys(name for name in names if by_package(f"{registry}:{name}"))
    yield from _found(text, registry, told)


def _package_lock(text: str) -> Iterator[Place]:
    tree = _object(json.loads(text))
    entries = {**_object(tree.get("packages")), **_object(tree.get("dependencies"))}
    shipped = (name for name, one in entries.items() if not _object(one).get("dev"))
    yield from _locked(text, "npm", (name.rpartition("node_modules/")[2] for name in shipped))


def _pipfile_lock(text: str) -> Iterator[Place]:
    yield from _locked(text, "pypi", _object(_object(json.loads(text)).get("default")))


def _composer_lock(text: str) -> Iterator[Place]:
    listed = _object(json.loads(text)).get("packages")
    entries = listed if isinstance(listed, list) else []
    yield from _locked(text, "composer", (str(_object(one).get("name")) for one in entries))


def _toml_lock(registry: str) -> Reader:
    def read(text: str) -> Iterator[Place]:
        packages = tomllib.loads(text).get("package")
        listed = packages if isinstance(packages, list) else []
        yield from _locked(text, registry, (str(_object(one).get("name")) for one in listed))

    return read


def _lines(registry: str, form: str) -> Reader:
    found = re.compile(form, re.MULTILINE)

    def read(text: str) -> Iterator[Place]:
        known: set[str] = set()
        for match in found.finditer(text):
            if match[1] not in known and by_package(f"{registry}:{match[1]}"):
                known.add(match[1])
                yield from _place(text, match.start(1), registry, match[1], shipped=True)

    return read


def _texts(listed: object) -> list[str]:
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


_READERS: Final[dict[str, Reader]] = {
    "package.json": _package_json,
    "composer.json": _composer,
    "Cargo.toml": _cargo,
    "pyproject.toml": _pyproject,
    "Pipfile": _pipfile,
    "package-lock.json": _package_lock,
    "npm-shrinkwrap.json": _package_lock,
    "yarn.lock": _lines("npm", r'^"?(@?[^@"\s#][^@"\s]{0,200})@'),
    "pnpm-lock.yaml": _lines("npm", r"^ {2}['\"]?/?(@?[^@'\"\s:]{1,200})[@/]\d"),
    "Cargo.lock": _toml_lock("cargo"),
    "uv.lock": _toml_lock("pypi"),
    "poetry.lock": _toml_lock("pypi"),
    "Pipfile.lock": _pipfile_lock,
    "composer.lock": _composer_lock,
    "Gemfile": _lines("gem", r"""^\s*gem\s*\(?\s*["']([\w.-]{1,100})["']"""),
    "Gemfile.lock": _lines("gem", r"^ {4}([\w.-]{1,100}) \("),
    "go.mod": _lines("go", r"^\s*(?:require\s+)?([\w.~-]+(?:/[\w.~-]+?)+?)(?:/v\d+)?\s+v\d"),
}
