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
    type: StorageType
    set_by: Annotated[Id, says("`self`, or the processor whose code or server writes it.")] = (
        "self"
    )
    domains: Annotated[
        tuple[Host, ...], says("Default: first-party hosts (self) or the processor's.")
    ] = ()
    max_age: Annotated[Lifetime | None, says("Longest lifetime asked for; for cookies.")] = None
    purpose: Purpose = ""
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
    description: Text = ""


class Crawl(Entry, frozen=True, kw_only=True):
    """Which pages are visited."""

    max_pages: Annotated[int, Meta(ge=1, le=10_000)] = 25
    start: Annotated[tuple[Pattern, ...], says("Paths that must load.")] = ("/",)
    exclude: tuple[Pattern, ...] = ()


class Step(Entry, frozen=True, kw_only=True):
    """One action of a visitor: a Playwright selector to click or to wait for."""

    click: Text = ""
    wait_for: Text = ""


class Steps(Entry, frozen=True, kw_only=True):
    """How a visitor makes one choice in the consent banner."""

    steps: tuple[Step, ...] = ()


class ChoiceState(Entry, frozen=True, kw_only=True):
    """How a choice is recognised afterwards: a cookie whose value matches an RE2 expression."""

    cookie: Text = ""
    matches: Annotated[Text, says("RE2 expression that the cookie's value must match.")] = ""


class ChoiceStates(Entry, frozen=True, kw_only=True):
    """The cookie state after each choice."""

    accept: ChoiceState | None = None
    reject: ChoiceState | None = None
    withdraw: ChoiceState | None = None


class ConsentBanner(Entry, frozen=True, kw_only=True):
    """How the site asks for consent."""

    banner: Annotated[
        Literal["auto", "none", "required"],
        says("`auto`: look for one; `none`: the site has none; `required`: it must have one."),
    ] = "auto"
    accept: Steps | None = None
    reject: Steps | None = None
    withdraw: Steps | None = None
    state: ChoiceStates | None = None


class Probes(Entry, frozen=True, kw_only=True):
    """Active observations, off unless asked for."""

    type_into_forms: Annotated[
        bool, says("Type synthetic personal data (never submit) to see where it goes.")
    ] = False


class Vantage(Entry, frozen=True, kw_only=True):
    """From where the site is looked at; printed in the report."""

    country: Country = ""
    locale: Language = ""
    timezone: Text = ""
    proxy: Env | None = None


class Access(Entry, frozen=True, kw_only=True):
    """What opens a protected site; only ever sent to this origin."""

    basic_auth: Env | None = None
    headers: Annotated[dict[str, Env], says("Header names and their secret values.")] = {}
    storage_state: Annotated[LocalPath, says("A saved login of a test account.")] = ""


class Preview(Entry, frozen=True, kw_only=True):
    """What differs on a preview deployment; used under --site-url only."""

    ignore_hosts: tuple[Host, ...] = ()


class Site(Entry, frozen=True, kw_only=True):
    """A deployed site."""

    id: Id
    url: Url
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
    jurisdictions: tuple[Jurisdiction, ...] = ()
    notices: Annotated[tuple[Id, ...], says("The notices that its pages link to.")] = ()
    user_agent: Text = ""
    request_delay: Duration = ""
    preview: Preview | None = None
