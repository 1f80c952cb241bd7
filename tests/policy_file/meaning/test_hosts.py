"""Hosts: readable, owned by one, and never a place where everybody can register."""

# ruff: noqa: E501 -- a message is one line

from collections.abc import Callable

import pytest
from inline_snapshot import snapshot

MISTAKES = {
    "two owners": (
        """\
processors:
- {id: a, domains: ["*.example.com", cdn.example.net]}
- {id: b, domains: ["*.EXAMPLE.com.", "cdn.example.net/b"]}
""",
        snapshot(
            'policy.yaml:5:21: processors[1].domains[0]: "*.EXAMPLE.com." also belongs to a (line 4); give it to one of them, or name a longer host or path'
        ),
    ),
    "two owners on one of their sites": (
        """\
sites: [{id: x, url: https://x.example}, {id: y, url: https://y.example}]
processors:
- {id: a, domains: [cdn.example.net], sites: [x]}
- {id: b, domains: [cdn.example.net], sites: [y]}
- {id: c, domains: [cdn.example.net], sites: [y]}
""",
        snapshot(
            'policy.yaml:7:21: processors[2].domains[0]: "cdn.example.net" also belongs to b (line 6); give it to one of them, or name a longer host or path'
        ),
    ),
    "public suffixes": (
        """\
processors:
- id: a
  domains: ["*.github.io", com, "*.co.uk", netlify.app, "*.github.io/path"]
device_storage: [{identifier: a, type: cookie, domains: [org]}]
sites:
- id: www
  url: https://example.org/
  first_party: [netlify.app]
  preview: {ignore_hosts: ["*.com"]}
""",
        snapshot("""\
policy.yaml:5:13: processors[0].domains[0]: "*.github.io" is a public suffix: below it everybody can register; write your own name, as in example.github.io
policy.yaml:5:28: processors[0].domains[1]: "com" is a public suffix: below it everybody can register; write your own name, as in example.com
policy.yaml:5:33: processors[0].domains[2]: "*.co.uk" is a public suffix: below it everybody can register; write your own name, as in example.co.uk
policy.yaml:5:44: processors[0].domains[3]: "netlify.app" is a public suffix: below it everybody can register; write your own name, as in example.netlify.app
policy.yaml:5:57: processors[0].domains[4]: "*.github.io/path" is a public suffix: below it everybody can register; write your own name, as in example.github.io
policy.yaml:6:58: device_storage[0].domains[0]: "org" is a public suffix: below it everybody can register; write your own name, as in example.org
policy.yaml:10:17: sites[0].first_party[0]: "netlify.app" is a public suffix: below it everybody can register; write your own name, as in example.netlify.app
policy.yaml:11:28: sites[0].preview.ignore_hosts[0]: "*.com" is a public suffix: below it everybody can register; write your own name, as in example.com\
"""),
    ),
    "no hosts": (
        'processors: [{id: a, domains: ["https://a.example/", "*", "a.*.example", "a..b", "a.example:443"]}]',
        snapshot("""\
policy.yaml:3:32: processors[0].domains[0]: "https://a.example/" is not a host; write the host alone: a.example
policy.yaml:3:54: processors[0].domains[1]: "*" is not a host; a * stands only for all that is below a host: *.example.org
policy.yaml:3:59: processors[0].domains[2]: "a.*.example" is not a host; a * stands only for all that is below a host: *.example.org
policy.yaml:3:74: processors[0].domains[3]: "a..b" is not a host; write a name between all dots, as in example.org
policy.yaml:3:82: processors[0].domains[4]: "a.example:443" is not a host; leave the port out: a.example\
"""),
    ),
    "path that is only an id": (
        "processors: [{id: a, domains: [a.example/3f2b8c1e-9d4a-4e6b-8f7a-1c2d3e4f5a6b]}]",
        snapshot(
            'policy.yaml:3:32: processors[0].domains[0]: "a.example/3f2b8c1e-9d4a-4e6b-8f7a-1c2d3e4f5a6b": the path is an id, and evidence keeps no ids: every other id would fit it too; name a path that stays the same'
        ),
    ),
    "first party with more than a host": (
        'sites: [{id: a, url: https://a.example, first_party: ["*.a.example", "b.example/shop"]}]',
        snapshot("""\
policy.yaml:3:55: sites[0].first_party[0]: "*.a.example" is more than a host; write a.example
policy.yaml:3:70: sites[0].first_party[1]: "b.example/shop" is more than a host; write b.example\
"""),
    ),
    "addresses without a readable host or port": (
        """\
sites:
- {id: a, url: "https://a..example/"}
- {id: b, url: "https://[::1/"}
- {id: c, url: "https://c.example:port/"}
- {id: d, url: "https://256.1.1.1/"}
notices: [{id: a, url: "https://-_-.example:99999/"}]
accounts: [{id: a, connector: imap, host: "imap..example"}]
""",
        snapshot("""\
policy.yaml:4:16: sites[0].url: "a..example" is not a host; write a name between all dots, as in example.org
policy.yaml:5:16: sites[1].url: the host or port cannot be read; write an address such as https://example.org/
policy.yaml:6:16: sites[2].url: the host or port cannot be read; write an address such as https://example.org/
policy.yaml:7:16: sites[3].url: "256.1.1.1" is not a host; write four numbers up to 255, as in 192.0.2.1
policy.yaml:8:24: notices[0].url: the host or port cannot be read; write an address such as https://example.org/
policy.yaml:9:43: accounts[0].host: "imap..example" is not a host; write a name between all dots, as in example.org\
"""),
    ),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(refusal: Callable[[str], str], text: str, said: str) -> None:
    """A host that cannot be read, or that cannot be told apart, is refused."""
    assert refusal(text) == said


@pytest.mark.parametrize(
    "domains",
    [
        '["*.example.com"], [cdn.example.com]',
        '["*.example.com"], [example.com]',
        "[example.com/a], [example.com/b]",
        "[reach4help.github.io], [github.io/a]",
        "[localhost], [192.0.2.1]",
    ],
)
def test_longest_wins(accepted: Callable[[str], object], domains: str) -> None:
    """Hosts that lie in one another are two owners' without being ambiguous."""
    first, second = domains.split(", ")
    assert accepted(f"processors: [{{id: a, domains: {first}}}, {{id: b, domains: {second}}}]")
