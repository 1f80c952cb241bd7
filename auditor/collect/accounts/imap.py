"""E-mail by IMAP: how old messages are in each folder, and requests that nobody has answered.

A thousand messages take a fifth of a request; a folder takes two more, and twenty searches for
requests about rights. Nothing is marked as read, and no text is fetched.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from auditor.collect.accounts.connector import (
    Asking,
    CanWrite,
    Connector,
    Part,
    Question,
    Trace,
    Wanted,
)
from auditor.collect.accounts.counting import known_field
from auditor.collect.accounts.mailbox import Folder, Mailbox, opened, quoted, readable
from auditor.collect.ages import AgeCount
from auditor.collect.credentials import Secret
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Service
from auditor.evidence import Aspect, Gap, Reason, SettingSeen, TableSeen
from auditor.names import template

ANSWER_WITHIN: Final = 30  # days; GDPR Art. 12(3) says a month
_USES: Final = {
    "\\sent": "Sent",
    "\\trash": "Trash",
    "\\drafts": "Drafts",
    "\\junk": "Junk",
    "\\archive": "Archive",
    "\\all": "All",
    "\\flagged": "Flagged",
}
_NOT_RECEIVED: Final = frozenset({"Sent", "Trash", "Drafts", "Junk"})
# In subjects of requests. ASCII: not every server searches for other letters.
_WORDS: Final = (
    "GDPR",
    "RGPD",
    "DSGVO",
    "my data",
    "my personal data",
    "delete my",
    "erase my",
    "right to be forgotten",
    "data request",
    "mes donn",
    "effacement",
    "supprimer mon compte",
    "meine Daten",
    "Datenauskunft",
    "Auskunftsersuchen",
    "Daten l",
    "mis datos",
    "eliminar mi",
    "meus dados",
    "excluir minha",
)
_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_WRITING: Final = frozenset("swipkxtecda")  # rights of RFC 4314 other than to look


def _mailbox(asking: Asking) -> tuple[str, str, str]:
    """Return host, user and password; the host may name a port."""
    account = asking.account
    for name in ("host", "user"):
        if not getattr(account, name):
            raise RefusedError(Reason.UNDECIDED, f"`{name}` of the mailbox")
    return account.host, account.user, asking.secret.text.strip()


def _named(folders: list[Folder]) -> Mapping[str, Folder]:
    """Return folders by what they are called here: a person's name in one is not kept."""
    found: dict[str, Folder] = {}
    for number, folder in enumerate(folders, 1):
        use = next((_USES[flag] for flag in sorted(folder.flags) if flag in _USES), "")
        name = use or template(readable(folder.name))[:200]
        if not name.isprintable() or not name.strip():
            name = f"folder {number}"
        found[name if name not in found else f"{name} ({number})"] = folder
    return found


def _messages(asking: Asking) -> Iterator[Part]:
    with opened(*_mailbox(asking)) as mailbox:
        for name, folder in _named(mailbox.folders()).items():
            yield from _folder(mailbox, name, folder)


def _folder(mailbox: Mailbox, name: str, folder: Folder) -> Iterator[Part]:
    ages = AgeCount("created", "INTERNALDATE: when the message arrived")
    try:
        number = mailbox.examine(folder)
        for moment in mailbox.dates(number):
            ages.add(moment)
    except RefusedError as error:
        yield Gap(what=f"folder {name}", reason=error.reason, needs=error.needs)
        return
    counted = ages.ages()
    if counted.rows < number:
        needs = f"the dates of all {number:,} messages: {counted.rows:,} came"
        yield Gap(what=f"folder {name}", reason=Reason.NOT_VERIFIED, needs=needs)
    rows = max(number, counted.rows)
    yield TableSeen(
        name=name,
        kind="collection",
        rows=rows,
        fields=(
            known_field("from, to, cc", "user.contact.email", rows, rows),
            known_field("message", "user.content.private", rows, rows),
        ),
        ages=(counted,),
    )


def _requests(asking: Asking) -> Iterator[Part]:
    """Yield how many messages look like a request about rights, and are old and unanswered."""
    before = f"BEFORE {_day(asking.as_of - timedelta(days=ANSWER_WITHIN))}"
    any_of = ""
    for word in _WORDS:
        term = f"SUBJECT {quoted(word)}"
        any_of = f"OR {term} ({any_of})" if any_of else term
    with opened(*_mailbox(asking)) as mailbox:
        for name, folder in _named(mailbox.folders()).items():
            if name.partition(" (")[0] in _NOT_RECEIVED or not mailbox.examine(folder):
                continue
            if number := mailbox.count("UNANSWERED", before, f"({any_of})"):
                yield SettingSeen(
                    name=f"requests in {name}",
                    value=str(number),
                    effect="unanswered",
                    of="requests about rights, by their subject",
                    period=f"P{ANSWER_WITHIN}D",
                )


def _rights(asking: Asking) -> Iterator[Part]:
    with opened(*_mailbox(asking)) as mailbox:
        for name, folder in _named(mailbox.folders()).items():
            rights = mailbox.rights(folder)
            if rights is None:
                needs = "somebody who knows whether the login is the mailbox's own: the server"
                needs += " does not say what it may change (no ACL)"
                what = "what the login may change"
                yield Gap(what=what, reason=Reason.CANNOT_BE_SHOWN, needs=needs)
                return
            if changing := "".join(sorted(_WRITING.intersection(rights))):
                yield CanWrite(what=f"{name}: {changing} (RFC 4314)")


def _find(asking: Asking, wanted: Wanted) -> Iterator[Trace]:
    """Count the messages from and to an address, folder by folder."""
    text = quoted(wanted.keys["email"].strip())
    with opened(*_mailbox(asking)) as mailbox:
        for name, folder in _named(mailbox.folders()).items():
            mailbox.examine(folder)
            number = mailbox.count(f"OR FROM {text} (OR TO {text} (OR CC {text} BCC {text}))")
            yield Trace(place=name, number=number)


def _day(day: date) -> str:
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"


def _nothing(secret: Secret) -> Mapping[str, str]:
    """Return no headers: this is no HTTP."""
    del secret
    return {}


_PERMISSION: Final = "a login that may read every folder (lr)"

IMAP: Final = Connector(
    name="imap",
    service=Service(name="IMAP", hosts=()),
    questions=(
        Question(
            what="messages",
            permission=_PERMISSION,
            aspects=(Aspect.TABLES, Aspect.FIELDS, Aspect.AGES),
            ask=_messages,
        ),
        Question(
            what="requests about rights",
            permission=_PERMISSION,
            aspects=(Aspect.REQUESTS,),
            ask=_requests,
        ),
        Question(
            what="what the login may change",
            permission="",
            aspects=(Aspect.PRIVILEGES,),
            ask=_rights,
        ),
    ),
    credential="Make an app password for a login that may only read the mailbox (ACL lr), and put"
    " it into the variable",
    headers=_nothing,
    cannot_show=(
        Gap(
            what="how long the provider keeps messages, and copies of deleted ones",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="the provider's setting or contract, attested with a picture or a copy of it",
            aspects=(Aspect.SETTINGS,),
        ),
        Gap(
            what="who is in the mailbox",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="`audit erasure` for one person: addresses are not read out of messages",
            aspects=(Aspect.SUBJECTS,),
        ),
    ),
    find=_find,
    finds_by=("email",),
)
