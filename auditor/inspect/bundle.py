"""The visit of `audit inspect`, and the folder that keeps all that came of it."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import msgspec
from msgspec import structs

from auditor import __version__
from auditor.collect.ownership import host_of
from auditor.collect.progress import Progress, quiet
from auditor.collect.site.browser import find_browser
from auditor.collect.site.planning import Looking
from auditor.collect.site.visit import visit_site
from auditor.errors import CollectError, ReportError, UsageError
from auditor.evidence import Evidence, SiteEvidence, Tool, encode
from auditor.files import write_safely
from auditor.inspect.entries import Inventory
from auditor.inspect.inventory import inventory_of
from auditor.inspect.markdown import render_markdown
from auditor.names import url_shape
from auditor.policy import ConsentBanner, Crawl, Site
from auditor.policy.types import Id, Url
from auditor.policy_file.addresses import host_in

EVIDENCE, INVENTORY, HAR, SUMMARY = "evidence.json", "inventory.json", "visit.har", "summary.md"
MANIFEST = "manifest.sha256"
ABOUT = {
    EVIDENCE: "everything seen, in order of time and without any value; `audit check` judges it",
    INVENTORY: "each thing seen once, with who wrote it",
    HAR: "every request and answer, without content. Values in it are those of a new visitor that"
    " nobody is; nothing of it is in the evidence. Of a visit that had to begin again (a gap says"
    " so) it holds only the second part",
    "page-*.png": "the pages as they looked",
    MANIFEST: "digests of all these files; `sha256sum -c manifest.sha256` compares them",
}
NO_HAR = "not there: the browser did not end by itself, and only then is it written"


def site_at(text: str, *, max_pages: int = 10, site_id: str = "www") -> Site:
    """Return the site of an address as typed, to begin there; UsageError says what to write."""
    url = text if "://" in text else f"https://{text}"
    _check(url, Url, "write an address such as https://example.org/, without name and password")
    _check(site_id, Id, f"--site {site_id[:70]!r}: write letters, digits, `-`, `_` and `.`")
    try:
        host_in(url)
    except ValueError as error:
        raise UsageError(str(error)) from error
    parts = urlsplit(url)
    path = f"/{parts.path.lstrip('/')}" + (f"?{parts.query}" if parts.query else "")
    return Site(
        id=site_id,
        url=f"{parts.scheme}://{parts.netloc}/",
        crawl=Crawl(max_pages=max_pages, start=(path,)),
        consent=ConsentBanner(banner="none"),  # nothing is chosen here
    )


def _check(text: str, kind: object, advice: str) -> None:
    try:
        msgspec.convert(text, kind)
    except msgspec.ValidationError as error:
        raise UsageError(advice) from error


def folder_name(site: Site, at: datetime) -> str:
    """Return the name of a new folder: the host, and the moment in UTC."""
    host = host_of(site.url).replace(":", "-").strip("-")
    return f"{host}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def inspect_site(
    site: Site, folder: Path, looking: Looking, progress: Progress = quiet
) -> Inventory:
    """Visit a site and keep all that came of it in a folder that is new or empty.

    UsageError if the folder is in use; CollectError if there is no browser, or it does not start.
    """
    browser = find_browser(looking.network.browser)
    _make(folder)
    asked: list[str] = []

    def heard(page: str, done: float) -> None:
        asked.append(page)
        progress(page, done)

    keeping = structs.replace(looking, keep=str(folder.resolve()))
    try:
        seen = visit_site(site, looking=keeping, browser=browser, progress=heard)
    except CollectError:
        with suppress(OSError):
            folder.rmdir()
        raise
    progress(site.id, 1.0)
    return _keep(folder, _without_values(site, seen), asked)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        in_use = any(folder.iterdir())
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made: {error.strerror}") from error
    if in_use:
        raise UsageError(f"{folder}: is not empty; name a new folder with -o DIR")


def _without_values(site: Site, seen: SiteEvidence) -> SiteEvidence:
    """Return the evidence without what the typed address may carry: a policy's would carry it."""
    (start,) = site.crawl.start
    shape = url_shape(urljoin(site.url, start)).removeprefix(site.url.rstrip("/"))
    gaps = (structs.replace(gap, what=gap.what.replace(start, shape)) for gap in seen.gaps)
    return structs.replace(seen, gaps=tuple(gaps))


def _keep(folder: Path, seen: SiteEvidence, asked: Sequence[str]) -> Inventory:
    """Write everything that the visit did not write itself, the manifest last."""
    inventory = inventory_of(seen, _screenshots(folder, asked))
    evidence = Evidence(tool=Tool(name="policy-auditor", version=__version__), sites=(seen,))
    ordered = msgspec.json.format(msgspec.json.encode(inventory), indent=1) + b"\n"
    write_safely(folder / EVIDENCE, encode(evidence))
    write_safely(folder / INVENTORY, ordered)
    about = ABOUT if (folder / HAR).exists() else {**ABOUT, HAR: NO_HAR}
    summary = render_markdown(inventory, about)
    write_safely(folder / SUMMARY, summary.encode("utf-8", "backslashreplace"))
    write_safely(folder / MANIFEST, _manifest(folder))
    return inventory


def _screenshots(folder: Path, asked: Sequence[str]) -> dict[str, str]:
    """Return each picture with the page that was asked for: its number counts those."""
    found = {}
    for path in sorted(folder.glob("page-*.png")):
        number = int(path.name.split("-")[1])
        found[path.name] = asked[number - 1] if number <= len(asked) else ""
    return found


def _manifest(folder: Path) -> bytes:
    """Return the digest of each file, as `sha256sum` (GNU coreutils) writes and reads them."""
    lines = []
    try:
        for path in sorted(folder.iterdir()):
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            lines.append(f"{digest}  {path.name}\n")
    except OSError as error:
        raise ReportError(f"{folder}: cannot be read: {error.strerror}") from error
    return "".join(lines).encode()
