"""What a page itself says of a visitor's choice, and whether that fits the choice made.

Asked in the page's own world, since it lives there: the page's statement, not our observation.
"""

from importlib.resources import files

import msgspec
from msgspec import Struct

from auditor.collect.site.consent.consent_mode import ConsentMode
from auditor.collect.site.consent.tcf import read_tc_string
from auditor.collect.site.consent.worlds import Worlds, call

_ASK = call(files(__package__).joinpath("statements.js").read_text())
_OPTED_OUT, _NOT_OPTED_OUT = 1, 2  # GPP, sections of the US: 0 does not apply
_STORAGE = frozenset({"ad_storage", "analytics_storage", "ad_user_data", "ad_personalization"})

Fits = bool | None  # True: it fits the choice; False: it says otherwise; None: it says nothing


class Tcf(Struct, frozen=True):
    """Answer of `getTCData`: what the visitor is said to have agreed to."""

    status: str
    string: str
    purposes: tuple[tuple[str, bool], ...]

    def fits(self, *, agreed: bool) -> Fits:
        """Return whether purposes are those of the choice; nothing is said before there is one."""
        if self.status == "cmpuishown":
            return None
        if (read := read_tc_string(self.string)) is not None:
            given = bool(read.purposes)
            return given is agreed
        if not self.purposes and not self.status:
            return None
        return any(given for _, given in self.purposes) is agreed


class Statements(Struct, frozen=True):
    """What a page says; None and nothing where it has no such interface."""

    tcf: Tcf | None = None
    gpp: tuple[tuple[str, tuple[int, ...]], ...] | None = None
    mode: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()

    def mode_fits(self, *, agreed: bool) -> Fits:
        """Return whether the last update of Consent Mode fits; a default is no choice."""
        answers: dict[str, str] = {}
        for command, given in self.mode:
            if command == "update":
                answers |= {name: answer for name, answer in given if name in _STORAGE}
        return _all_alike(frozenset(answers.values()), agreed=agreed)

    def gpp_fits(self, *, agreed: bool) -> Fits:
        """Return whether opt-outs under laws of the US fit."""
        told = {answer for name, given in self.gpp or () for answer in given if name[:2] == "us"}
        told &= {_OPTED_OUT, _NOT_OPTED_OUT}
        return (told == {_NOT_OPTED_OUT if agreed else _OPTED_OUT}) if told else None


async def statements(worlds: Worlds) -> Statements:
    """Ask the page; what it answers amiss is no answer."""
    said = await worlds.ask(worlds.root, _ASK, main=True)
    try:
        return msgspec.convert(said, Statements)
    except msgspec.ValidationError:
        return Statements()


def what_fits(
    before: Statements, after: Statements, sent: tuple[ConsentMode, ...], *, agreed: bool
) -> dict[str, bool]:
    """Return, by interface, whether what is said since the choice fits it.

    What was already said before the choice says nothing about it.
    """
    told: dict[str, Fits] = {}
    if after.tcf and after.tcf != before.tcf:
        told["TCF"] = after.tcf.fits(agreed=agreed)
    if after.gpp and after.gpp != before.gpp:
        told["GPP"] = after.gpp_fits(agreed=agreed)
    if after.mode != before.mode:
        told["Consent Mode"] = after.mode_fits(agreed=agreed)
    if sent:
        told["Consent Mode in requests"] = _all_alike(sent[-1].said, agreed=agreed)
    return {name: fits for name, fits in told.items() if fits is not None}


def _all_alike(answers: frozenset[str], *, agreed: bool) -> Fits:
    return (answers == {"granted" if agreed else "denied"}) if answers else None
