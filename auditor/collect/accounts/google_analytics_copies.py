"""Where events of Google Analytics go on to: linked products, and Google itself."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Part
from auditor.collect.accounts.google_analytics_property import ADMIN, listed, property_of
from auditor.collect.refused import RefusedError
from auditor.evidence import Reason, SettingSeen

EVENTS: Final = "events"
_LINK: Final = re.compile(r"properties/[0-9]+/\w{1,40}/[\w-]{1,100}", re.ASCII)

# What a list of links holds, and where what is linked gets the data.
LINKS: Final = {
    "v1alpha bigQueryLinks": ("bigqueryLinks", "BigQuery"),  # the answer's name is spelt so
    "v1beta firebaseLinks": ("firebaseLinks", "Firebase"),
    "v1beta googleAdsLinks": ("googleAdsLinks", "Google Ads"),
    "v1alpha displayVideo360AdvertiserLinks": (
        "displayVideo360AdvertiserLinks",
        "Display & Video 360",
    ),
    "v1alpha searchAds360Links": ("searchAds360Links", "Search Ads 360"),
    "v1alpha adSenseLinks": ("adsenseLinks", "AdSense"),
}


class _Property(Struct, frozen=True):
    account: str = ""


class _Link(Struct, frozen=True):
    name: str = ""


def linked(kind: str) -> Callable[[Asking], Iterator[Part]]:
    """Return the question where links of a kind lead."""
    version, name = kind.split()
    key, to = LINKS[kind]

    def ask(asking: Asking) -> Iterator[Part]:
        place = f"{ADMIN}/{version}/{property_of(asking)}/{name}"
        for link in listed(asking, place, key, _Link):
            yield SettingSeen(
                name=name,
                value=link.name if _LINK.fullmatch(link.name) else "a link",
                effect="copies_to",
                of=EVENTS,
                to=to,
            )

    return ask


def sharing(asking: Asking) -> Iterator[Part]:
    """Yield whom at Google the account shares its data with."""
    at = asking.api.get(f"{ADMIN}/v1beta/{property_of(asking)}", _Property).account
    if not at.startswith("accounts/") or not at.removeprefix("accounts/").isdecimal():
        raise RefusedError(Reason.NOT_VERIFIED, "the property's account, as it is documented")
    found = asking.api.get(f"{ADMIN}/v1beta/{at}/dataSharingSettings", dict[str, object])
    for name, value in sorted(found.items()):
        if name.startswith("sharingWith") and name.endswith("Enabled") and value is not False:
            who = name.removeprefix("sharingWith").removesuffix("Enabled")
            to = _SHARED.get(who, "Google and others")
            yield SettingSeen(name=name[:1000], value="true", effect="copies_to", of=EVENTS, to=to)


_SHARED: Final = {
    "GoogleSupport": "Google's support",
    "GoogleAssignedSales": "Google's sales",
    "GoogleAnySales": "Google's sales",
    "GoogleProducts": "Google's products and services",
    "Others": "Google's models and benchmarks",
}
