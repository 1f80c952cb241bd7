"""The rights that people are told of, and how to use them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.collect.notices.addresses import addresses_of
from auditor.collect.notices.document import Link
from auditor.collect.notices.saying import affirmed, said
from auditor.collect.notices.units import Unit
from auditor.evidence import Fact

if TYPE_CHECKING:
    from auditor.knowledge.notices.data import Group


def rights(unit: Unit) -> Iterator[Fact]:
    """Find rights: by their name, or by what one may do where the text is about rights."""
    named = affirmed(unit, "right_named", by="no_right", names=True)
    about = unit.is_about("rights") or bool(unit.hits.get("right_context"))
    for key in named:
        yield said(unit, "right by its name", "right", key, confidence="high")
    if about and unit.form != "heading":
        for key in affirmed(unit, "right", by="no_right", names=True):
            if key not in named:
                yield said(unit, "right by what one may do", "right", key, confidence="medium")


def channels(unit: Unit) -> Iterator[Fact]:
    """Find how rights are used: an address in a sentence that speaks of using them."""
    if not unit.is_about("rights") and not unit.hits.get("right_channel"):
        return
    which = tuple(dict.fromkeys((*unit.keys("right_named"), *unit.keys("right"))))
    leading = {link.target for link in unit.links if _is_way(link, unit)}
    for kind, address in addresses_of(unit):
        is_clear = unit.is_about("rights") and bool(unit.hits.get("right_channel"))
        if kind == "url" and (address not in leading or not (which or is_clear)):
            continue
        yield said(
            unit,
            "how to use rights",
            "right_channel",
            kind,
            address=address,
            about=which,
            confidence="high" if is_clear else "medium",
        )


def _is_way(link: Link, unit: Unit) -> bool:
    """Return whether a link's words say what to do there; a name says whose page it is."""
    words = Unit(text=link.words, form="prose", place=unit.place, languages=unit.languages)
    groups: tuple[Group, ...] = ("right", "right_named", "right_channel", "contact", "opt_in")
    return link.words[:1].islower() or any(words.hits.get(group) for group in groups)
