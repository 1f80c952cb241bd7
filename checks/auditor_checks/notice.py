"""The notice: people can find it from wherever they are (GDPR Art. 12(1), 13)."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, Gap, Reason, SiteEvidence
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import host_of, path_of
from auditor.policy import Notice, Policy
from auditor.sighting import sightings

ABOUT = "https://example.org/about"
FIRST_ERROR = 400

NOTICE = """
notices:
  - id: privacy
    url: https://example.org/privacy
"""


@check(
    "notice-link",
    title="Every page leads to the notice",
    needs=SiteEvidence,
    references=["gdpr:12", "gdpr:13"],
    looks_at=[Aspect.LINKS],
    passing=Example(
        policy=NOTICE, seen=(example.page(ABOUT, links=("https://example.org/privacy",)),)
    ),
    failing=Example(
        policy=NOTICE, seen=(example.page(ABOUT, links=("https://example.org/contact",)),)
    ),
)
def notice_not_linked(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Link to the notice from every page: a line in the footer is enough.

    The address is the notice's `url` in policy.yaml. People are told where the data is collected,
    not only on the page that somebody happens to find.
    """
    notices = _notices(policy, site)
    if not notices:
        yield NotApplicable(why="the policy names no notice for this site")
        return
    for notice in notices:
        if not notice.url:
            yield Gap(
                what=f"notice {notice.id}",
                reason=Reason.NOT_IN_EVIDENCE,
                needs="the address at which people read it: notices[].url in policy.yaml",
            )
    if any(notice.url for notice in notices):
        yield from _pages_without(policy, site, [n for n in notices if n.url])


def _notices(policy: Policy, site: SiteEvidence) -> list[Notice]:
    """Return the notices that the site's pages should link to; one language is enough."""
    declared = policy.site(site.site)
    wanted = declared.notices if declared else ()
    return [notice for notice in policy.notices if not wanted or notice.id in wanted]


def _pages_without(policy: Policy, site: SiteEvidence, notices: list[Notice]) -> Iterator[Remark]:
    targets = {_place(notice.url) for notice in notices}
    for page in site.pages:
        if page.status >= FIRST_ERROR or _place(page.url) in targets:
            continue
        if page.links is None:
            yield Gap(
                what=f"links of {page.url}",
                reason=Reason.NOT_IN_EVIDENCE,
                needs="evidence that keeps the page's markup (a recording with response bodies)",
            )
        elif targets.isdisjoint(map(_place, page.links)):
            yield Finding(
                object=f"page:{path_of(page.url)}",
                severity=Severity.MEDIUM,
                message=f"{page.url} does not link to the notice",
                at=policy.section("notices"),
                seen=sightings([page]),
                remedies=(Remedy(kind="remove", text="add a link to the notice to the page"),),
            )


def _place(url: str) -> tuple[str, str]:
    """Compare addresses as people do: no matter http or https, a last slash, a query."""
    host = host_of(url).removeprefix("www.")
    return host, path_of(url).rstrip("/") or "/"
