"""Who else gets data: services that are named in a sentence, in a list, behind a link."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from auditor.collect.notices.denying import denied, is_led_to_by_no
from auditor.collect.notices.document import Link
from auditor.collect.notices.saying import LONGEST_NAME, purposes_in, said
from auditor.collect.notices.units import Unit, headed
from auditor.evidence import Fact, FactKind
from auditor.knowledge.catalogue import Service, services
from auditor.knowledge.notices import names
from auditor.knowledge.notices.naming import (
    called_so,
    countries_in,
    firm_called,
    is_own_page,
    service_at,
    services_in,
)

_PARTS: Final = re.compile(r"[,;/•·]| (?:and|et|und|y|e|&|or|ou|oder|o) ")
_AFTER_NAME: Final = re.compile(r"\. |: | [-–—] |, | \(|\.$|;$|,$")  # noqa: RUF001
_LABEL: Final = re.compile(r"^([^:.]{2,60}):\s")
_MOST_WORDS: Final = 6  # of a name
_FEW_WORDS: Final = 4  # of one in the middle of a sentence


class Recipient(NamedTuple):
    """Somebody who is named: as it is written, the service that it is, and what is linked."""

    name: str
    service: Service | None
    link: Link | None = None
    firm: str = ""


def recipients(unit: Unit) -> Iterator[Fact]:
    """Find who is named: in a list of recipients everybody, elsewhere what the catalogue knows."""
    if unit.form == "row":
        return
    listed = unit.form == "item" and unit.is_about("recipients", "sub_processors")
    if listed and unit.whole and not unit.is_about("rights", "dpo"):
        found = list(_listed(unit))
        if found and not is_led_to_by_no(unit):
            yield from found
            return
    if unit.form == "heading" and not unit.is_about("recipients", "sub_processors"):
        return
    shares = bool(unit.hits.get("verb")) and unit.has("verb", "shares")
    named = [*_named(unit)]
    places = {one: _place(unit, one) for one in named}
    no = denied(unit, [*places.values()], names=True)
    for one in named:
        if places[one] in no:
            yield from _unused(unit, one)
            continue
        sure = "medium" if shares or unit.is_about("recipients", "sub_processors") else "low"
        yield recipient(unit, one, "named in a sentence", confidence=sure)


def _unused(unit: Unit, who: Recipient) -> Iterator[Fact]:
    """Yield that a service is not used: where it is, the notice is wrong."""
    if who.service and unit.form != "heading":
        about = (who.service.id,)
        facts = {"about": about, "name": who.name[:LONGEST_NAME]}
        yield said(unit, "named as not used", "absolute_claim", "not_used", **facts)


def _place(unit: Unit, who: Recipient) -> tuple[int, int]:
    at = max(unit.text.find(who.name), 0)
    return at, at + len(who.name)


def recipient(unit: Unit, who: Recipient, rule: str, wording: str = "", **facts: object) -> Fact:
    """Return a fact on somebody who gets data; `wording` is what for."""
    heads = (headed(cell.head, unit.languages) for cell in unit.cells)
    is_below = unit.is_about("sub_processors") or any("sub_processors" in head for head in heads)
    kind: FactKind = "sub_processor" if is_below else "processor"
    target = who.link.target if who.link else ""
    about = purposes_in(unit, wording) if wording else ()
    if not about and who.service:
        about = who.service.purposes
    where = countries_in(wording) or countries_in(unit.lead)
    return said(
        unit,
        rule,
        kind,
        key=who.service.id if who.service else "",
        name=who.name[:LONGEST_NAME],
        owner=who.service.controller if who.service else who.firm,
        address=target,
        host=urlsplit(target).hostname or "" if target.startswith("http") else "",
        wording=wording,
        **{"about": about, "countries": where, **facts},
    )


def resolved(name: str, link: Link | None = None) -> Recipient:
    """Return who goes by a name; where that tells nothing, a link may."""
    name = " ".join(name.split()).strip(" .,:;*")
    service = called_so(name)
    linked = service_at(link.target) if link and link.target.startswith("http") else None
    if linked and (service is None or _is_closer(linked, service)):
        service = linked
    firm = firm_called(name)
    if service is None and not firm and (found := services_in(name)):
        service = services()[found[0].key]
    return Recipient(name, service, link, firm)


def _is_closer(linked: Service, named: Service) -> bool:
    """Return whether a link says which of a firm's services is meant: Google, at /analytics."""
    return linked.id != named.id and named.id in {"google", "firebase", "meta", "azure", "aws"}


def _listed(unit: Unit) -> Iterator[Fact]:
    """Find who is in an item: `Payments: Stripe, PayPal`, `Sentry. Error reports`, and so on."""
    label, rest = "", unit.whole
    if found := _LABEL.match(unit.whole):
        label, rest = found[1], unit.whole[found.end() :]
    links = [link for link in unit.links if link.words and not link.target.startswith("mailto:")]
    if label and _is_name(label, links):
        link = next((one for one in links if one.words in label), None)
        yield _entry(unit, resolved(label, link), rest)
        return
    if label and (links or services_in(rest)):
        for one in _all_of(rest, links):
            yield _entry(unit, one, label)
        return
    if links and unit.whole.lstrip("*• ").startswith(links[0].words):
        wording = unit.whole[unit.whole.find(links[0].words) + len(links[0].words) :]
        also = [one for one in _all_of("", links[1:]) if one.service]
        yield _entry(unit, resolved(links[0].words, links[0]), wording.strip(" .:,;-–—"))  # noqa: RUF001
        yield from (_entry(unit, one, wording.strip(" .:,;")) for one in also)
        return
    name, wording = _leading(unit.whole)
    if name and _is_name(name, links):
        yield _entry(unit, resolved(name), wording)


def _entry(unit: Unit, who: Recipient, wording: str) -> Fact:
    sure = "high" if who.service or who.link else "medium"
    return recipient(unit, who, "in a list", wording.strip(), is_listed=True, confidence=sure)


def _all_of(text: str, links: list[Link]) -> Iterator[Recipient]:
    """Yield those who are linked, and the others whom the catalogue knows."""
    for link in links:
        yield resolved(link.words, link)
    linked = " ".join(link.words for link in links)
    for named in services_in(text):
        name = text[named.start : named.end]
        if name not in linked:
            yield Recipient(name, services()[named.key])


def _named(unit: Unit) -> Iterator[Recipient]:
    """Yield the services that a sentence names or links, each once."""
    seen: set[str] = set()
    for link in unit.links:
        if not link.target.startswith("http"):
            continue
        who = resolved(link.words, link)
        if who.service is None:
            if unit.has("verb", "shares") and _is_firm(link.words, unit):
                yield who
            continue
        is_theirs = not is_own_page(who.service, link.target) or services_in(link.words)
        if who.service.id not in seen and is_theirs:
            seen.add(who.service.id)
            words = services_in(link.words)
            yield who._replace(name=link.words[words[0].start : words[0].end]) if words else who
    for named in services_in(unit.text):
        if named.key not in seen:
            seen.add(named.key)
            yield Recipient(unit.text[named.start : named.end], services()[named.key])


def _is_firm(words: str, unit: Unit) -> bool:
    """Return whether the words of a link are the name of somebody, and not of a document."""
    of_link = Unit(text=words, form="prose", place=unit.place, languages=unit.languages)
    is_other = any(of_link.hits.get(group) for group in ("title", "contact", "right", "heading"))
    return _is_name(words, []) and len(words.split()) <= _FEW_WORDS and not is_other


def _leading(text: str) -> tuple[str, str]:
    """Return the name that an item begins with ("" for none), and what follows it."""
    found = _AFTER_NAME.search(text)
    name = text[: found.start()] if found else text
    return name.strip(), text[found.end() :].strip() if found else ""


def _is_name(text: str, links: list[Link]) -> bool:
    """Return whether words are the name of somebody: known, linked, or written as a name."""
    if called_so(text) or any(link.words == text for link in links):
        return True
    words = text.split()
    if not words or len(words) > _MOST_WORDS or text.endswith(("?", "!")):
        return False
    small = [word for word in words if word[0].islower() and len(word) > 3]  # noqa: PLR2004 -- "of"
    first = words[0].strip("\"'(*")
    return first[:1].isupper() and not small and first not in names().nobody
