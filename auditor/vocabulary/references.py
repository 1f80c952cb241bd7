"""The texts that checks cite, each with a short title and where it can be read."""

from typing import Final

import msgspec

from auditor.vocabulary.law import LEGAL_BASES, SPECIAL_CATEGORY_BASES, TRANSFER_MECHANISMS

_GDPR_URL = "https://eur-lex.europa.eu/eli/reg/2016/679/oj"
# The text as amended in 2009: the first one did not yet ask for consent to cookies.
_EPRIVACY_URL = "https://eur-lex.europa.eu/eli/dir/2002/58/2009-12-19"
_CCPA_URL = "https://leginfo.legislature.ca.gov/faces/codes_displaySection.xhtml?lawCode=CIV"


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A text that a check cites: ``key`` is written in checks, ``title`` is shown to people."""

    key: str
    title: str
    url: str = ""


_GDPR = {
    "5-1-a": "Lawful, fair and open",
    "5-1-b": "Only for the purposes that were stated",
    "5-1-c": "No more data than needed",
    "5-1-d": "Correct and up to date",
    "5-1-e": "Kept no longer than needed",
    "5-1-f": "Kept safe",
    "5-2": "Able to show all this",
    "6": "A legal basis for each use",
    "7": "What consent takes",
    "7-1": "Able to show that consent was given",
    "7-3": "Taking consent back is as easy as giving it",
    "8": "Consent of children",
    "9": "Special categories of data",
    "10": "Criminal convictions and offences",
    "12": "Clear information, answers within a month",
    "13": "What to tell people when asking them for data",
    "13-1-a": "Tell who is responsible and how to reach them",
    "13-1-b": "Tell how to reach the data protection officer",
    "13-1-c": "Tell the purposes and the legal basis of each",
    "13-1-d": "Tell the legitimate interests",
    "13-1-e": "Tell who receives the data",
    "13-1-f": "Tell of transfers and their safeguards",
    "13-2-a": "Tell how long data are kept",
    "13-2-b": "Tell the rights people have",
    "13-2-c": "Tell that consent can be taken back",
    "13-2-d": "Tell that people can complain to an authority",
    "13-2-e": "Tell what must be given, and what follows if not",
    "13-2-f": "Tell of automated decisions",
    "13-3": "Tell of a new purpose before using data for it",
    "14": "What to tell people when data come from elsewhere",
    "14-1-d": "Tell which categories of data",
    "14-2-f": "Tell where the data come from",
    "15": "Access",
    "16": "Rectification",
    "17": "Erasure",
    "18": "Restriction",
    "19": "Tell recipients of corrections and deletions",
    "20": "Portability",
    "21": "Objection",
    "21-2": "Objection to direct marketing",
    "21-4": "Show the right to object clearly and apart",
    "22": "Automated decisions",
    "24": "Responsibility of the controller",
    "25": "Data protection by design and by default",
    "26": "Joint controllers",
    "27": "Representative in the European Union",
    "28": "Processors",
    "28-3": "Contract with each processor",
    "30": "Record of processing activities",
    "32": "Security",
    "35": "Impact assessment",
    "44": "Transfers only with safeguards",
    "45": "Transfers under an adequacy decision",
    "46": "Transfers under safeguards",
    "49": "Transfers by way of exception",
    "77": "Complaint to an authority",
}

_EPRIVACY = {
    "5-3": "Consent before storing on, or reading from, a device",
    "13": "Consent before electronic marketing",
}

_CCPA = {
    "1798.100": "Notice at collection, no more data than needed",
    "1798.105": "Deletion",
    "1798.106": "Correction",
    "1798.120": "Opting out of sale and sharing",
    "1798.121": "Limiting the use of sensitive data",
    "1798.130": "Answering requests, yearly notice",
    "1798.135": "Ways to opt out, signals of the browser",
}

_OTHERS = (
    Reference(
        key="edpb:2-2023",
        title="EDPB Guidelines 2/2023: What counts as storing on, or reading from, a device",
        url="https://www.edpb.europa.eu/documents/guideline/"
        "guidelines-22023-on-technical-scope-of-art-53-of-eprivacy-directive_en",
    ),
    Reference(
        key="edpb:cookie-banner-2023",
        title="EDPB Cookie Banner Taskforce, report of January 2023",
        url="https://www.edpb.europa.eu/documents/task-force-report/"
        "report-of-the-work-undertaken-by-the-cookie-banner-taskforce_en",
    ),
    Reference(
        key="cjeu:c-673-17",
        title="CJEU C-673/17 (Planet49): No pre-ticked boxes; tell how long cookies last",
        url="https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:62017CJ0673",
    ),
    Reference(
        key="rfc:6265",
        title="RFC 6265: HTTP cookies",
        url="https://www.rfc-editor.org/rfc/rfc6265",
    ),
    Reference(
        key="rfc:6797",
        title="RFC 6797: HTTP Strict Transport Security",
        url="https://www.rfc-editor.org/rfc/rfc6797",
    ),
)


def _article(number: str) -> str:
    """Write ``13-1-e`` as lawyers do: ``Art. 13(1)(e)``."""
    first, *parts = number.split("-")
    return f"Art. {first}" + "".join(f"({part})" for part in parts)


def _gdpr_titles() -> dict[str, str]:
    """Add the articles that a legal basis or a transfer mechanism stands for to those above."""
    chosen = (LEGAL_BASES, SPECIAL_CATEGORY_BASES, TRANSFER_MECHANISMS)
    rows = (row for vocabulary in chosen for row in vocabulary.values() if row.article)
    return {row.article.removeprefix("gdpr:"): row.label for row in rows} | _GDPR


def _references() -> dict[str, Reference]:
    """Build every reference, indexed by its key."""
    laws = (
        ("gdpr", "GDPR", _GDPR_URL, _gdpr_titles()),
        ("eprivacy", "ePrivacy Directive", _EPRIVACY_URL, _EPRIVACY),
    )
    articles = [
        Reference(key=f"{law}:{number}", title=f"{name} {_article(number)}: {title}", url=url)
        for law, name, url, titles in laws
        for number, title in titles.items()
    ]
    sections = [
        Reference(
            key=f"ccpa:{number}",
            title=f"California Civil Code {number}: {title}",
            url=f"{_CCPA_URL}&sectionNum={number}.",
        )
        for number, title in _CCPA.items()
    ]
    return {reference.key: reference for reference in (*articles, *sections, *_OTHERS)}


REFERENCES: Final[dict[str, Reference]] = _references()
