"""Forms that tell the whole story, not the report alone; each is loaded when it is asked for."""

from collections.abc import Callable

from auditor.errors import UsageError
from auditor.report.story import Story

Teller = Callable[[Story], bytes]
NO_PDF = "--format pdf needs WeasyPrint: pip install policy-auditor[pdf]"


def _html(story: Story) -> bytes:
    from auditor.report.html import render_html  # noqa: PLC0415 -- most runs need no templates

    return render_html(story).encode("utf-8", "backslashreplace")


def _pdf(story: Story) -> bytes:
    from auditor.report.pdf import render_pdf  # noqa: PLC0415 -- it takes a while, and an extra

    return render_pdf(story)


def _sarif(story: Story) -> bytes:
    from auditor.report.sarif import render_sarif  # noqa: PLC0415 -- as above

    return render_sarif(story)


def _junit(story: Story) -> bytes:
    from auditor.report.junit import render_junit  # noqa: PLC0415 -- as above

    return render_junit(story)


def _github(story: Story) -> bytes:
    from auditor.report.github import render_github  # noqa: PLC0415 -- as above

    return render_github(story)


def _markdown(story: Story) -> bytes:
    from auditor.report.markdown import render_markdown  # noqa: PLC0415 -- as above

    return render_markdown(story)


def refuse_what_is_missing(name: str, path: str) -> None:
    """Say what a form lacks before anybody looks at anything: `UsageError` with what to do."""
    if name != "pdf":
        return
    if not path:
        raise UsageError("a PDF goes to a file; write --format pdf=report.pdf")
    try:
        import weasyprint  # noqa: F401, PLC0415 -- an extra
    except ImportError as error:
        raise UsageError(NO_PDF) from error
    except OSError as error:  # it is there, and the system's Pango is not
        message = f"{NO_PDF}, and Pango from the system ({str(error)[:200]})"
        raise UsageError(message) from error


PAGES: dict[str, Teller] = {
    "html": _html,
    "pdf": _pdf,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "markdown": _markdown,
}
