"""GitHub's REST interface, as far as a job needs it: lists by the page, one thing written.

Source: GitHub REST API, version 2022-11-28: "Using pagination", "Commit statuses",
"Deployments", "Issue comments".
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from auditor import __version__
from auditor.errors import AuditError

API: Final = "https://api.github.com"
A_PAGE: Final = 100  # the most that GitHub gives at once
MOST_PAGES: Final = 50
SECONDS: Final = (10, 30)  # to connect, to answer
FORBIDDEN: Final = frozenset({401, 403, 404})

Json = dict[str, Any]  # whatever GitHub answers


class RefusedError(AuditError):
    """GitHub does not let this token do it."""


class GitHub:
    """One repository, asked with the job's own token; what is asked twice is tried again."""

    def __init__(self, repository: str, token: str, base: str = API) -> None:
        """Ask nothing yet; `base` is another server of GitHub Enterprise."""
        self._base = f"{base.rstrip('/')}/repos/{repository}"
        self._root = base.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False  # a .netrc would replace the token
        retry = Retry(total=3, backoff_factor=1, status_forcelist=(502, 503, 504))
        self._session.mount("https://", HTTPAdapter(max_retries=retry))
        self._session.headers.update(
            {
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
                "User-Agent": f"policy-auditor/{__version__}",
                **({"Authorization": f"Bearer {token}"} if token else {}),
            }
        )

    def login(self) -> str:
        """Return whose token it is; that of a job is no user's."""
        try:
            return str(self._ask("GET", f"{self._root}/user").get("login", ""))
        except RefusedError:
            return "github-actions[bot]"

    def get(self, path: str) -> Json:
        """Return one thing."""
        answer: Json = self._ask("GET", f"{self._base}/{path}")
        return answer

    def all(self, path: str, **params: str) -> Iterator[Json]:
        """Yield each of a list."""
        for page in range(1, MOST_PAGES + 1):
            asked = {**params, "per_page": str(A_PAGE), "page": str(page)}
            found = self._ask("GET", f"{self._base}/{path}", params=asked)
            yield from found
            if len(found) < A_PAGE:
                return

    def write(self, method: str, path: str, body: Mapping[str, str]) -> None:
        """Create or change one thing."""
        self._ask(method, f"{self._base}/{path}", json=body)

    def _ask(self, method: str, url: str, **more: Any) -> Any:  # noqa: ANN401 -- JSON
        try:
            answer = self._session.request(
                method, url, timeout=SECONDS, allow_redirects=False, **more
            )
        except requests.RequestException as error:
            message = f"GitHub could not be asked ({type(error).__name__}); is {self._root} right?"
            raise AuditError(message) from error
        if answer.status_code in FORBIDDEN:
            message = f"GitHub refuses {method} {url.removeprefix(self._root)}"
            raise RefusedError(
                f"{message} ({answer.status_code}): which `permissions` has the job?"
            )
        if not answer.ok:
            raise AuditError(f"GitHub answers {answer.status_code} to {method} {url}; try again")
        try:
            return answer.json()
        except ValueError as error:
            raise AuditError(f"GitHub's answer to {method} {url} is no JSON") from error
