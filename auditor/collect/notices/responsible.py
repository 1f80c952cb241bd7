"""Who is responsible, and who can be asked: controller, officers, authorities, addresses."""

import re
from collections.abc import Iterator
from typing import Final

from auditor.collect.notices.addresses import addresses_of
from auditor.collect.notices.saying import affirmed, said
from auditor.collect.notices.units import Unit
from auditor.evidence import Fact, FactKind
from auditor.knowledge.notices.naming import authorities_in

_ROLES: Final[tuple[FactKind, ...]] = ("dpo", "representative")
# A name: words that begin with a capital letter or a digit, and the small ones between them.
_WORD: Final = r"[A-ZÀ-ÖØ-Ý0-9][\w&.'’+-]*"  # noqa: RUF001
_SMALL: Final = "of|de|de la|de los|de las|del|du|des|dos|das|do|da|la|für|der|e|et|y|and|und|&"
_NAME: Final = re.compile(rf"{_WORD}(?: (?:(?:{_SMALL}) )?{_WORD}){{0,6}}")
# Behind a legal form a sentence may end, although its dot may be that of the form.
_ENDED: Final = re.compile(r"\b(?:Ltd|Inc|LLC|GmbH|Corp|Sarl|S\.A|S\.L)(?=\. )")
_OPENING: Final = 12  # characters between "controller is" and the name


def responsible(unit: Unit) -> Iterator[Fact]:
    """Find who is responsible: the name before or behind the words that say so."""
    if unit.form == "heading":
        return
    for hit in unit.hits.get("controller_before", ()):
        found = _NAME.search(unit.text[hit.end : hit.end + 300])
        name = found[0] if found else ""
        if ended := _ENDED.search(name):
            name = name[: ended.end()]
        if found and found.start() <= _OPENING and _is_a_name(name):
            sure = "high" if unit.has("role", "controller") else "low"
            yield _controller(unit, name, sure)
            return
    for hit in unit.hits.get("controller_after", ()):
        found = _NAME.match(unit.text[: hit.start].strip())
        if found and unit.has("role", "controller") and _is_a_name(found[0]):
            yield _controller(unit, found[0], "medium")
            return


def _controller(unit: Unit, name: str, sure: str) -> Fact:
    mails = [address for kind, address in addresses_of(unit) if kind == "email"]
    address = mails[0] if mails else ""
    return said(
        unit,
        "who is responsible",
        "controller",
        key="email" if address else "",
        name=name.rstrip(" .,'’"),  # noqa: RUF001
        address=address,
        confidence=sure,
    )


def contacts(unit: Unit) -> Iterator[Fact]:
    """Find addresses that people can write to, and the officers whose they are."""
    if unit.form == "heading":
        return
    found = list(addresses_of(unit))
    told = affirmed(unit, "role", names=True)
    for role in _ROLES:
        if role in told or (found and unit.is_about(role)):
            reach = [(kind, to) for kind, to in found if kind != "url"] or found[:1] or [("", "")]
            for kind, address in reach[:3]:
                yield said(unit, role, role, kind, address=address, confidence="high")
    mine = unit.hits.get("contact") or unit.is_about("contact", "controller", "rights")
    if not mine:
        return
    for kind, address in found:
        if kind == "email" or (kind == "url" and unit.is_about("contact")):
            sure = "high" if kind == "email" else "low"
            yield said(unit, "address", "contact", kind, address=address, confidence=sure)


def authorities(unit: Unit) -> Iterator[Fact]:
    """Find the authority that people can turn to: by its name, or as such."""
    if unit.form == "heading":
        return
    named = authorities_in(unit.text)
    is_told = unit.has("role", "supervisory_authority") or unit.has("right", "complaint")
    for one in named:
        yield said(
            unit,
            "authority by its name",
            "supervisory_authority",
            name=unit.text[one.start : one.end],
            countries=(one.key,),
            address=next((to for kind, to in addresses_of(unit) if kind == "url"), ""),
            confidence="high" if is_told else "low",
        )
    if not named and unit.has("role", "supervisory_authority"):
        yield said(unit, "authority as such", "supervisory_authority", confidence="medium")


def _is_a_name(text: str) -> bool:
    return text.lower() not in {"we", "our", "us", "you", "i", "this", "the", "wir", "nous"}
