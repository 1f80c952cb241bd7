"""Every check of every module: in the tuple, in the contract, and true to its examples."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import auditor_checks
from auditor.check import Check
from auditor.discovery import discover
from auditor.findings import Outcome
from auditor.testing import try_example
from auditor.vocabulary import CHECK_SCOPES, REFERENCES
from auditor_checks import CHECKS

DASH = re.compile(r"--|\u2013|\u2014")
every_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)


def test_every_check_is_in_the_tuple() -> None:
    """A check that somebody wrote and forgot to list would never be run."""
    modules = [
        import_module(f"auditor_checks.{module.name}")
        for module in walk_packages(auditor_checks.__path__)
    ]
    written = [v for module in modules for v in vars(module).values() if isinstance(v, Check)]
    assert sorted(check.id for check in written) == sorted(check.id for check in CHECKS)
    assert len({check.id for check in CHECKS}) == len(CHECKS)


def test_the_tuple_is_what_is_installed() -> None:
    """The entry point leads to it."""
    assert {check.id for check in CHECKS} <= {check.id for check in discover()}


@every_check
def test_what_passes_passes(check: Check) -> None:  # type: ignore[type-arg]
    """The passing example has no finding and no gap."""
    assert try_example(check, check.passing) is Outcome.PASS


@every_check
def test_what_fails_fails(check: Check) -> None:  # type: ignore[type-arg]
    """The failing example is contradicted, or is a promise that cannot be looked at."""
    assert try_example(check, check.failing) in {Outcome.FAIL, Outcome.ERROR}


@every_check
def test_the_contract_knows_it(check: Check) -> None:  # type: ignore[type-arg]
    """Its id is one of the contract's, and it looks where the contract says."""
    assert check.scope in CHECK_SCOPES[check.id]


@every_check
def test_it_can_be_explained(check: Check) -> None:  # type: ignore[type-arg]
    """A title of one line, advice that begins with a sentence, and texts that can be read."""
    first, *_ = check.advice.splitlines()
    assert check.title
    assert "\n" not in check.title
    assert not check.title.endswith(".")
    assert re.match(r"[A-Z].+[.:]", first)
    assert not DASH.search(check.advice)
    assert check.references
    assert set(check.references) <= set(REFERENCES)


def test_each_module_has_its_tests() -> None:
    """tests/checks mirrors the package."""
    modules = {module.name for module in walk_packages(auditor_checks.__path__)}
    files = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert modules <= files
