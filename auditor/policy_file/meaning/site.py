"""Sites and what they keep on devices: steps, expressions, banners that fit what is declared."""

from collections.abc import Iterator

from auditor.policy import Policy, Site, StorageRow, appears_on
from auditor.policy_file.messages import Fault, shown
from auditor.policy_file.strict_yaml import Path
from auditor.policy_file.todo import IsUndecided

CHOICES = ("accept", "reject", "withdraw")
STEP_KEYS = ("click", "wait_for")


def site_faults(policy: Policy, is_undecided: IsUndecided) -> Iterator[Fault]:
    """Yield what contradicts itself in a site, or in a row of device storage."""
    for i, row in enumerate(policy.device_storage):
        if row.max_age and row.type != "cookie":
            message = f"only cookies have a max_age; a {row.type} row has none"
            yield Fault(path=("device_storage", i, "max_age"), message=message, on_key=True)
    waiting = [
        row
        for i, row in enumerate(policy.device_storage)
        if row.consent == "required"
        and not any(is_undecided(("device_storage", i, key)) for key in ("consent", "sites"))
    ]
    for i, site in enumerate(policy.sites):
        yield from _choice_faults(("sites", i, "consent"), site, is_undecided)
        yield from _banner_faults(("sites", i, "consent", "banner"), site, waiting)
        for j, start in enumerate(site.crawl.start):
            if not start.startswith("/") or start.startswith("//"):
                message = f"{shown(start)} is not a path of the site; begin it with one /"
                yield Fault(path=("sites", i, "crawl", "start", j), message=message)


def _choice_faults(path: Path, site: Site, is_undecided: IsUndecided) -> Iterator[Fault]:
    for key in CHOICES:
        choice = getattr(site.consent, key)
        for j, step in enumerate(choice.steps if choice else ()):
            where = (*path, key, "steps", j)
            written = [bool(getattr(step, k)) or is_undecided((*where, k)) for k in STEP_KEYS]
            if sum(written) != 1:
                message = "a step either clicks or waits: write one of click and wait_for"
                yield Fault(path=where, message=message)
        state = getattr(site.consent.state, key, None)
        if state and (why := _bad_expression(state.matches)):
            message = f"{shown(state.matches)} is no RE2 expression: {why}"
            yield Fault(path=(*path, "state", key, "matches"), message=message)


def _banner_faults(path: Path, site: Site, waiting: list[StorageRow]) -> Iterator[Fault]:
    """Yield a site without a banner where something may only be used after consent."""
    here = (row for row in waiting if appears_on(row, site.id))
    if site.consent.banner == "none" and (row := next(here, None)):
        message = (
            f"there is no banner, but {row.identifier} (line {row.at.line}) may only be used after"
            " consent: add a banner, take it out, or say why it needs no consent"
        )
        yield Fault(path=path, message=message)


def _bad_expression(text: str) -> str:
    """Return why RE2 refuses an expression, "" if it does not. RE2 cannot be made to hang."""
    if not text:
        return ""
    import re2  # noqa: PLC0415 -- only policies with expressions pay for it

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(text, options)
    except re2.error as error:
        reason = error.args[0] if error.args else "it cannot be read"
        return reason.decode() if isinstance(reason, bytes) else str(reason)
    return ""
