"""Where data rests: our own stores, and the processors' systems."""

from typing import Annotated, Literal

from auditor.policy.types import (
    Anchor,
    Category,
    Entry,
    Env,
    Host,
    Id,
    LocalPath,
    Pattern,
    Text,
    Url,
    says,
)

NOTHING_PERSONAL = "system.operations"


class Field(Entry, frozen=True, kw_only=True):
    """What a column holds, and for which activity, where it is not the table's first."""

    category: Category
    activity: Id = ""


class AnchorField(Entry, frozen=True, kw_only=True):
    """The column that holds a date; in this table, or in another reached by a key."""

    field: Text
    format: Annotated[Text, says("`iso`, `epoch_s`, `epoch_ms`, or a form such as %d/%m/%Y.")] = (
        "iso"
    )
    timezone: Text = ""
    table: Annotated[Text, says("The other table.")] = ""
    key: Annotated[Text, says("This table's column that points to it.")] = ""
    references: Annotated[Text, says("The other table's column that it points to.")] = ""


class Audience(Entry, frozen=True, kw_only=True):
    """Which rows are contacted: those whose field has this value."""

    field: Text
    equals: str | bool | int = True


class ConsentRecord(Entry, frozen=True, kw_only=True):
    """Where a table shows that people agreed (GDPR Art. 7(1))."""

    activity: Id = ""
    given_at: Text = ""
    audience: Audience | None = None


class Table(Entry, frozen=True, kw_only=True):
    """A table, collection or file of records."""

    name: Text
    path: Annotated[LocalPath, says("For files: a path or glob.")] = ""
    activities: Annotated[
        tuple[Id, ...], says("What it is for; the first is the default of each field.")
    ] = ()
    fields: Annotated[
        dict[str, Category | Field],
        says("What each column holds; `system.operations` means nothing personal."),
    ] = {}
    anchors: Annotated[
        dict[Anchor, Text | AnchorField], says("Which column holds the date of which event.")
    ] = {}
    undeclared_fields: Literal["fail", "ignore"] = "fail"
    subject_key: Annotated[Text, says("The column that names the person.")] = ""
    consent: ConsentRecord | None = None


class Store(Entry, frozen=True, kw_only=True):
    """One of our own databases, or a folder of files."""

    id: Id
    connector: Literal["sql", "files", "firestore"]
    processor: Annotated[Id, says("Who runs it; `self` is the controller.")] = "self"
    url: Annotated[
        Text | Env | None,
        says("sqlite:///app.db, duckdb:///x.duckdb, postgresql://...; secrets as {env: NAME}."),
    ] = None
    path: Annotated[LocalPath, says("For files: a path or glob.")] = ""
    project: Text = ""
    database: Text = ""
    credentials: Env | None = None
    undeclared_tables: Literal["fail", "ignore"] = "fail"
    tables: tuple[Table, ...] = ()


class Account(Entry, frozen=True, kw_only=True):
    """Data and settings at a processor, read through its API."""

    id: Id
    processor: Id = ""
    connector: Annotated[
        Literal[
            "airtable",
            "cloud_storage",
            "firebase_auth",
            "firebase_hosting",
            "github",
            "google_analytics",
            "google_meet",
            "imap",
            "netlify",
            "slack",
            "stripe",
        ]
        | None,
        says("How it is read."),
    ] = None
    activities: tuple[Id, ...] = ()
    credentials: Env | None = None
    base_url: Annotated[Url, says("For emulators on this machine only.")] = ""
    base: Text = ""
    property: Text = ""
    project: Text = ""
    bucket: Text = ""
    site: Text = ""
    organization: Text = ""
    host: Host = ""
    user: Text = ""
    tables: tuple[Table, ...] = ()


class Code(Entry, frozen=True, kw_only=True):
    """What the code scope reads."""

    paths: tuple[LocalPath, ...] = (".",)
    exclude: tuple[Pattern, ...] = ()
