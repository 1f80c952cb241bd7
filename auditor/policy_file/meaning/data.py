"""Stores, accounts, periods: the keys of the right connector, no secrets, readable dates."""

import ipaddress
import re
from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import get_args
from urllib.parse import urlsplit

from auditor.policy import Account, AnchorField, Policy, Retention, Store, Table
from auditor.policy.data import BuiltinConnector
from auditor.policy_file.messages import Fault, shown
from auditor.policy_file.strict_yaml import Path
from auditor.policy_file.todo import IsUndecided
from auditor.vocabulary import suggestion

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
PLUGINS = "auditor.connectors"
DATE_FORMATS = {"iso", "epoch_s", "epoch_ms"}
DATE_PARTS = re.compile(r"%[dmyYHMSfzjbBpIZ%-]")
PASSWORD = re.compile(r"//[^/@\s]*:[^@\s]*@|\b(password|passwd|pwd)\s*=", re.IGNORECASE)


def data_faults(policy: Policy, is_undecided: IsUndecided) -> Iterator[Fault]:
    """Yield what contradicts itself in stores, accounts and retention rules."""
    for i, store in enumerate(policy.stores):
        yield from _store_faults(("stores", i), store)
        yield from _table_faults(("stores", i), store.tables, is_undecided)
    for i, account in enumerate(policy.accounts):
        yield from _account_faults(("accounts", i), account)
        yield from _table_faults(("accounts", i), account.tables, is_undecided)
    for i, activity in enumerate(policy.processing_activities):
        if isinstance(activity.retention, tuple):
            path = ("processing_activities", i, "retention")
            yield from _period_faults(path, activity.retention, is_undecided)


def _period_faults(
    path: Path, rules: tuple[Retention, ...], is_undecided: IsUndecided
) -> Iterator[Fault]:
    for j, rule in enumerate(rules):
        if not rule.data_categories and not is_undecided((*path, j, "data_categories")):
            message = "in a list of periods each one names its data_categories"
            yield Fault(path=(*path, j), message=message)


def _account_faults(path: Path, account: Account) -> Iterator[Fault]:
    if account.connector:
        yield from _unknown_connector(path, account.connector)
        yield from _foreign_keys(path, account, account.connector, KEYS_OF_CONNECTOR)
    if account.base_url and not _is_loopback(account.base_url):
        message = (
            f"{shown(account.base_url)} would receive the credentials: in the file only this"
            " machine's own address is allowed; for any other use --account-url"
        )
        yield Fault(path=(*path, "base_url"), message=message)


def _unknown_connector(path: Path, name: str) -> Iterator[Fault]:
    known = [*get_args(BuiltinConnector), *entry_points(group=PLUGINS).names]
    if name not in known:
        end = suggestion(name, known, f"there are {', '.join(known)}")
        message = f"no connector is called {shown(name)}; {end}"
        yield Fault(path=(*path, "connector"), message=message)


def _store_faults(path: Path, store: Store) -> Iterator[Fault]:
    yield from _foreign_keys(path, store, store.connector, KEYS_OF_STORE)
    if isinstance(store.url, str) and PASSWORD.search(store.url):
        message = "holds a password; keep it out of the file: url: {env: NAME}"
        yield Fault(path=(*path, "url"), message=message)


def _foreign_keys(
    path: Path, entry: Store | Account, connector: str, keys: dict[str, set[str]]
) -> Iterator[Fault]:
    """Yield the keys that belong to other connectors."""
    own = [key for key, connectors in keys.items() if connector in connectors]
    for key, connectors in keys.items():
        if getattr(entry, key) and key not in own:
            message = (
                f"belongs to {' and '.join(sorted(connectors))};"
                f" {connector} has {' and '.join(own) or 'no key of its own'}"
            )
            yield Fault(path=(*path, key), message=message, on_key=True)


def _table_faults(
    holder: Path, tables: tuple[Table, ...], is_undecided: IsUndecided
) -> Iterator[Fault]:
    for i, table in enumerate(tables):
        for event, anchor in table.anchors.items():
            if not isinstance(anchor, AnchorField):
                continue
            path = (*holder, "tables", i, "anchors", event)
            if anchor.format not in DATE_FORMATS and not DATE_PARTS.search(anchor.format):
                words = 'is no form of a date; write iso, epoch_s, epoch_ms, or such as "%d/%m/%Y"'
                yield Fault(path=(*path, "format"), message=f"{shown(anchor.format)} {words}")
            for key in ("key", "references") if anchor.table else ():
                if not getattr(anchor, key) and not is_undecided((*path, key)):
                    message = f"{key} is missing: an anchor in another table needs it"
                    yield Fault(path=path, message=message)


def _is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
