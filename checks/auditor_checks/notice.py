"""The notice: people can find it from wherever they are (GDPR Art. 12(1), 13)."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import FIRST_ERROR, Aspect, Gap, Reason, SiteEvidence
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import Declarations, host_of, path_of
from auditor.names import url_shape
from auditor.policy import Notice, Policy
from auditor.sighting import sightings

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
    passing=Example(policy=NOTICE, seen=(example.page(links=("https://example.org/privacy",)),)),
    failing=Example(policy=NOTICE, seen=(example.page(links=("https://example.org/contact",)),)),
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
        if why := _cannot_be_recognised(notice):
            yield Gap(what=f"notice {notice.id}", reason=Reason.NOT_IN_EVIDENCE, needs=why)
    targets = {_place(url_shape(notice.url)) for notice in notices if notice.url}
    if targets:
        yield from _pages_without(policy, site, targets)


def _notices(policy: Policy, site: SiteEvidence) -> list[Notice]:
    """Return the notices that the site's pages should link to; one language is enough."""
    declared = policy.site(site.site)
    wanted = declared.notices if declared else ()
    return [notice for notice in policy.notices if not wanted or notice.id in wanted]


def _cannot_be_recognised(notice: Notice) -> str:
    """Return what it takes to tell a link to the notice from another one, "" for nothing more."""
    if not notice.url:
        return "the address at which people read it: notices[].url in policy.yaml"
    if "?" in notice.url or "#/" in notice.url:
        return "an address without `?` and `#/`: evidence keeps no values of what follows these"
    return ""


def _pages_without(
    policy: Policy, site: SiteEvidence, targets: set[tuple[str, str]]
) -> Iterator[Remark]:
    declarations = Declarations(policy, site)
    scripted = {
        request.page
        for contact in site.contacts
        for request in contact.requests
        if request.resource == "script"
    }
    for page in site.pages:
        is_ours = declarations.is_first_party(host_of(page.url))
        if page.status >= FIRST_ERROR or not is_ours or _place(page.url) in targets:
            continue
        if page.links is None:
            yield Gap(
                what=f"links of {page.url}",
                reason=Reason.NOT_IN_EVIDENCE,
                needs="evidence that keeps the page's markup (a recording with response bodies)",
            )
        elif not page.links and page.url in scripted:
            yield Gap(
                what=f"links of {page.url}",
                reason=Reason.NOT_IN_EVIDENCE,
                needs="a visit with a browser: scripts write this page, its markup holds no links",
            )
        elif targets.isdisjoint(map(_place, page.links)):
            yield Finding(
                object=_name(site, page.url),
                severity=Severity.MEDIUM,
                message=f"{page.url} does not link to the notice",
                at=policy.section("notices"),
                seen=sightings([page]),
                remedies=(Remedy(kind="remove", text="add a link to the notice to the page"),),
            )


def _name(site: SiteEvidence, url: str) -> str:
    """Return the page's object name: its path, after its host where that is not the site's."""
    host = "" if host_of(url) == host_of(site.url) else host_of(url)
    return f"page:{host}{path_of(url)}"


def _place(shape: str) -> tuple[str, str]:
    """Compare addresses as people do: no matter http or https, a last slash, a query."""
    return host_of(shape).removeprefix("www."), path_of(shape).rstrip("/") or "/"
