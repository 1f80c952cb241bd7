"""The demonstration: a small site and its third parties, played on this machine.

What is played are files, one folder for each host, in `examples/reach4help/site`; a wheel carries
a copy. `answers` says what a host answers, `server` says it over TLS under the real names.
`stored` makes a database and an export, of people who do not exist.
"""

from pathlib import Path

from auditor.demo.server import Asked, Demo, serve

__all__ = ["Asked", "Demo", "example_policy", "example_stores", "serve", "site_folder"]

_PACKED = Path(__file__).parent / "reach4help"  # only in a wheel
_CHECKOUT = Path(__file__).parents[2]


def site_folder() -> Path:
    """Return the folder of the hosts that are played."""
    return (_PACKED if _PACKED.is_dir() else _CHECKOUT / "examples" / "reach4help") / "site"


def example_stores() -> Path:
    """Return what the policy of the demonstration says of stores."""
    return (_PACKED if _PACKED.is_dir() else _CHECKOUT / "examples" / "reach4help") / "stores.yaml"


def example_policy() -> Path:
    """Return what the site is audited against: this project's policy.yaml, seen from here."""
    path = (_PACKED if _PACKED.is_dir() else _CHECKOUT) / "policy.yaml"
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
