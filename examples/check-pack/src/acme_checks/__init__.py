"""Our own rules for our own sites, judged by `audit` beside its built-in ones."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, SiteEvidence
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.matching import Declarations
from auditor.policy import Policy
from auditor.sighting import sightings


@check(
    "acme-foreign-fonts",
    title="Fonts come from our own server",
    needs=SiteEvidence,
    references=["gdpr:5-1-c"],
    looks_at=[Aspect.REQUESTS],
    passing=Example(
        policy="", seen=(example.request("https://example.org/sans.woff2", resource="font"),)
    ),
    failing=Example(
        policy="", seen=(example.request("https://fonts.example.com/sans.woff2", resource="font"),)
    ),
)
def foreign_font(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Put the font files beside your own pages and load them from there.

    Whoever serves a font learns which visitor reads which page, and a font needs nobody else.
    """
    declarations = Declarations(policy, site)
    for contact in site.contacts:
        fonts = [request for request in contact.requests if request.resource == "font"]
        if fonts and not declarations.is_first_party(contact.host):
            yield Finding(
                object=f"host:{contact.host}",
                facet="font",
                severity=Severity.MEDIUM,
                message=f"a font is loaded from {contact.host}",
                at=policy.section("sites"),
                seen=sightings(fonts),
                remedies=(Remedy(kind="remove", text="serve the font from your own host"),),
            )


CHECKS = (foreign_font,)
