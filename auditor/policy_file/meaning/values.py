"""Values that only make sense together: names with `*`, expressions, connectors, banners."""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from auditor.names import check_pattern
from auditor.policy import (
    Account,
    AnchorField,
    Policy,
    Retention,
    Site,
    Step,
    StorageRow,
    Store,
    Table,
)
from auditor.policy_file.messages import Fault, shown
from auditor.policy_file.strict_yaml import Path

KEYS_OF_CONNECTOR = {
    "base": {"airtable"},
    "property": {"google_analytics"},
    "project": {"firebase_auth"},
    "bucket": {"cloud_storage"},
    "site": {"firebase_hosting", "netlify"},
    "organization": {"github"},
    "host": {"imap"},
    "user": {"imap"},
}
KEYS_OF_STORE = {
    "url": {"sql"},
    "path": {"files"},
    "project": {"firestore"},
    "database": {"firestore"},
    "credentials": {"firestore"},
}
DATE_FORMATS = {"iso", "epoch_s", "epoch_ms"}
DATE_PARTS = re.compile(r"%[dmyYHMSfzjbBpIZ%-]")


def value_faults(policy: Policy) -> Iterator[Fault]:
    """Yield values that contradict each other or mean nothing."""
    for i, row in enumerate(policy.device_storage):
        yield from _row_faults(("device_storage", i), row)
    for i, site in enumerate(policy.sites):
        yield from _site_faults(("sites", i), site, policy)
    for i, store in enumerate(policy.stores):
        yield from _store_faults(("stores", i), store)
        yield from _table_faults(("stores", i), store.tables)
    for i, account in enumerate(policy.accounts):
        yield from _account_faults(("accounts", i), account)
        yield from _table_faults(("accounts", i), account.tables)
    for i, activity in enumerate(policy.processing_activities):
        if isinstance(activity.retention, tuple):
            path = ("processing_activities", i, "retention")
            yield from _period_faults(path, activity.retention)


def _period_faults(path: Path, rules: tuple[Retention, ...]) -> Iterator[Fault]:
    for j, rule in enumerate(rules):
        if not rule.data_categories:
            message = "in a list of periods each one names its data_categories"
            yield Fault(path=(*path, j), message=message)


def _account_faults(path: Path, account: Account) -> Iterator[Fault]:
    for key, connectors in KEYS_OF_CONNECTOR.items():
        if getattr(account, key) and account.connector and account.connector not in connectors:
            message = f"{key} is a key of {' and '.join(sorted(connectors))}; take it out"
            yield Fault(path=(*path, key), message=message, on_key=True)
    if account.base_url and not _is_loopback(account.base_url):
        message = (
            f"{shown(account.base_url)} would receive the credentials: in the file only this"
            " machine's own address is allowed; for any other use --account-url"
        )
        yield Fault(path=(*path, "base_url"), message=message)


def _row_faults(path: Path, row: StorageRow) -> Iterator[Fault]:
    yield from _pattern_fault((*path, "identifier"), row.identifier)
    for j, page in enumerate(row.pages):
        yield from _pattern_fault((*path, "pages", j), page)
    if row.max_age and row.type != "cookie":
        message = f"only cookies have a max_age; a {row.type} row has none"
        yield Fault(path=(*path, "max_age"), message=message, on_key=True)


def _site_faults(path: Path, site: Site, policy: Policy) -> Iterator[Fault]:
    for key, choice in _choices(site):
        for j, step in enumerate(choice):
            if bool(step.click) == bool(step.wait_for):
                where = (*path, "consent", key, "steps", j)
                yield Fault(path=where, message="a step either clicks or waits: write one of them")
    states = site.consent.state
    for key in ("accept", "reject", "withdraw"):
        state = getattr(states, key) if states else None
        if state and (why := _bad_expression(state.matches)):
            where = (*path, "consent", "state", key, "matches")
            yield Fault(path=where, message=f"{shown(state.matches)} is no RE2 expression: {why}")
    for j, glob in enumerate(site.crawl.exclude):
        yield from _pattern_fault((*path, "crawl", "exclude", j), glob)
    if site.consent.banner == "none" and (bound := _needs_consent(policy, site)):
        message = (
            f"there is no banner, but {bound} may only be used after consent: add a banner,"
            " take it out, or say why it needs no consent"
        )
        yield Fault(path=(*path, "consent", "banner"), message=message)


def _choices(site: Site) -> Iterator[tuple[str, tuple[Step, ...]]]:
    for key in ("accept", "reject", "withdraw"):
        steps = getattr(site.consent, key)
        if steps:
            yield key, steps.steps


def _needs_consent(policy: Policy, site: Site) -> str:
    """Name a row that waits for consent on this site, "" for none."""
    return next(
        (
            f"{row.identifier} (line {row.at.line})"
            for row in policy.device_storage
            if row.consent == "required" and (not row.sites or site.id in row.sites)
        ),
        "",
    )


def _store_faults(path: Path, store: Store) -> Iterator[Fault]:
    for key, connectors in KEYS_OF_STORE.items():
        if getattr(store, key) and store.connector not in connectors:
            message = f"{key} is a key of {' and '.join(sorted(connectors))}; take it out"
            yield Fault(path=(*path, key), message=message, on_key=True)
    if isinstance(store.url, str):
        try:
            has_password = urlsplit(store.url).password is not None
        except ValueError:
            has_password = False
        if has_password:
            message = "holds a password; keep it out of the file: url: {env: NAME}"
            yield Fault(path=(*path, "url"), message=message)


def _table_faults(holder: Path, tables: tuple[Table, ...]) -> Iterator[Fault]:
    for i, table in enumerate(tables):
        for event, anchor in table.anchors.items():
            if not isinstance(anchor, AnchorField):
                continue
            path = (*holder, "tables", i, "anchors", event)
            if anchor.format not in DATE_FORMATS and not DATE_PARTS.search(anchor.format):
                message = (
                    f"{shown(anchor.format)} is no date form; write iso, epoch_s, epoch_ms or"
                )
                yield Fault(path=(*path, "format"), message=f'{message} one such as "%d/%m/%Y"')
            if anchor.table and not (anchor.key and anchor.references):
                message = "an anchor in another table needs key and references"
                yield Fault(path=path, message=message)


def _pattern_fault(path: Path, text: str) -> Iterator[Fault]:
    try:
        check_pattern(text)
    except ValueError as error:
        yield Fault(path=path, message=str(error))


def _bad_expression(text: str) -> str:
    """Return why RE2 refuses an expression, "" if it does not. RE2 cannot be made to hang."""
    if not text:
        return ""
    import re2  # noqa: PLC0415 -- only policies with expressions pay for it

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(text, options)
    except re2.error as error:
        reason = error.args[0] if error.args else "it cannot be read"
        return reason.decode() if isinstance(reason, bytes) else str(reason)
    return ""


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
