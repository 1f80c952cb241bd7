"""Where data rests: our own stores, and the processors' systems."""

from typing import Annotated, Literal, get_args

from msgspec import Meta

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

    category: Annotated[Category, says("What it holds.")]
    activity: Annotated[Id, says("The activity it is for.")] = ""


class AnchorField(Entry, frozen=True, kw_only=True):
    """The column that holds a date; in this table, or in another reached by a key."""

    field: Annotated[Text, says("The column.")]
    format: Annotated[Text, says("`iso`, `epoch_s`, `epoch_ms`, or a form such as %d/%m/%Y.")] = (
        "iso"
    )
    timezone: Annotated[
        Text, says("Of dates that name none, as in the IANA database: Europe/Paris.")
    ] = ""
    table: Annotated[Text, says("The other table.")] = ""
    key: Annotated[Text, says("This table's column that points to it.")] = ""
    references: Annotated[Text, says("The other table's column that it points to.")] = ""

    @property
    def read_as(self) -> str:
        """Return what is read, and how: `users.last_seen by user_id=id, epoch_s, Europe/Paris`."""
        place = f"{self.table}.{self.field} by {self.key}={self.references}"
        parts = (place if self.table else self.field, self.format, self.timezone)
        return ", ".join(filter(None, parts))


class Audience(Entry, frozen=True, kw_only=True):
    """Which rows are contacted: those whose field has this value."""

    field: Annotated[Text, says("The column.")]
    equals: Annotated[str | bool | int, says("The value that means: contact them.")] = True


class ConsentRecord(Entry, frozen=True, kw_only=True):
    """Where a table shows that people agreed (GDPR Art. 7(1))."""

    activity: Annotated[Id, says("The activity to which people agreed.")] = ""
    given_at: Annotated[Text, says("The column that holds when.")] = ""
    audience: Audience | None = None


class Table(Entry, frozen=True, kw_only=True):
    """A table, collection or file of records."""

    name: Annotated[Text, says("As the database or service calls it.")]
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
    undeclared_fields: Annotated[
        Literal["fail", "ignore"], says("What a column counts as that is not under `fields`.")
    ] = "fail"
    subject_key: Annotated[Text, says("The column that names the person.")] = ""
    people_in: Annotated[
        Text,
        says(
            "Where everybody who has an account is listed, such as account:firebase-auth/accounts"
            " or store:app/users: whoever is here and not there is left over."
        ),
    ] = ""
    consent: ConsentRecord | None = None


class Store(Entry, frozen=True, kw_only=True):
    """One of our own databases, or a folder of files."""

    id: Id
    connector: Annotated[Literal["sql", "files", "firestore"], says("How it is read.")]
    processor: Annotated[Id, says("Who runs it; `self` is the controller.")] = "self"
    url: Annotated[
        Text | Env | None,
        says("sqlite:///app.db, duckdb:///x.duckdb, postgresql://...; secrets as {env: NAME}."),
    ] = None
    path: Annotated[LocalPath, says("For files: a path or glob.")] = ""
    project: Annotated[Text, says("For firestore: the project.")] = ""
    database: Annotated[Text, says("For firestore: the database.")] = ""
    credentials: Annotated[Env | None, says("For firestore: the key, in a variable.")] = None
    undeclared_tables: Annotated[
        Literal["fail", "ignore"], says("What a table counts as that is not under `tables`.")
    ] = "fail"
    tables: Annotated[tuple[Table, ...], says("What is in it.")] = ()


BuiltinConnector = Literal[
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
Connector = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_-]*$",
        max_length=64,
        extra_json_schema={"examples": list(get_args(BuiltinConnector))},
    ),
]


class Account(Entry, frozen=True, kw_only=True):
    """Data and settings at a processor, read through its API."""

    id: Id
    processor: Annotated[Id, says("At whom; an id of `processors`.")] = ""
    connector: Annotated[
        Connector | None, says("How it is read: a connector built in, or one of a plug-in.")
    ] = None
    activities: Annotated[tuple[Id, ...], says("What it is used for.")] = ()
    credentials: Annotated[
        Env | None,
        says("The key or token, in a variable; sent to the connector's own hosts only."),
    ] = None
    base_url: Annotated[Url, says("For emulators on this machine only.")] = ""
    base: Annotated[Text, says("For airtable: the base.")] = ""
    property: Annotated[
        Text, says("For google_analytics: the property, such as properties/1234.")
    ] = ""
    project: Annotated[Text, says("For firebase_auth: the project.")] = ""
    bucket: Annotated[Text, says("For cloud_storage: the bucket.")] = ""
    site: Annotated[Text, says("For firebase_hosting and netlify: the site.")] = ""
    organization: Annotated[Text, says("For github: the organization.")] = ""
    host: Annotated[Host, says("For imap: the mail server.")] = ""
    user: Annotated[Text, says("For imap: the name to log in with.")] = ""
    options: Annotated[dict[Id, Text], says("For plug-ins: what theirs need; never secrets.")] = {}
    tables: Annotated[tuple[Table, ...], says("What is in it, as for a store.")] = ()


class Code(Entry, frozen=True, kw_only=True):
    """What the code scope reads."""

    paths: Annotated[
        tuple[LocalPath, ...], says("Folders and files, relative to policy.yaml.")
    ] = (".",)
    exclude: Annotated[
        tuple[Pattern, ...], says("Names that are left out; `*` stands for any characters.")
    ] = ()
