"""Which organization of GitHub is asked about, and where."""

import re
from collections.abc import Mapping
from typing import Final

from auditor.collect.accounts.connector import Asking
from auditor.collect.credentials import Secret, bearer
from auditor.collect.refused import RefusedError
from auditor.evidence import Reason

API: Final = "https://api.github.com"
PAGE: Final = 100  # the most
_VERSION: Final = "2022-11-28"
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")


def organization_of(asking: Asking) -> str:
    """Return the organization's name; `RefusedError` where the account names none."""
    name = asking.account.organization
    if not _NAME.fullmatch(name):
        raise RefusedError(Reason.UNDECIDED, "`organization` of the account, as in its address")
    return name


def headers(secret: Secret) -> Mapping[str, str]:
    """Return the headers of a token, and of the version of the interface that is read here."""
    return {
        **bearer(secret),
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": _VERSION,
    }
