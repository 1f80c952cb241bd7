"""Whether what loaded is the site's page, or something that stands in front of it."""

from auditor.collect.site.shown import Facts

ACCEPTED = 202  # HTTP status with which challenges answer that run in the browser
# How the pages begin that stand in front of a site; none of them occurs in a cookie banner.
CHALLENGES = (
    "attention required! | cloudflare",
    "checking your browser",
    "checking if the site connection is secure",
    "ddos-guard",
    "human verification",
    "just a moment",
    "please verify you are a human",
    "pardon our interruption",
    "security check",
    "verify you are human",
    "verifying you are human",
)


def what_it_is_not(page: Facts | None, status: int) -> str:
    """Return why a document that loaded is not the site's page, "" where it seems to be."""
    if page is None:
        return "its document cannot be read"
    title = page.title.strip().lower()
    if any(title.startswith(words) for words in CHALLENGES):
        return "a challenge stands before it; let the audit's address through"
    if status == ACCEPTED:
        return "status 202, as challenges answer; let the audit's address through"
    if not page.visible and not page.characters:
        return "there is nothing to be seen on it"
    return ""
