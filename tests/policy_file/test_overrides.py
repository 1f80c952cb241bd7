"""`--site-url`: the given host stands for the site's host, everywhere and nowhere else."""

# ruff: noqa: E501 -- a message is one line

from collections.abc import Callable

import pytest
from inline_snapshot import snapshot

from auditor.errors import UsageError
from auditor.matching import Declarations, Sight
from auditor.policy import Policy
from auditor.policy_file.overrides import with_site_url
from auditor.testing import site

Accepted = Callable[[str], Policy]
PREVIEW = "https://deploy-preview-7--reach.netlify.app/"
HOST = "deploy-preview-7--reach.netlify.app"
POLICY = """\
sites:
- {id: www, url: https://www.example.org/, first_party: [example.net]}
- {id: app, url: https://app.example.org/}
processors:
- {id: host, domains: ["*.example.org", other.example]}
- {id: shop, domains: [www.example.org/shop]}
- {id: apex, domains: [example.org]}
device_storage:
- {identifier: here, type: cookie, domains: [www.example.org]}
- {identifier: below, type: cookie, domains: ["*.example.org"]}
- {identifier: above, type: cookie, domains: [example.org]}
- {identifier: elsewhere, type: cookie, domains: [app.example.org, other.example]}
- {identifier: default, type: cookie}
- {identifier: shop, type: cookie, set_by: shop}
"""


def test_address(accepted: Accepted) -> None:
    """The site is looked at where it was told; both its hosts are ourselves, all else stays."""
    moved = with_site_url(accepted(POLICY), f"www={PREVIEW}")
    first, second = moved.sites
    assert first.url == PREVIEW
    assert first.first_party == ("example.net", HOST, "www.example.org")
    assert second == accepted(POLICY).sites[1]


def test_domains(accepted: Accepted) -> None:
    """Wherever `domains` cover the declared host, they cover the given one too."""
    moved = with_site_url(accepted(POLICY), f"www={PREVIEW}")
    assert {row.identifier: row.domains for row in moved.device_storage} == snapshot(
        {
            "here": ("www.example.org", "deploy-preview-7--reach.netlify.app"),
            "below": ("*.example.org", "deploy-preview-7--reach.netlify.app"),
            "above": ("example.org", "deploy-preview-7--reach.netlify.app"),
            "elsewhere": ("app.example.org", "other.example"),
            "default": (),
            "shop": (),
        }
    )
    assert {entry.id: entry.domains for entry in moved.processors} == snapshot(
        {
            "host": ("*.example.org", "other.example", "deploy-preview-7--reach.netlify.app"),
            "shop": ("www.example.org/shop", "deploy-preview-7--reach.netlify.app/shop"),
            "apex": ("example.org",),
        }
    )


@pytest.mark.parametrize("name", ["here", "below", "above", "default"])
def test_declared_cookies_stay_declared(accepted: Accepted, name: str) -> None:
    """A cookie of the declared host is the same cookie at the stand-in."""
    moved = with_site_url(accepted(POLICY), f"www={PREVIEW}")
    seen = site(url=PREVIEW)
    sight = Sight(type="cookie", name=name, domain=HOST, page=PREVIEW, writer=HOST)
    assert Declarations(moved, seen).match(sight).is_declared


def test_neighbours_stay_strangers(accepted: Accepted) -> None:
    """Other customers of the same hosting service are not ourselves."""
    moved = with_site_url(accepted(POLICY), f"www={PREVIEW}")
    declarations = Declarations(moved, site(url=PREVIEW))
    assert declarations.is_first_party(HOST)
    assert not declarations.is_first_party("other.netlify.app")
    assert not declarations.is_first_party("netlify.app")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://localhost:8080/", "localhost"),
        ("http://127.0.0.1:8080", "127.0.0.1"),
        ("http://[::1]:8080/", "::1"),
        ("https://WWW.Exämple.org/path?query", "www.xn--exmple-cua.org"),
    ],
)
def test_hosts(accepted: Accepted, url: str, host: str) -> None:
    """Machines and addresses stand in as well; names are normalised as browsers do."""
    moved = with_site_url(accepted(POLICY), f"www={url}")
    assert moved.sites[0].url == url
    assert host in moved.sites[0].first_party
    assert host in moved.device_storage[0].domains


def test_same_host(accepted: Accepted) -> None:
    """A stand-in at the declared host, such as another port, adds nothing to `domains`."""
    policy = accepted(POLICY)
    moved = with_site_url(policy, "www=https://www.example.org:8443/")
    assert [row.domains for row in moved.device_storage[:1]] == [("www.example.org",)]


REFUSED = {
    "no such site": (
        "shop=https://a.example",
        snapshot("--site-url shop: write ID=URL; sites in the policy: www, app"),
    ),
    "no address": ("www", snapshot("--site-url www: write ID=URL; sites in the policy: www, app")),
    "empty address": (
        "www=",
        snapshot("--site-url www: write ID=URL; sites in the policy: www, app"),
    ),
    "no scheme": (
        "www=a.example",
        snapshot("--site-url www: write the address with https://"),
    ),
    "scheme": ("www=ftp://a.example", snapshot("--site-url www: write the address with https://")),
    "no host": (
        "www=https:///path",
        snapshot(
            '--site-url www: "" is not a host; write a name between all dots, as in example.org'
        ),
    ),
    "host": (
        "www=https://a..example",
        snapshot(
            '--site-url www: "a..example" is not a host; write a name between all dots, as in example.org'
        ),
    ),
    "brackets": (
        "www=https://[::1",
        snapshot(
            "--site-url www: the host or port cannot be read; write an address such as https://example.org/"
        ),
    ),
    "port": (
        "www=https://a.example:x/",
        snapshot(
            "--site-url www: the host or port cannot be read; write an address such as https://example.org/"
        ),
    ),
    "password": (
        "www=https://me:s3cret@a.example/",
        snapshot(
            "--site-url www: leave name and password out; `access` in the policy names where they are"
        ),
    ),
    "password and scheme": (
        "www=ftp://me:s3cret@a.example/",
        snapshot("--site-url www: write the address with https://"),
    ),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_refused(accepted: Accepted, text: str, said: str) -> None:
    """What cannot be a site's address is refused, and no password is repeated."""
    with pytest.raises(UsageError) as caught:
        with_site_url(accepted(POLICY), text)
    assert str(caught.value) == said
