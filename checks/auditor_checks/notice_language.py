"""Languages: a notice is in the one it claims, and its translations say the same (Art. 12(1))."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Fact, Gap, NoticeEvidence, Place, Reason, Told
from auditor.findings import Finding, Remark, Remedy, Severity, Sighting
from auditor.matching.told import RECIPIENTS, notice_of, place_in, plain_name, said_in
from auditor.policy import NOWHERE, Notice, Policy
from auditor.vocabulary import RIGHTS

PRIVACY = "notices: [{id: privacy, path: privacy.md, language: en}]\n"
SURE: Final = 0.9
WHERE: Final[Mapping[str, tuple[str, Severity]]] = {
    "html": ("its markup (lang)", Severity.MEDIUM),
    "front_matter": ("its front matter", Severity.LOW),
    "header": ("its server (Content-Language)", Severity.LOW),
    "title": ("its title", Severity.LOW),
    "slug": ("its address", Severity.LOW),
    "path": ("its address", Severity.LOW),
}


@check(
    "notice-language",
    title="The notice is in the language it claims, and translations say the same",
    needs=Told,
    references=["gdpr:12", "gdpr:5-1-a"],
    passing=Example(policy=PRIVACY, told=example.notice()),
    failing=Example(policy=PRIVACY, told=example.notice(language="fr")),
)
def other_language(policy: Policy, told: Told) -> Iterator[Remark]:
    """Translate the notice, or correct what it says of its language.

    People look for a notice in their own language; screen readers speak it by its markup. Where
    translations differ on who gets data, for how long it is kept or which rights there are, one of
    them is not true: say the same in all.
    """
    notice = notice_of(policy, told.notice)
    at = notice.at if notice else NOWHERE
    language = told.notice.language
    if not language:
        needs = "a text that is long enough to tell its language"
        yield Gap(what="the notice's language", reason=Reason.NOT_VERIFIED, needs=needs)
        return
    if notice and notice.language and _short(notice.language) != language:
        yield Finding(
            object="language:policy",
            keys=("language",),
            severity=Severity.MEDIUM,
            message=f"policy.yaml says {notice.language}, the text is {language}",
            at=at,
            seen=tuple(_beginning(told.notice)),
            remedies=(
                Remedy(kind="remove", text="put the text in that language there"),
                Remedy(kind="declare", text=f"write language: {language}"),
            ),
        )
    yield from _claimed(told.notice, notice)
    yield from _sections(told.notice, notice)
    yield from _translations(told, notice)


def _claimed(seen: NoticeEvidence, notice: Notice | None) -> Iterator[Finding]:
    """Object to a tag, a title or an address that names another language."""
    done: set[str] = set()
    for where, code in seen.declared.items():
        name, severity = WHERE.get(where, (where, Severity.LOW))
        if code == seen.language or name in done:
            continue
        done.add(name)
        yield Finding(
            object=f"language:{where}",
            severity=severity,
            message=f"the text is {seen.language}, and {name} says {code}",
            at=notice.at if notice else NOWHERE,
            seen=tuple(_beginning(seen)),
            remedies=(
                Remedy(kind="remove", text=f"give people the notice in {code} there"),
                Remedy(kind="declare", text=f"say {seen.language} there"),
            ),
        )


def _sections(seen: NoticeEvidence, notice: Notice | None) -> Iterator[Finding]:
    """Object to sections that nobody has translated."""
    foreign = [
        section
        for section in seen.sections
        if section.language not in {"", seen.language} and section.confidence >= SURE
    ]
    for language in sorted({section.language for section in foreign}):
        mine = [section for section in foreign if section.language == language]
        named = ", ".join(section.heading or "the beginning" for section in mine[:5])
        yield Finding(
            object=f"language:sections in {language}",
            severity=Severity.LOW,
            message=f"the notice is {seen.language}; {len(mine)} of its sections are {language}",
            at=notice.at if notice else NOWHERE,
            seen=tuple(
                Sighting(page=place_in(seen, section.place), detail=f"in {language}")
                for section in mine
            ),
            remedies=(Remedy(kind="remove", text=f"translate: {named}"),),
        )


def _translations(told: Told, notice: Notice | None) -> Iterator[Remark]:
    """Compare a translation with its original, where both were read."""
    original = notice.translation_of if notice else ""
    if not notice or not original:
        return
    other = next((one for one in told.others if one.notice == original), None)
    if other is None or other.gaps:
        needs = f"notice {original}, read to its end, to compare the two"
        yield Gap(what=f"notice:{original}", reason=Reason.NOT_IN_EVIDENCE, needs=needs)
        return
    for what, key_of, of in COMPARED:
        mine, theirs = of(told.notice, key_of), of(other, key_of)
        for key in sorted({*mine, *theirs} - ({*mine} & {*theirs})):
            yield _differ(told, other, notice, what, key, mine.get(key) or theirs[key])


def _differ(  # noqa: PLR0913, PLR0917 -- two notices, and one thing that only one of them says
    told: Told, other: NoticeEvidence, notice: Notice, what: str, key: str, fact: Fact
) -> Finding:
    says = told.notice if fact in told.notice.facts else other
    silent = other if says is told.notice else told.notice
    return Finding(
        object=f"translation:{what} {key}",
        severity=Severity.MEDIUM,
        message=(
            f"notice {says.notice} ({says.language}) has the {what} {_called(key)},"
            f" notice {silent.notice} ({silent.language}) does not"
        ),
        at=notice.at,
        seen=(said_in(told, fact),),
        remedies=(Remedy(kind="declare", text="say the same in both"),),
    )


def _called(key: str) -> str:
    return f"“{RIGHTS[key].label.lower()}”" if key in RIGHTS else key


def _recipient(fact: Fact) -> str:
    is_sure = fact.is_listed or fact.confidence != "low"
    return (fact.key or plain_name(fact.name)) if is_sure else ""


def _period(fact: Fact) -> str:
    return f"{fact.period} {fact.anchor}".strip() if fact.key == "fixed" else ""


def _right(fact: Fact) -> str:
    return fact.key


def _of(*kinds: str) -> Callable[[NoticeEvidence, Callable[[Fact], str]], dict[str, Fact]]:
    def facts(notice: NoticeEvidence, key_of: Callable[[Fact], str]) -> dict[str, Fact]:
        found: dict[str, Fact] = {}
        for fact in notice.facts:
            if fact.kind in kinds and (key := key_of(fact)):
                found.setdefault(key, fact)
        return found

    return facts


COMPARED: Final = (
    ("recipient", _recipient, _of(*RECIPIENTS)),
    ("period", _period, _of("retention")),
    ("right", _right, _of("right")),
)


def _short(language: str) -> str:
    return language.partition("-")[0].lower()


def _beginning(seen: NoticeEvidence) -> Iterator[Sighting]:
    if seen.sentences:
        yield Sighting(
            page=place_in(seen, Place()), detail=f'begins "{seen.sentences[0].text[:100]}"'
        )
