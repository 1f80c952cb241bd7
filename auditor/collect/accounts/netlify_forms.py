"""Forms of a Netlify site and what people sent through them, what was taken for spam too."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Part, Trace, Wanted
from auditor.collect.accounts.counting import FieldCount
from auditor.collect.accounts.netlify_site import API, PAGE, site_of
from auditor.collect.ages import AgeCount
from auditor.collect.people import PeopleCount
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Params, segment
from auditor.collect.stores.nested import flattened
from auditor.evidence import Aspect, Gap, Reason, TableSeen
from auditor.names import template

_MOST_FIELDS: Final = 500  # of a form
_PLAIN: Final = re.compile(r"[A-Za-z_][\w-]{0,63}")  # as fields are named in HTML
_KNOWN: Final = {
    "email": "user.contact.email",
    "name": "user.name",
    "first_name": "user.name.first",
    "last_name": "user.name.last",
    "company": "user.contact.organization",
    "data.ip": "user.device.ip_address",
    "data.user_agent": "user.device",
    "data.referrer": "user.behavior.browsing_history",
}
_TEXTS: Final = ("email", "name", "first_name", "last_name", "company", "summary", "body")


class _Field(Struct, frozen=True):
    name: str = ""


class _Form(Struct, frozen=True):
    id: str
    name: str = ""
    submission_count: int = 0
    fields: tuple[_Field, ...] = ()


class _Submission(Struct, frozen=True):
    id: str
    email: object = None
    name: object = None
    first_name: object = None
    last_name: object = None
    company: object = None
    summary: object = None
    body: object = None
    data: dict[str, object] | None = None
    created_at: object = None


def forms(asking: Asking) -> Iterator[Part]:
    """Yield each form as a table: its fields, and how old what was sent is."""
    site = site_of(asking)
    found = asking.api.get(f"{API}/sites/{segment(site.id)}/forms", list[_Form])
    names = [template(form.name)[:200] for form in found]
    for number, (form, name) in enumerate(zip(found, names, strict=True), 1):
        unique = name if name and names.count(name) == 1 else f"{name or 'form'} {number}"
        yield from _form(asking, form, unique)


def _form(asking: Asking, form: _Form, name: str) -> Iterator[Part]:
    fields = FieldCount(name, _KNOWN)
    ages = AgeCount("created", "created_at of each submission, spam too")
    people = PeopleCount(asking.key, "email", "email")
    declared = {field.name for field in form.fields if field.name}
    gap, nameless = None, 0
    try:
        for submission in _submissions(asking, f"forms/{segment(form.id)}"):
            record = _record(submission, declared)
            fields.add(record)
            ages.add_text(submission.created_at)
            email = submission.email or record.get("data.email")
            people.add(email if isinstance(email, str) else "")
            nameless += not email
    except RefusedError as error:
        gap = Gap(what=f"submissions of {name}", reason=error.reason, needs=error.needs)
    if gap is None and fields.rows < form.submission_count:
        needs = f"all {form.submission_count} submissions: {fields.rows} were listed"
        gap = Gap(what=f"submissions of {name}", reason=Reason.NOT_VERIFIED, needs=needs)
    if gap is not None:
        yield gap
    if nameless:
        needs = f"an e-mail address in every submission: {nameless} of {fields.rows} have none"
        what = f"who sent submissions of {name}"
        yield Gap(what=what, reason=Reason.NOT_VERIFIED, needs=needs, aspects=(Aspect.SUBJECTS,))
    seen = fields.fields({f"data.{template(name)[:200]}" for name in declared})
    yield from fields.gaps
    yield TableSeen(
        name=name,
        kind="collection",
        rows=fields.rows,
        fields=seen,
        ages=(ages.ages(),),
        subjects=people.seen(),
    )


def _submissions(asking: Asking, place: str) -> Iterator[_Submission]:
    """Yield all submissions of a form or site: first those that are no spam."""
    address = f"{API}/{place}/submissions"
    params: Params = {"per_page": PAGE}
    first: set[str] = set()
    for page in asking.api.linked(address, list[_Submission], params):
        first = first or {each.id for each in page}
        yield from page
    try:
        for page in asking.api.linked(address, list[_Submission], {**params, "state": "spam"}):
            _check_spam(first, page)
            yield from page
    except RefusedError as error:
        needs = f"a list of what was taken for spam, by `state=spam`: {error.needs}"
        raise RefusedError(error.reason, needs) from error


def _check_spam(first: set[str], page: list[_Submission]) -> None:
    """Refuse a page of the others: the parameter is in the manual, not in the description."""
    if not first.isdisjoint(each.id for each in page):
        raise RefusedError(Reason.NOT_VERIFIED, "another answer than without it")


def _record(submission: _Submission, declared: Collection[str]) -> dict[str, object]:
    """Return a submission's fields; one whose name may be somebody's value is `data.*`."""
    record: dict[str, object] = {name: getattr(submission, name) for name in _TEXTS}
    others: list[object] = []
    for key, value in (submission.data or {}).items():
        if (key in declared or _PLAIN.fullmatch(key)) and len(record) < _MOST_FIELDS:
            record[f"data.{template(key)[:200]}"] = value
        else:
            others.append(value)
    return record | {"data.*": others}


def find(asking: Asking, wanted: Wanted) -> Iterator[Trace]:
    """Yield how many submissions an e-mail address stands in, in any field; reads them all."""
    email = wanted.keys.get("email", "").strip()
    if not email:
        return
    site = site_of(asking)
    here = re.compile(rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)", re.IGNORECASE)
    number = 0
    try:
        for submission in _submissions(asking, f"sites/{segment(site.id)}"):
            number += any(here.search(text) for text in _texts(submission))
    finally:
        yield Trace(place="submissions", number=number)


def _texts(submission: _Submission) -> Iterator[str]:
    for name, value in _record(submission, ()).items():
        for texts in flattened(name, [value]).texts.values():
            yield from texts
