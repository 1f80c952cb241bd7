"""The report as PDF, from the same page as `html`: tagged (PDF/UA-1), the same bytes each time."""

import re

from weasyprint import HTML
from weasyprint.urls import URLFetcher

from auditor.errors import ReportError
from auditor.report.html import render_html
from auditor.report.html.windows import PICTURE
from auditor.report.story import Story

VARIANT = "pdf/ua-1"
FORBIDDEN = "a report fetches nothing"


class Closed(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Refuses every address, but pictures in the page: neither files nor the network are read."""

    def fetch(self, url: str, headers: object = None) -> object:
        """Return a picture that the page itself holds; refuse all else."""
        if not url.startswith(PICTURE):
            raise ValueError(FORBIDDEN)
        return super().fetch(url, headers)


def render_pdf(story: Story) -> bytes:
    """Return the file. Its identifier is that of the policy and the day, never of a moment."""
    report = story.report
    page = render_html(story, printed=True)
    return pdf_of(page, f"{report.policy.sha256[:16]}{report.as_of}")


def pdf_of(html: str, identifier: str) -> bytes:
    """Return a page of ours as a file: the same bytes for the same page and identifier."""
    page = HTML(string=html, url_fetcher=Closed())
    data = page.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier.encode())
    if not isinstance(data, bytes) or not re.match(rb"%PDF-1\.", data):
        raise ReportError("the PDF could not be made")
    return data
