"""What the source of a site names: hosts, packages and ids of services, each with its line."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from auditor.evidence.gaps import Gap
from auditor.evidence.scalars import Count, Name
from auditor.evidence.site import Behind, Source

MOST_MENTIONS = 100_000

# tag: a page loads it; call: a script asks it; allowed: a header lets pages talk to it; text: it
# stands in a script, for whatever; dependency: a manifest asks for a package; id: of an account.
How = Literal["tag", "call", "allowed", "text", "dependency", "id"]


class Mention(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One place that names a third party: `host:NAME`, `package:npm:NAME` or `id:GTM-…`.

    `path` is that of a host. `while_developing`: tests, and packages that are not shipped.
    """

    name: Name
    how: How
    file: Name
    line: Count
    column: Count
    path: Name = "/"
    while_developing: bool = False

    @property
    def place(self) -> str:
        """Return where it stands: `src/page.html:3:5`."""
        return f"{self.file}:{self.line}:{self.column}"


class CodeEvidence(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Everything that was read in source files, and every gap.

    `behind` says by name who is known to be behind it, `hosts` where the service of a package or
    an id is, `domains` which is the registrable domain of a host (Public Suffix List, private
    section on). With `since`, only lines that are new since that revision were looked at.
    """

    scope: ClassVar[str] = "code"
    subject: ClassVar[str] = "code"

    sources: Annotated[tuple[Source, ...], Meta(min_length=1)]
    files: Count = 0
    mentions: Annotated[tuple[Mention, ...], Meta(max_length=MOST_MENTIONS)] = ()
    behind: dict[Name, Behind] = {}
    hosts: dict[Name, tuple[Name, ...]] = {}
    domains: dict[Name, Name] = {}
    since: Name = ""
    gaps: tuple[Gap, ...] = ()

    @property
    def restriction(self) -> str:
        """Return to what part of the code somebody looked, "" for all of it."""
        return f"only lines that are new since {self.since}" if self.since else ""

    @property
    def collected_at(self) -> datetime:
        """Return when it was read."""
        return min(source.collected_at for source in self.sources)

    @property
    def is_looked_at(self) -> bool:
        """Return whether somebody read it: code that names nobody was read, too."""
        return any(source.kind == "code" for source in self.sources)
