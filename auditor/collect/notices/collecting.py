"""The notices of a policy, read and understood: what people are told, as evidence."""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from auditor.collect.notices.document import Document
from auditor.collect.notices.fetching import Got, fetch, read_file
from auditor.collect.notices.html import read_html
from auditor.collect.notices.markdown import read_markdown
from auditor.collect.notices.reading import Understood, understand
from auditor.collect.refused import RefusedError
from auditor.collect.site.plan import Network
from auditor.evidence import Gap, NoticeEvidence, Reason, Source
from auditor.knowledge.notices import LANGUAGES, finder, fold
from auditor.policy import Notice

Progress = Callable[[str, float], None]

_MARKUP: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html|<\?xml)", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?([\w-]{2,20})", re.IGNORECASE)
_NAMED: Final = re.compile(r"charset=[\"']?([\w-]{2,20})")
_CODE: Final = re.compile(r"(?:^|[/._-])([a-z]{2})(?:[-_][a-z]{2})?(?=$|[/._])", re.IGNORECASE)
_HEAD: Final = 2048  # bytes in which a page says how it is encoded
_HTML: Final = frozenset({".html", ".htm", ".xhtml"})
_TEXT: Final = frozenset({".md", ".markdown", ".mdx", ".mdown", ".txt", ""})
_READ: Final = ", ".join(LANGUAGES)
_SURE: Final = 0.9  # of a section's language, where that of the notice is another


class NoticeLooking(Struct, frozen=True, kw_only=True):
    """How notices are got: the folder of policy.yaml, and how hosts are reached."""

    folder: str = "."
    network: Network = Network()


def collect_notices(
    notices: Sequence[Notice], how: NoticeLooking, progress: Progress
) -> list[NoticeEvidence]:
    """Read each notice: its file where it has one, else what is at its address."""
    found = []
    for number, notice in enumerate(notices):
        progress(notice.id, number / len(notices))
        found.append(_collected(notice, how))
        progress(notice.id, (number + 1) / len(notices))
    return found


def _collected(notice: Notice, how: NoticeLooking) -> NoticeEvidence:
    moment = datetime.now(UTC)
    try:
        if not notice.path and not notice.url:
            needs = "its path or url in policy.yaml"
            raise RefusedError(Reason.NOT_IN_EVIDENCE, needs)  # noqa: TRY301 -- one way out
        got = read_file(how.folder, notice.path) if notice.path else fetch(notice.url, how.network)
        return read_notice(notice.id, got, moment)
    except RefusedError as error:
        gap = Gap(what=f"notice:{notice.id}", reason=error.reason, needs=error.needs)
        source = Source(kind="none", path=notice.path or notice.url, collected_at=moment)
        return NoticeEvidence(notice=notice.id, sources=(source,), gaps=(gap,))


def read_notice(notice_id: str, got: Got, moment: datetime) -> NoticeEvidence:
    """Return what a notice says; `RefusedError` where its bytes are no text that we read."""
    document = document_of(got)
    said = understand(document)
    gaps = [*said.gaps, *_unread(document, said)]
    return NoticeEvidence(
        notice=notice_id,
        sources=(
            Source(
                kind="notice",
                path=got.place,
                sha256=hashlib.sha256(got.data).hexdigest(),
                collected_at=moment,
            ),
        ),
        title=document.title[:1000],
        declared=dict(_declared(document, got)),
        language=said.language,
        confidence=said.confidence,
        updated=said.updated,
        sections=said.sections,
        sentences=said.sentences,
        facts=said.facts,
        gaps=tuple(gaps),
    )


def document_of(got: Got) -> Document:
    """Return the layout of a notice, by what it is called, else by how it begins."""
    media = got.media.partition(";")[0].strip().lower()
    ending = PurePosixPath(urlsplit(got.place).path).suffix.lower()
    is_page = media in {"text/html", "application/xhtml+xml"} or (not media and ending in _HTML)
    if is_page or _MARKUP.match(got.data):
        return read_html(_decoded(got))
    is_text = media in {"text/markdown", "text/plain"} or (not media and ending in _TEXT)
    if not is_text or b"\0" in got.data:
        raise RefusedError(Reason.NOT_IN_EVIDENCE, "the notice as HTML or Markdown")
    return read_markdown(_decoded(got))


def _decoded(got: Got) -> str:
    """Return the text: as UTF-8, else as it says of itself (WHATWG HTML, 13.2.3)."""
    try:
        return got.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    named = _NAMED.search(got.media)
    inside = _CHARSET.search(got.data[:_HEAD])
    charset = named[1] if named else inside[1].decode() if inside else ""
    try:
        return got.data.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError) as error:
        raise RefusedError(Reason.NOT_IN_EVIDENCE, "the notice as text in UTF-8") from error


def _unread(document: Document, said: Understood) -> Iterator[Gap]:
    """Yield why there may be more to a notice than what was read."""
    if document.is_scripted:
        needs = "a page that holds its text without scripts, or the notice's file: notices[].path"
        yield Gap(what="the notice's text", reason=Reason.NOT_IN_EVIDENCE, needs=needs)
    elif not document.blocks and not document.gaps:
        yield Gap(what="the notice's text", reason=Reason.NOT_IN_EVIDENCE, needs="some text in it")
    elif _is_foreign(said.language):
        yield _in_foreign("the notice's text", said.language)
    else:
        for section in said.sections:
            if _is_foreign(section.language) and section.confidence >= _SURE:
                yield _in_foreign(f"section “{section.heading}”", section.language)


def _is_foreign(language: str) -> bool:
    return bool(language) and language not in LANGUAGES


def _in_foreign(what: str, language: str) -> Gap:
    needs = f"a notice in one of the languages that are read here ({_READ}); this is {language}"
    return Gap(what=what, reason=Reason.NOT_VERIFIED, needs=needs)


def _declared(document: Document, got: Got) -> Iterator[tuple[str, str]]:
    """Yield in which language a notice calls itself, by where it does."""
    for where in ("html", "front_matter"):
        if code := _language(document.declared.get(where, "")):
            yield where, code
    if code := _language(got.language.partition(",")[0]):
        yield "header", code
    path = unquote(urlsplit(got.place).path)
    texts = {"title": document.title, "slug": document.declared.get("slug", ""), "path": path}
    for where, text in texts.items():
        if code := _by_words(text) or (_by_code(text) if where != "title" else ""):
            yield where, code


def _language(text: str) -> str:
    """Return the first part of a language tag (RFC 5646), "" for none."""
    code = text.strip().replace("_", "-").partition("-")[0].lower()
    return code if code.isalpha() and len(code) in {2, 3} else ""


def _by_words(text: str) -> str:
    """Return the one language in which a title or an address calls itself a privacy notice."""
    words = fold(text[:300]).replace("-", " ").replace("_", " ").replace("/", " ")
    found = [code for code in LANGUAGES if any(finder(code).find(words, ("title",)))]
    return found[0] if len(found) == 1 else ""


def _by_code(path: str) -> str:
    """Return the language whose code is a part of a path: `/fr/`, `notice.pt-BR.md`."""
    found = [code.lower() for code in _CODE.findall(path) if code.lower() in LANGUAGES]
    return found[-1] if found else ""
