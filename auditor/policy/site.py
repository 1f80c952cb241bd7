"""Where it is deployed, and what is kept on a visitor's device (ePrivacy Art. 5(3))."""

from typing import Annotated, Literal

from msgspec import Meta

from auditor.policy.types import (
    Country,
    Duration,
    Entry,
    Env,
    Host,
    Id,
    Jurisdiction,
    Language,
    Lifetime,
    LocalPath,
    Pattern,
    Purpose,
    Text,
    Url,
    says,
)

StorageType = Literal[
    "cookie",
    "local_storage",
    "session_storage",
    "indexed_db",
    "cache_storage",
    "service_worker",
    "device_access",
]


class StorageRow(Entry, frozen=True, kw_only=True):
    """Something kept on, or read from, a visitor's device."""

    identifier: Annotated[
        Pattern, says("Its name; `*` stands for any characters, beside at least three others.")
    ]
    type: Annotated[
        StorageType,
        says("Where it is kept; `device_access` reads rather than keeps: canvas, fonts, audio."),
    ]
    set_by: Annotated[Id, says("`self`, or the processor whose code or server writes it.")] = (
        "self"
    )
    domains: Annotated[
        tuple[Host, ...], says("Default: first-party hosts (self) or the processor's.")
    ] = ()
    max_age: Annotated[Lifetime | None, says("Longest lifetime asked for; for cookies.")] = None
    purpose: Annotated[Purpose, says("What it is used for.")] = ""
    consent: Annotated[
        Literal[
            "required",
            "exempt_strictly_necessary",
            "exempt_transmission",
            "exempt_audience_measurement",
        ],
        says("Must the visitor agree first? Exempt rows say why."),
    ] = "required"
    reason: Annotated[Text, says("Why it is exempt from consent.")] = ""
    pages: Annotated[tuple[Pattern, ...], says("Paths on which it may appear; default: all.")] = ()
    refresh: Annotated[bool, says("True: its lifetime is renewed on later visits.")] = False
    sites: Annotated[tuple[Id, ...], says("The sites on which it may appear; default: all.")] = ()
    optional: Annotated[bool, says("True: need not be seen on every audit.")] = False
    description: Annotated[Text, says("What it holds, in your own words.")] = ""


class Crawl(Entry, frozen=True, kw_only=True):
    """Which pages are visited."""

    max_pages: Annotated[
        Annotated[int, Meta(ge=1, le=10_000)], says("At most so many pages; a sample, not a gap.")
    ] = 25
    start: Annotated[tuple[Pattern, ...], Meta(min_length=1), says("Paths that must load.")] = (
        "/",
    )
    exclude: Annotated[
        tuple[Pattern, ...], says("Paths that are not visited; `*` stands for any characters.")
    ] = ()


class Step(Entry, frozen=True, kw_only=True):
    """One action of a visitor: a Playwright selector to click or to wait for."""

    click: Annotated[Text, says("What to click.")] = ""
    wait_for: Annotated[Text, says("What to wait for.")] = ""


class Steps(Entry, frozen=True, kw_only=True):
    """How a visitor makes one choice in the consent banner."""

    steps: Annotated[tuple[Step, ...], says("In this order.")] = ()


class ChoiceState(Entry, frozen=True, kw_only=True):
    """How a choice is recognised afterwards: a cookie whose value matches an RE2 expression."""

    cookie: Annotated[Text, says("The name of the cookie that keeps the choice.")] = ""
    matches: Annotated[Text, says("RE2 expression that the cookie's value must match.")] = ""


class ChoiceStates(Entry, frozen=True, kw_only=True):
    """The cookie state after each choice."""

    accept: Annotated[ChoiceState | None, says("After agreeing.")] = None
    reject: Annotated[ChoiceState | None, says("After refusing.")] = None
    withdraw: Annotated[ChoiceState | None, says("After changing one's mind.")] = None


class ConsentBanner(Entry, frozen=True, kw_only=True):
    """How the site asks for consent."""

    banner: Annotated[
        Literal["auto", "none", "required"],
        says("`auto`: look for one; `none`: the site has none; `required`: it must have one."),
    ] = "auto"
    accept: Annotated[Steps | None, says("How a visitor agrees.")] = None
    reject: Annotated[Steps | None, says("How a visitor refuses.")] = None
    withdraw: Annotated[Steps | None, says("How a visitor changes their mind.")] = None
    state: ChoiceStates | None = None


class Probes(Entry, frozen=True, kw_only=True):
    """Active observations, off unless asked for."""

    type_into_forms: Annotated[
        bool, says("Type synthetic personal data (never submit) to see where it goes.")
    ] = False


class Vantage(Entry, frozen=True, kw_only=True):
    """From where the site is looked at; printed in the report."""

    country: Annotated[
        Country, says("The country of the proxy: ISO 3166-1 alpha-2, such as FR.")
    ] = ""
    locale: Annotated[Language, says("The browser's language: en, fr-FR.")] = ""
    timezone: Annotated[Text, says("As in the IANA database: Europe/Paris.")] = ""
    proxy: Annotated[Env | None, says("The address of a proxy, in a variable.")] = None


class Access(Entry, frozen=True, kw_only=True):
    """What opens a protected site; only ever sent to this origin."""

    basic_auth: Annotated[Env | None, says("`user:password`, in a variable.")] = None
    headers: Annotated[dict[str, Env], says("Header names and their secret values.")] = {}
    storage_state: Annotated[LocalPath, says("A saved login of a test account.")] = ""


class Preview(Entry, frozen=True, kw_only=True):
    """What differs on a preview deployment; used under --site-url only."""

    ignore_hosts: Annotated[
        tuple[Host, ...], says("Hosts that only previews talk to; listed in the report.")
    ] = ()


class Site(Entry, frozen=True, kw_only=True):
    """A deployed site; `stands_for` is the address that policy.yaml gives, under `--site-url`."""

    id: Id
    url: Annotated[Url, says("Its home page.")]
    first_party: Annotated[
        tuple[Host, ...],
        says("Registrable domains or exact hosts that are ourselves, beside the url's own."),
    ] = ()
    crawl: Crawl = Crawl()
    consent: ConsentBanner = ConsentBanner()
    probes: Probes = Probes()
    journeys: Annotated[
        tuple[LocalPath, ...], says("Recordings exported from Chrome DevTools' Recorder.")
    ] = ()
    vantage: Vantage | None = None
    access: Access | None = None
    jurisdictions: Annotated[
        tuple[Jurisdiction, ...], says("Where they differ from the policy's.")
    ] = ()
    notices: Annotated[tuple[Id, ...], says("The notices that its pages link to.")] = ()
    user_agent: Annotated[Text, says("What the browser calls itself.")] = ""
    request_delay: Annotated[
        Duration, says("The pause before each page: ISO 8601, such as PT1S.")
    ] = ""
    preview: Preview | None = None
    stands_for: str = ""
