import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.report.pages import refuse_what_is_missing
from auditor.testing import cookie

Audit = Callable[..., subprocess.CompletedProcess[str]]
See = Callable[..., Path]


def test_a_page_goes_to_a_file(audit: Audit, see: See, folder: Path) -> None:
    """`--format html=PATH` writes the page beside other formats, and the code stays the same."""
    see(cookie("_ga"))
    ran = audit("check", "evidence.json", "--format", "html=report.html", "--format", "terminal")
    assert ran.returncode == 1
    assert ran.stdout.startswith("fail  ")
    page = (folder / "report.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "Stop the site from setting the cookie" in page  # the check's own advice


def test_a_page_goes_to_standard_output(audit: Audit, see: See) -> None:
    """Without a path the page is printed whole."""
    see(cookie("_ga"))
    page = audit("check", "evidence.json", "--format", "html").stdout
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>\n")


def test_a_pdf_needs_a_path(audit: Audit, see: See) -> None:
    """A PDF on a terminal helps nobody: it says what to write before anything is done."""
    see(cookie("_ga"))
    ran = audit("check", "evidence.json", "--format", "pdf")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "write --format pdf=report.pdf" in ran.stderr


def test_without_weasyprint_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing extra is named before anybody looks at anything."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(UsageError, match=r"pip install policy-auditor\[pdf\]"):
        refuse_what_is_missing("pdf", "report.pdf")
    refuse_what_is_missing("html", "")
