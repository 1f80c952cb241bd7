"""Where open data on services come from: each release is one that somebody has looked at.

Nothing of them is in this repository. `audit update-data` downloads them; what they say comes
after the built-in catalogue, and names only what that does not know.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from msgspec import Struct

RAW: Final = "https://raw.githubusercontent.com/"  # GitHub's, for a file of a pinned commit

Form = Literal["entities", "cookies", "domains"]


class Release(Struct, frozen=True, kw_only=True):
    """One file of a source: `path` is below `RAW`, or below a mirror's address.

    `digest` (`sha256-` or `sha512-` and base64) is "" where nobody has published one: then what
    comes first is believed, and audit.lock holds everybody after that to it. `member` is the one
    file of a tar archive that is read.
    """

    version: str
    path: str
    digest: str = ""
    member: str = ""


class Source(Struct, frozen=True, kw_only=True):
    """A collection of facts on services, kept by others.

    `mirrored` is the release to ask a mirror for, where that is another file than `release`.
    `opt_in` names what one has to agree to before it is used, "" for nothing.
    """

    id: str
    form: Form
    licence: str
    home: str
    release: Release
    mirrored: Release | None = None
    opt_in: str = ""


_ALL = (
    Source(
        id="third-party-web",
        form="entities",
        licence="MIT",
        home="https://github.com/patrickhulce/third-party-web",
        release=Release(
            version="633906a9221b",
            path="patrickhulce/third-party-web/633906a9221b3d6799c784236b7dd34b3a6c13b9"
            "/data/entities.js",
        ),
        # The published package: as any mirror of its registry serves it.
        mirrored=Release(
            version="0.30.0",
            path="third-party-web/-/third-party-web-0.30.0.tgz",
            digest="sha512-p+PfyL5U0ediGzvwPzMSdD9MnC8rHW6nWJJVLIQvqN7RsSqfaZ+7n4c9GILqH36EYR0eXB9C"
            "zAeCRnKFr/9uJg==",
            member="package/dist/entities-nostats.json",
        ),
    ),
    Source(
        id="open-cookie-database",
        form="cookies",
        licence="Apache-2.0",
        home="https://github.com/jkwakman/Open-Cookie-Database",
        release=Release(
            version="0ee5a17fe1cb",
            path="jkwakman/Open-Cookie-Database/0ee5a17fe1cb002943f89370d24fc26a4226061c"
            "/open-cookie-database.csv",
            digest="sha256-Co14kBrlXYWeNPfMdgJigZr0x2S0+bw7ve6iKW4x8VY=",
        ),
    ),
    Source(
        id="tracker-radar",
        form="domains",
        licence="CC-BY-NC-SA-4.0",
        home="https://github.com/duckduckgo/tracker-radar",
        release=Release(
            version="621a27dbcace",
            path="duckduckgo/tracker-radar/621a27dbcace544bca0d082f2ae223948297be35"
            "/build-data/generated/domain_map.json",
        ),
        opt_in="non-commercial",
    ),
)

# In the order in which they are asked.
SOURCES: Final[Mapping[str, Source]] = MappingProxyType({source.id: source for source in _ALL})
