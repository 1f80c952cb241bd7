"""Manifests and lock files: the packages that are asked for, and those that others bring.

Source: package.json and package-lock.json (npm), yarn.lock, requirements files and pyproject.toml
(PEP 508, 621), uv.lock, poetry.lock, Cargo, composer.json, Bundler. A package is a third party
only if the catalogue knows that it talks to one; of lock files only those are told.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from auditor.collect.code.places import LONGEST_PACKAGE, Place
from auditor.knowledge.attribution import by_package

Reader = Callable[[str], Iterator[Place]]


def reader_of(name: str) -> Reader | None:
    """Return what reads a manifest of this name, None for a file that is none."""
    if name.startswith("requirements") and name.endswith(".txt"):
        return _requirements
    return _READERS.get(name)


def _found(text: str, registry: str, names: Iterable[str], *, shipped: bool) -> Iterator[Place]:
    for name in names:
        if len(name) > LONGEST_PACKAGE:
            continue
        at = max(text.find(f'"{name}"'), 0) or max(text.find(name), 0)
        line = text.count("\n", 0, at) + 1
        column = at - text.rfind("\n", 0, at)
        yield Place(
            name=f"package:{registry}:{name}",
            how="dependency",
            line=line,
            column=column,
            while_developing=not shipped,
        )


def _package_json(text: str) -> Iterator[Place]:
    tree = _object(json.loads(text))
    for key in ("dependencies", "optionalDependencies", "peerDependencies"):
        yield from _found(text, "npm", _object(tree.get(key)), shipped=True)
    yield from _found(text, "npm", _object(tree.get("devDependencies")), shipped=False)


def _composer(text: str) -> Iterator[Place]:
    tree = _object(json.loads(text))
    yield from _found(text, "composer", _object(tree.get("require")), shipped=True)
    yield from _found(text, "composer", _object(tree.get("require-dev")), shipped=False)


def _cargo(text: str) -> Iterator[Place]:
    tree = tomllib.loads(text)
    yield from _found(text, "cargo", _object(tree.get("dependencies")), shipped=True)
    yield from _found(text, "cargo", _object(tree.get("dev-dependencies")), shipped=False)


def _pyproject(text: str) -> Iterator[Place]:
    project = _object(tomllib.loads(text).get("project"))
    yield from _found(text, "pypi", _names(project.get("dependencies")), shipped=True)
    for extra in _object(project.get("optional-dependencies")).values():
        yield from _found(text, "pypi", _names(extra), shipped=True)


def _requirements(text: str) -> Iterator[Place]:
    lines = (line.partition("#")[0].partition("\\")[0].strip() for line in text.splitlines())
    yield from _found(
        text, "pypi", _names([line for line in lines if line[:1].isalnum()]), shipped=True
    )


def _locked(text: str, registry: str, names: Iterable[str]) -> Iterator[Place]:
    """Yield those that the catalogue knows: the others of a lock file say nothing here."""
    told = dict.fromkeys(name for name in names if by_package(f"{registry}:{name}"))
    yield from _found(text, registry, told, shipped=True)


def _package_lock(text: str) -> Iterator[Place]:
    tree = _object(json.loads(text))
    entries = {**_object(tree.get("packages")), **_object(tree.get("dependencies"))}
    shipped = (name for name, one in entries.items() if not _object(one).get("dev"))
    yield from _locked(text, "npm", (name.rpartition("node_modules/")[2] for name in shipped))


def _toml_lock(registry: str) -> Reader:
    def read(text: str) -> Iterator[Place]:
        packages = tomllib.loads(text).get("package")
        listed = packages if isinstance(packages, list) else []
        yield from _locked(text, registry, (str(_object(one).get("name")) for one in listed))

    return read


def _lines(registry: str, form: str) -> Reader:
    found = re.compile(form, re.MULTILINE)

    def read(text: str) -> Iterator[Place]:
        yield from _locked(text, registry, (match[1] for match in found.finditer(text)))

    return read


def _names(wanted: object) -> Iterator[str]:
    for one in wanted if isinstance(wanted, list) else ():
        try:
            yield canonicalize_name(Requirement(str(one)).name)
        except InvalidRequirement:
            continue


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


_READERS: Final[dict[str, Reader]] = {
    "package.json": _package_json,
    "composer.json": _composer,
    "Cargo.toml": _cargo,
    "pyproject.toml": _pyproject,
    "package-lock.json": _package_lock,
    "npm-shrinkwrap.json": _package_lock,
    "yarn.lock": _lines("npm", r'^"?(@?[^@"\s#][^@"\s]{0,200})@'),
    "Cargo.lock": _toml_lock("cargo"),
    "uv.lock": _toml_lock("pypi"),
    "poetry.lock": _toml_lock("pypi"),
    "Gemfile": _lines("gem", r"""^\s*gem\s*\(?\s*["']([\w.-]{1,100})["']"""),
    "Gemfile.lock": _lines("gem", r"^ {4}([\w.-]{1,100}) \("),
}
