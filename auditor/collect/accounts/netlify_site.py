"""Which site of Netlify is asked about, and where."""

import re
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Params, segment
from auditor.evidence import Reason

HOST: Final = "https://api.netlify.com"
API: Final = f"{HOST}/api/v1"
PAGE: Final = 100  # the most
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Site(Struct, frozen=True):
    """A site, and the team that it belongs to."""

    id: str
    name: str = ""
    custom_domain: str | None = None
    account_id: str = ""
    account_slug: str = ""


def site_of(asking: Asking) -> Site:
    """Return the site that the account names by its id, name or own domain."""
    wanted = asking.account.site
    if not wanted:
        raise RefusedError(Reason.UNDECIDED, "`site` of the account: its id or its name")
    if _ID.fullmatch(wanted):
        return asking.api.get(f"{API}/sites/{segment(wanted)}", Site)
    params: Params = {"filter": "all", "per_page": PAGE}
    for page in asking.api.linked(f"{API}/sites", list[Site], params):
        for site in page:
            if wanted.casefold() in {site.name.casefold(), (site.custom_domain or "").casefold()}:
                return site
    raise RefusedError(Reason.NOT_IN_EVIDENCE, "a site of this name that the token can see")
