"""Stores and accounts: the keys of the right connector, no secrets, readable dates."""

# ruff: noqa: E501 -- a message is one line

from collections.abc import Callable

import pytest
from inline_snapshot import snapshot

MISTAKES = {
    "keys of another connector": (
        """\
accounts:
- {id: a, connector: slack, organization: reach4help}
- {id: b, connector: netlify, property: properties/1}
- {id: c, connector: imap, base: app1}
stores:
- {id: a, connector: sql, path: data}
- {id: b, connector: files, url: "sqlite:///a.db"}
""",
        snapshot("""\
policy.yaml:4:29: accounts[0].organization: belongs to github; slack has no key of its own
policy.yaml:5:31: accounts[1].property: belongs to google_analytics; netlify has site
policy.yaml:6:28: accounts[2].base: belongs to airtable; imap has host and user
policy.yaml:8:27: stores[0].path: belongs to files; sql has url
policy.yaml:9:29: stores[1].url: belongs to sql; files has path\
"""),
    ),
    "credentials to somebody else": (
        """\
accounts:
- {id: a, base_url: "https://api.example.com"}
- {id: b, base_url: "http://localhost.example.com:8080/"}
- {id: c, base_url: "http://10.0.0.1/"}
- {id: d, base_url: "http://[::1/"}
- {id: e, base_url: "http://localhost:port/"}
""",
        snapshot("""\
policy.yaml:4:21: accounts[0].base_url: "https://api.example.com" would receive the credentials: in the file only this machine's own address is allowed; for any other use --account-url
policy.yaml:5:21: accounts[1].base_url: "http://localhost.example.com:8080/" would receive the credentials: in the file only this machine's own address is allowed; for any other use --account-url
policy.yaml:6:21: accounts[2].base_url: "http://10.0.0.1/" would receive the credentials: in the file only this machine's own address is allowed; for any other use --account-url
policy.yaml:7:21: accounts[3].base_url: "http://[::1/" would receive the credentials: in the file only this machine's own address is allowed; for any other use --account-url
policy.yaml:8:21: accounts[4].base_url: "http://localhost:port/" would receive the credentials: in the file only this machine's own address is allowed; for any other use --account-url\
"""),
    ),
    "password": (
        """\
stores:
- {id: a, connector: sql, url: "postgresql://me:s3cret@db.example/app"}
- {id: b, connector: sql, url: "postgresql://db.example/app?user=me&password=s3cret"}
- {id: c, connector: sql, url: "host=db Password = s3cret"}
""",
        snapshot("""\
policy.yaml:4:32: stores[0].url: holds a password; keep it out of the file: url: {env: NAME}
policy.yaml:5:32: stores[1].url: holds a password; keep it out of the file: url: {env: NAME}
policy.yaml:6:32: stores[2].url: holds a password; keep it out of the file: url: {env: NAME}\
"""),
    ),
    "periods without categories": (
        "processing_activities: [{id: a, retention: [{period: P1M, data_categories: [user]}, {period: P1Y}]}]",
        snapshot(
            "policy.yaml:3:85: processing_activities[0].retention[1]: in a list of periods each one names its data_categories"
        ),
    ),
    "anchors": (
        """\
stores:
- id: app
  connector: sql
  tables:
  - name: users
    anchors:
      created: {field: at, format: dd/mm/yyyy}
      last_used: {field: at, table: visits, key: id}
""",
        snapshot("""\
policy.yaml:9:36: stores[0].tables[0].anchors.created.format: "dd/mm/yyyy" is no form of a date; write iso, epoch_s, epoch_ms, or such as "%d/%m/%Y"
policy.yaml:10:18: stores[0].tables[0].anchors.last_used: references is missing: an anchor in another table needs it\
"""),
    ),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(refusal: Callable[[str], str], text: str, said: str) -> None:
    """A store or an account that cannot be read, or not safely, is refused."""
    assert refusal(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "accounts: [{id: a, base_url: 'http://localhost:8080/'}]",
        "accounts: [{id: a, base_url: 'http://127.0.0.2/v1'}]",
        "accounts: [{id: a, base_url: 'http://[::1]:8080/'}]",
        "accounts: [{id: a, connector: imap, host: imap.example.org, user: audit}]",
        "stores: [{id: a, connector: sql, url: 'postgresql://reader@db.example:5432/app'}]",
        "stores: [{id: a, connector: firestore, project: p, credentials: {env: KEY}}]",
    ],
)
def test_own_keys(accepted: Callable[[str], object], text: str) -> None:
    """Each connector takes its own keys, emulators on this machine, and names without passwords."""
    assert accepted(text)
