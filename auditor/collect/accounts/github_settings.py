"""What GitHub keeps of an organization's automation, who reads it, which secrets lie open."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, CanWrite, Part
from auditor.collect.accounts.github_organization import API, PAGE, organization_of
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Params, segment
from auditor.evidence import Gap, Reason, SettingSeen
from auditor.names import template

_LOGS: Final = "artifacts and logs of Actions"
_RETENTION: Final = "actions/permissions/artifact-and-log-retention"
_UNSEEN: Final = frozenset({Reason.FORBIDDEN, Reason.NOT_IN_EVIDENCE})


class _Days(Struct, frozen=True):
    days: int


class _CacheDays(Struct, frozen=True):
    max_cache_retention_days: int


class _Repository(Struct, frozen=True):
    name: str
    private: bool | None = None


class _App(Struct, frozen=True):
    app_slug: str = ""
    repository_selection: str = ""
    suspended_at: str | None = None


class _Apps(Struct, frozen=True):
    installations: tuple[_App, ...]


class _Alert(Struct, frozen=True):
    publicly_leaked: bool | None = None
    repository: _Repository | None = None


def retention(asking: Asking) -> Iterator[Part]:
    """Yield how long logs are kept: no repository keeps them for longer than the organization.

    Where that may not be read, each repository is asked, with a request of its own.
    """
    try:
        found = asking.api.get(f"{API}/orgs/{organization_of(asking)}/{_RETENTION}", _Days)
    except RefusedError as error:
        if error.reason not in _UNSEEN:
            raise
        yield from _by_repository(asking, error)
    else:
        yield _deleted_after("artifact-and-log-retention", found.days, _LOGS)


def _by_repository(asking: Asking, refused: RefusedError) -> Iterator[Part]:
    organization = organization_of(asking)
    params: Params = {"per_page": PAGE, "type": "all"}
    days: set[int] = set()
    unseen = number = 0
    for page in asking.api.linked(f"{API}/orgs/{organization}/repos", list[_Repository], params):
        for repository in page:
            number += 1
            place = f"{API}/repos/{organization}/{segment(repository.name)}/{_RETENTION}"
            try:
                days.add(asking.api.get(place, _Days).days)
            except RefusedError as error:
                if error.reason not in _UNSEEN:
                    raise
                unseen += 1
    if not days:
        raise refused
    longest = max(days)
    yield _deleted_after("artifact-and-log-retention, the longest of all", longest, _LOGS)
    needs = "Administration (read) of the organization: repositories that the token cannot see"
    if unseen:
        needs = f"Administration (read) of all repositories: {unseen} of {number} were not shown"
    yield Gap(what=_LOGS, reason=Reason.NOT_VERIFIED, needs=needs)


def caches(asking: Asking) -> Iterator[Part]:
    """Yield how long caches of builds are kept."""
    place = f"{API}/organizations/{organization_of(asking)}/actions/cache/retention-limit"
    days = asking.api.get(place, _CacheDays).max_cache_retention_days
    yield _deleted_after("cache retention-limit", days, "caches of Actions")


def _deleted_after(name: str, days: int, of: str) -> Part:
    if days < 1:
        needs = f"a number of days as {name}"
        return Gap(what=of, reason=Reason.NOT_VERIFIED, needs=needs)
    return SettingSeen(
        name=name, value=f"{days} days", effect="deletes_after", of=of, period=f"P{days}D"
    )


def apps(asking: Asking) -> Iterator[Part]:
    """Yield each app that may read the organization: others' programs, on others' machines."""
    params: Params = {"per_page": PAGE}
    place = f"{API}/orgs/{organization_of(asking)}/installations"
    for page in asking.api.linked(place, _Apps, params):
        for app in page.installations:
            which = app.repository_selection
            yield SettingSeen(
                name="installed app",
                value=f"{which if which in {'all', 'selected'} else 'some'} repositories",
                effect="copies_to",
                of="repositories",
                is_on=app.suspended_at is None,
                to=f"the app {template(app.app_slug)[:100]}",
            )


def alerts(asking: Asking) -> Iterator[Part]:
    """Yield how many secrets were found and are still open; the secrets are not sent."""
    params: Params = {"per_page": PAGE, "state": "open", "hide_secret": True}
    place = f"{API}/orgs/{organization_of(asking)}/secret-scanning/alerts"
    number = in_public = 0
    for page in asking.api.linked(place, list[_Alert], params):
        for alert in page:
            is_seen = alert.repository is None or alert.repository.private is not True
            number += 1
            in_public += bool(alert.publicly_leaked) or is_seen
    yield SettingSeen(
        name="open secret-scanning alerts",
        value=f"{number}, of which {in_public} in public",
        effect="exposes",
        of="secrets in repositories",
        is_on=in_public > 0,
    )


def rights(asking: Asking) -> Iterator[Part]:
    """Yield what a classic token may change; of fine-grained ones GitHub does not tell."""
    answer = asking.api.answer("GET", f"{API}/orgs/{organization_of(asking)}")
    if "x-oauth-scopes" not in answer.headers:
        needs = "attest that each permission of the fine-grained token is read-only, with a screen"
        yield Gap(what="what the token may change", reason=Reason.CANNOT_BE_SHOWN, needs=needs)
        return
    for scope in answer.headers["x-oauth-scopes"].split(","):
        name = scope.strip()
        if name and not name.startswith("read:") and name != "user:email":
            yield CanWrite(what=template(name)[:100])
