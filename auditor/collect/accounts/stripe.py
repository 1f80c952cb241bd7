"""Stripe: customers, what was paid, and by whom.

Last use is the newest of a customer's creation, charges, payment intents, invoices, subscriptions
and checkout sessions. Each kind is listed for that, and once more for what is in it: a thousand
customers take 10 requests, of all else 20, however many customers they belong to; of a customer
one number is kept meanwhile. Lists are not trusted to begin with the newest.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

from msgspec import Struct

from auditor.collect.accounts.connector import (
    Asking,
    CanWrite,
    Connector,
    Part,
    Question,
    Trace,
    Wanted,
)
from auditor.collect.accounts.counting import FieldCount
from auditor.collect.ages import AgeCount
from auditor.collect.credentials import bearer
from auditor.collect.people import PeopleCount
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Params, Service
from auditor.evidence import Aspect, Gap, Reason, TableSeen

HOST: Final = "https://api.stripe.com"
API: Final = f"{HOST}/v1"
PAGE: Final = 100
MOST: Final = 5_000_000  # customers whose last use is kept in memory, some 100 bytes each

_PERSON: Final = {
    "email": "user.contact.email",
    "name": "user.name",
    "phone": "user.contact.phone_number",
    "address": "user.contact.address",
}
_KNOWN: Final = {
    **_PERSON,
    **{f"shipping.{name}": category for name, category in _PERSON.items()},
    "payment_method_details": "user.payment",
}
_OTHERS: Final = ("description", "metadata", "custom_fields", "payment_method_details")


class _Person(Struct, frozen=True):
    email: str | None = None
    name: str | None = None
    phone: str | None = None
    address: dict[str, object] | None = None


class _Means(Struct, frozen=True):
    """By what was paid: that it is there is enough."""

    type: str = ""


class _Collected(Struct, frozen=True):
    shipping_details: _Person | None = None


class _Customer(Struct, frozen=True):
    id: str
    created: int | None = None
    email: str | None = None
    name: str | None = None
    phone: str | None = None
    address: dict[str, object] | None = None
    shipping: _Person | None = None
    description: str | None = None
    metadata: dict[str, object] | None = None


class _Payment(Struct, frozen=True):
    """A charge, payment intent, invoice, subscription or session, as far as it matters."""

    id: str
    created: int | None = None
    customer: str | None = None
    status: str | None = None
    ended_at: int | None = None
    description: str | None = None
    metadata: dict[str, object] | None = None
    billing_details: _Person | None = None
    customer_details: _Person | None = None
    receipt_email: str | None = None
    customer_email: str | None = None
    customer_name: str | None = None
    customer_phone: str | None = None
    customer_address: dict[str, object] | None = None
    shipping: _Person | None = None
    customer_shipping: _Person | None = None
    shipping_details: _Person | None = None
    collected_information: _Collected | None = None
    custom_fields: list[dict[str, object]] | None = None
    payment_method_details: _Means | None = None

    @property
    def emails(self) -> tuple[str, ...]:
        """Return every address in it: a receipt may go to another than the bill."""
        told = (self.billing_details or _Person(), self.customer_details or _Person())
        found = (*(one.email for one in told), self.receipt_email, self.customer_email)
        return tuple(email for email in found if email)

    @property
    def receiver(self) -> _Person | None:
        """Return to whom something is sent, wherever that stands in this kind of record."""
        collected = self.collected_information or _Collected()
        others = (self.customer_shipping, self.shipping_details, collected.shipping_details)
        return next((one for one in (self.shipping, *others) if one), None)

    @property
    def person(self) -> _Person:
        """Return who paid, wherever that stands in this kind of record."""
        told = self.billing_details or self.customer_details or _Person()
        return _Person(
            email=next(iter(self.emails), None),
            name=told.name or self.customer_name,
            phone=told.phone or self.customer_phone,
            address=told.address or self.customer_address,
        )


_R = TypeVar("_R", _Customer, _Payment)


class _Page(Struct, Generic[_R], frozen=True):
    data: list[_R]
    has_more: bool


_KINDS: Final = {  # what a customer does, by the path of its list
    "charges": "charges",
    "payment_intents": "payment intents",
    "invoices": "invoices",
    "subscriptions": "subscriptions",
    "checkout/sessions": "checkout sessions",
}
_RUNNING: Final = frozenset({"active", "trialing", "past_due"})
_NAMED: Final = ("charges", "invoices", "checkout/sessions")  # these say who it was


def _listed(
    asking: Asking, path: str, kind: type[_R], params: Params | None = None
) -> Iterator[_R]:
    """Yield every record of a list; the id of the last one leads to the next page."""

    def fetch(after: str) -> tuple[_Page[_R], str]:
        place: Params = {"starting_after": after} if after else {}
        asked: Params = {"limit": PAGE, **(params or {}), **place}
        page: type[_Page[_R]] = _Page[kind]  # type: ignore[valid-type, assignment]
        found = asking.api.get(f"{API}/{path}", page, asked)
        if found.has_more and not found.data:
            raise RefusedError(Reason.NOT_VERIFIED, "a page that is not empty, or the last")
        return found, found.data[-1].id if found.has_more else ""

    for page in asking.api.pages(fetch):
        yield from page.data


def _customers(asking: Asking) -> Iterator[Part]:
    """Yield the customers; their last use only if everything that they do could be listed."""
    newest, gaps = _last_uses(asking)
    yield from gaps
    fields = FieldCount("customers", _KNOWN)
    created = AgeCount("created", "created of each customer")
    used = AgeCount("last_used", "the latest of created, and of what was paid or billed")
    people = PeopleCount(asking.key, "email", "email")
    nameless = 0
    for customer in _listed(asking, "customers", _Customer):
        others = {"description": customer.description, "metadata": customer.metadata}
        fields.add({**_shown(customer, customer.shipping), **others})
        moments = (customer.created, newest.get(customer.id))
        created.add_seconds(customer.created)
        used.add_seconds(max((m for m in moments if m is not None), default=None))
        people.add(customer.email or "")
        nameless += not customer.email
    if nameless and asking.key:
        yield _without_address("customers", nameless, fields.rows)
    seen = fields.fields()
    yield from fields.gaps
    yield TableSeen(
        name="customers",
        kind="collection",
        rows=fields.rows,
        fields=seen,
        ages=(created.ages(),) if gaps else (created.ages(), used.ages()),
        subjects=people.seen(),
    )


def _shown(who: _Person | _Customer, receiver: _Person | None) -> dict[str, object]:
    """Return what is told of a person and of who gets what is sent."""
    to = receiver or _Person()
    record = {name: getattr(who, name) for name in _PERSON}
    record |= {f"shipping.{name}": getattr(to, name) for name in _PERSON if name != "email"}
    return {name: value for name, value in record.items() if _is_filled(value)}


def _is_filled(value: object) -> bool:
    """Return whether there is something: Stripe sends addresses of which all parts are null."""
    return any(value.values()) if isinstance(value, dict) else bool(value)


def _last_uses(asking: Asking) -> tuple[dict[str, int], list[Gap]]:
    """Return when each customer did something last (seconds since 1970), and what was refused."""
    newest: dict[str, int] = {}
    gaps = []
    for path, what in _KINDS.items():
        try:
            _note(asking, path, newest)
        except RefusedError as error:
            gap = Gap(
                what=f"when customers last used {what}",
                reason=error.reason,
                needs=f"a list of all {what} ({error.needs}): {_permission(what)}",
                aspects=(Aspect.AGES,),
            )
            gaps.append(gap)
    return newest, gaps


def _note(asking: Asking, path: str, newest: dict[str, int]) -> None:
    """Keep the newest moment of each customer in one list."""
    for one in _listed(asking, path, _Payment, _params(path)):
        moment = _last_moment(asking, one)
        if one.customer and moment is not None:
            newest[one.customer] = max(moment, newest.get(one.customer, moment))
        if len(newest) > MOST:
            raise RefusedError(Reason.CAP_REACHED, f"fewer than {MOST:,} customers")


def _params(path: str) -> Params:
    """Return what makes a list complete: subscriptions that are over are left out otherwise."""
    return {"status": "all"} if path == "subscriptions" else {}


def _last_moment(asking: Asking, one: _Payment) -> int | None:
    """Return when something was used: a subscription that runs is in use today.

    Its `current_period_end` is no help: it is gone since the version 2025-03-31.basil.
    """
    if one.status in _RUNNING:
        return int(datetime.combine(asking.as_of, datetime.min.time(), UTC).timestamp())
    return max((m for m in (one.created, one.ended_at) if m is not None), default=None)


def _payments(path: str) -> Callable[[Asking], Iterator[Part]]:
    """Return what asks for a list in which people are, even those whose customer is deleted."""
    name = _KINDS[path]

    def ask(asking: Asking) -> Iterator[Part]:
        fields = FieldCount(name, _KNOWN)
        ages = AgeCount("created", f"created of each of the {name}")
        people = PeopleCount(asking.key if path in _NAMED else None, "email", "email")
        nameless = 0
        for one in _listed(asking, path, _Payment, _params(path)):
            others = {key: getattr(one, key) for key in _OTHERS}
            fields.add({**_shown(one.person, one.receiver), **others})
            ages.add_seconds(one.created)
            for email in one.emails:
                people.add(email)
            nameless += not one.emails
        if nameless and asking.key and path in _NAMED:
            yield _without_address(name, nameless, fields.rows)
        seen = fields.fields()
        yield from fields.gaps
        yield TableSeen(
            name=name,
            kind="collection",
            rows=fields.rows,
            fields=seen,
            ages=(ages.ages(),),
            subjects=people.seen(),
        )

    return ask


def _without_address(name: str, nameless: int, rows: int) -> Gap:
    needs = f"an e-mail address in each: {nameless} of {rows} have none"
    what = f"who is in {name}"
    return Gap(what=what, reason=Reason.NOT_VERIFIED, needs=needs, aspects=(Aspect.SUBJECTS,))


def _rights(asking: Asking) -> Iterator[Part]:
    """Say what the key may change, as far as its beginning tells."""
    key = asking.secret.text.strip()
    if key.startswith("sk_"):
        yield CanWrite(what="everything: a secret key (sk_)")
    else:
        needs = "somebody who looks at the key in Stripe's dashboard (Developers, API keys), and"
        yield Gap(
            what="what the key may change",
            reason=Reason.CANNOT_BE_SHOWN,
            needs=f"{needs} attests that each of its permissions is Read or None",
            aspects=(Aspect.PRIVILEGES,),
        )
    if key[2:].startswith("_test_") and not asking.account.base_url:
        needs = "a key of live mode (rk_live_...): this one sees test data only"
        yield Gap(what="the real data", reason=Reason.NOT_VERIFIED, needs=needs, aspects=_ALL)


def _find(asking: Asking, wanted: Wanted) -> Iterator[Trace]:
    """Count the records of an e-mail address; what was paid is read through, to find guests."""
    email = wanted.keys["email"].strip().casefold()
    ids: set[str] = set()
    others: set[str] = set()
    for customer in _listed(asking, "customers", _Customer):
        (ids if (customer.email or "").casefold() == email else others).add(customer.id)
    yield Trace(place="customers", number=len(ids))
    unknown = 0
    for path, name in _KINDS.items():
        number = 0
        for one in _listed(asking, path, _Payment, _params(path)):
            if one.customer in ids or email in (each.casefold() for each in one.emails):
                number += 1
            elif one.customer not in others and not one.emails:
                unknown += bool(one.customer or _shown(one.person, one.receiver))
        yield Trace(place=name, number=number)
    if unknown:
        needs = f"an e-mail address in {unknown} payments of guests and deleted customers"
        raise RefusedError(Reason.NOT_VERIFIED, f"{needs}: they show none")


def _permission(what: str) -> str:
    return f"the permission Read on {what}"


_ALL: Final = (Aspect.TABLES, Aspect.FIELDS, Aspect.AGES, Aspect.SUBJECTS)

STRIPE: Final = Connector(
    name="stripe",
    service=Service(name="Stripe", hosts=(HOST,), pause=0.04, rest=1.0),
    questions=(
        Question(
            what="customers",
            permission=_permission("customers"),
            aspects=_ALL,
            ask=_customers,
        ),
        *(
            Question(
                what=_KINDS[path],
                permission=_permission(_KINDS[path]),
                aspects=_ALL,
                ask=_payments(path),
            )
            for path in _KINDS
        ),
        Question(
            what="what the key may change",
            permission="",
            aspects=(Aspect.PRIVILEGES,),
            ask=_rights,
        ),
    ),
    credential="Make a restricted key (rk_live_...) with Read on Customers, Charges and Refunds,"
    " PaymentIntents, Invoices, Subscriptions and Checkout Sessions, and None on all else",
    headers=bearer,
    cannot_show=(
        Gap(
            what="how long Stripe keeps data",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="Stripe has no setting for it: attest who deletes or redacts customers, and"
            " when, with the job or the redaction jobs that show it",
            aspects=(Aspect.SETTINGS,),
        ),
        Gap(
            what="disputes, payment methods, connected accounts, Identity and Stripe's logs",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="these are not read here: attest that they are not used, or what is in them",
            aspects=(Aspect.TABLES,),
        ),
    ),
    find=_find,
    finds_by=("email",),
)
