"""What source files name, at which line; whatever they hold, reading them never fails."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.code.collecting import LARGEST, collect_code
from auditor.collect.code.headers import read_headers
from auditor.collect.code.manifests import reader_of
from auditor.collect.code.markup import read_markup
from auditor.collect.code.scripts import read_script
from auditor.collect.code.styles import read_styles
from auditor.errors import UsageError
from auditor.evidence import CodeEvidence, Evidence, Reason, Tool, decode, encode
from auditor.knowledge.catalogue import services
from auditor.policy import Code

Told = list[tuple[str, str, int, int]]


def markup(text: str) -> Told:
    """Return what a page names: name, how, line, column."""
    return [(one.name, one.how, one.line, one.column) for one in read_markup(text.encode())[0]]


def script(text: str) -> Told:
    """Return what a script names."""
    places, _ = read_script(text.encode(), "tsx")
    return [(one.name, one.how, one.line, one.column) for one in places]


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://t.example/x.js"></script>',
        "<script async src=//t.example/x.js></script>",
        '<iframe src="https://t.example/"></iframe>',
        '<img srcset="/a.png 1x, https://t.example/b.png 2x">',
        '<link rel="dns-prefetch" href="//t.example">',
        '<form action="https://t.example/in">',
        '{% if x %}<img src="https://t.example/{{ id }}.png">{% endif %}',
        '<meta http-equiv="Content-Security-Policy" content="script-src https://t.example">',
        '<script type="importmap">{"imports": {"a": "https://t.example/a.js"}}</script>',
        '<script>fetch("https://t.example/x")</script>',
        "<style>@import url(https://t.example/f.css);</style>",
        '<p style="background: url(//t.example/b.png)">x</p>',
        '<a href="https://link.example/" ping="https://t.example/p">x</a>',
        '<script>load("https:\\/\\/t.example\\/x.js")</script>',
        '<img {{#if x}}src="https://t.example/a.png"{{/if}}>',
        '<% if (a < b) { %><img src="https://t.example/a.png"><% } %>',
        "<template><img :src=\"'https://t.example/v.png'\"></template>",
    ],
)
def test_what_pages_load(text: str) -> None:
    """Each is one host, at its line."""
    (found,) = markup(f"<!doctype html>\n{text}\n")
    assert (found[0], found[2]) == ("host:t.example", 2)


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://t.example/">link</a>',
        '<link rel="canonical" href="https://t.example/">',
        "<!-- <script src='https://t.example/'></script> -->",
        "<p>https://t.example/</p>",
        '<img src="/own.png"><img src="data:,"><img src="http://localhost:3000/x">',
        '<script>// https://t.example/\n/* "https://t.example/" */</script>',
        '<script type="application/ld+json">{"url": "https://t.example/"}</script>',
    ],
)
def test_what_nobody_loads(text: str) -> None:
    """Links, comments, texts, and what is on this machine."""
    assert markup(text) == []


def test_the_script_before_an_astro_page() -> None:
    """It is one, at its lines; other front matter is none."""
    page = '---\nimport x from "mixpanel-browser";\n---\n<p>x</p>'
    assert markup(page) == [("package:npm:mixpanel-browser", "dependency", 2, 15)]
    assert markup('---\ntitle: "https://t.example/"\n---\n<p>x</p>') == []


def test_scripts() -> None:
    """Calls, tags of JSX, imports, ids; a link is none."""
    text = """\
import { loadStripe } from "@stripe/stripe-js/pure";
const late = await import("mixpanel-browser");
new WebSocket("wss://live.example/");
element.src = `https://cdn.example/${name}.js`;
gtag("config", "G-ABCD1234");
const told = "https://text.example/";
const page = <div><iframe src="https://frame.example/"/><a href="https://link.example/">x</a></div>;
"""
    assert script(text) == [
        ("package:npm:@stripe/stripe-js", "dependency", 1, 28),
        ("package:npm:mixpanel-browser", "dependency", 2, 27),
        ("host:live.example", "call", 3, 15),
        ("host:cdn.example", "call", 4, 15),
        ("id:G-ABCD1234", "id", 5, 16),
        ("host:text.example", "text", 6, 14),
        ("host:frame.example", "tag", 7, 31),
    ]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("package.json", '{"dependencies": {\n"firebase": "1"}}', ("package:npm:firebase", 2)),
        ("requirements.txt", "# x\nStripe>=1 # pay\n", ("package:pypi:stripe", 1)),
        ("pyproject.toml", '[project]\ndependencies = ["stripe"]', ("package:pypi:stripe", 2)),
        ("composer.json", '{"require": {"a/b": "1"}}', ("package:composer:a/b", 1)),
        (
            "package-lock.json",
            '{"packages": {\n"node_modules/a/node_modules/stripe": {}, "node_modules/x": {}}}',
            ("package:npm:stripe", 2),
        ),
        (
            "yarn.lock",
            '# x\n"@sentry/react@^7":\n  version "7"\nleft-pad@1:\n',
            ("package:npm:@sentry/react", 2),
        ),
        (
            "uv.lock",
            '[[package]]\nname = "stripe"\n[[package]]\nname = "x"',
            ("package:pypi:stripe", 2),
        ),
        ("Cargo.lock", '[[package]]\nname = "sentry"', ("package:cargo:sentry", 2)),
        ("Gemfile", "source 'https://x'\n  gem 'stripe', '~> 1'\n", ("package:gem:stripe", 2)),
        (
            "Gemfile.lock",
            "GEM\n  specs:\n    stripe (1.0)\n      json\n",
            ("package:gem:stripe", 3),
        ),
        ("Cargo.toml", '[dependencies]\nsentry = "0"', ("package:cargo:sentry", 2)),
    ],
)
def test_manifests(name: str, text: str, found: tuple[str, int]) -> None:
    """A package, at its line."""
    read = reader_of(name)
    assert read
    (place,) = read(text)
    assert (place.name, place.line) == found


@pytest.mark.parametrize(
    "text",
    [
        '@import "https://t.example/a.css";',
        "@import url('//t.example/a.css') screen;",
        "@font-face { src: url( https://t.example/a.woff2 ) format('woff2') }",
    ],
)
def test_style_sheets(text: str) -> None:
    """What they fetch, at its line; comments and what is ours are none."""
    quiet = "/* url(https://no.example)\n*/ a { background: url(/own.png), url(data:,) }\n"
    found = [(one.name, one.line) for one in read_styles((quiet + text).encode())]
    assert found == [("host:t.example", 3)]


def test_headers() -> None:
    """The hosts that a policy allows, in whatever file it stands."""
    text = "/*\n  Content-Security-Policy: default-src 'self'; img-src data: *.t.example https://u.example/x\n"
    assert [(one.name, one.line) for one in read_headers(text.encode())] == [
        ("host:t.example", 2),
        ("host:u.example", 2),
    ]


@given(data=st.binary(max_size=400), text=st.text(max_size=400))
def test_nothing_makes_it_fail(data: bytes, text: str) -> None:
    """Whatever bytes a file holds."""
    for each in (data, text.encode("utf-8", "surrogatepass")):
        read_markup(each)
        read_script(each, "tsx")
        read_script(each, "javascript")
        list(read_headers(each))
        list(read_styles(each))


@given(before=st.text("<>\"'=/ \nabc{}%", max_size=60))
def test_a_tag_is_found_behind_anything_closed(before: str) -> None:
    """What stands before it as text does not hide it."""
    quiet = before.replace("<", "").replace("{", "").replace("%", "")
    found = markup(f'<p>{quiet}</p>\n<script src="https://t.example/x.js"></script>')
    assert [one[0] for one in found] == ["host:t.example"]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., CodeEvidence]:
    """Return what writes files and reads them as the code scope does."""

    def run(
        files: dict[str, bytes | str], since: str = "", **about: tuple[str, ...]
    ) -> CodeEvidence:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return collect_code(Code(**about), str(tmp_path), since, lambda *_: None)  # type: ignore[arg-type]

    return run


TAG = '<script src="https://t.example/x.js"></script>\n'


def test_which_files_are_read(read: Callable[..., CodeEvidence], tmp_path: Path) -> None:
    """Not what is excluded, nor what others brought, nor through a link that leads out."""
    (tmp_path.parent / "outside.html").write_text(TAG)
    (tmp_path / "link.html").symlink_to(tmp_path.parent / "outside.html")
    files = dict.fromkeys(("a.html", "node_modules/b.html", "old/c.html", "notes.txt"), TAG)
    seen = read(files, exclude=("old",))
    assert [one.file for one in seen.mentions] == ["a.html"]
    assert (seen.files, seen.is_looked_at) == (1, True)
    assert [(gap.what, gap.reason) for gap in seen.gaps] == [("link.html", Reason.FORBIDDEN)]
    assert [one.file for one in read({}, paths=("old",)).mentions] == ["old/c.html"]


def test_a_path_at_which_nothing_is_read(read: Callable[..., CodeEvidence]) -> None:
    """A folder that moved away is no code without third parties."""
    seen = read({"docs/a.txt": "x", "src/b.html": TAG}, paths=("docs", "src", "gone"))
    assert [(gap.what, gap.reason) for gap in seen.gaps] == [
        ("docs", Reason.NOT_IN_EVIDENCE),
        ("gone", Reason.NOT_IN_EVIDENCE),
    ]
    assert read({"src/b.html": TAG}, paths=("src/", "./src/b.html")).gaps == ()


def test_a_repository_within(read: Callable[..., CodeEvidence], tmp_path: Path) -> None:
    """Nobody reads it from outside; git lists it as one name."""
    for folder in (tmp_path, tmp_path / "theme"):
        folder.mkdir(exist_ok=True)
        subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)  # noqa: S607
    seen = read({"a.html": TAG, "theme/b.html": TAG})
    assert [one.file for one in seen.mentions] == ["a.html"]
    assert [gap.what for gap in seen.gaps] == ["theme/"]


def test_who_is_behind_it(read: Callable[..., CodeEvidence]) -> None:
    """The catalogue says it, for hosts, packages and ids; tests are marked."""
    manifest = json.dumps({"dependencies": {"firebase": "1"}, "devDependencies": {"stripe": "1"}})
    page = "<script>gtag('js', 'G-ABCD1234')</script>"
    seen = read({"package.json": manifest, "page.html": page, "tests/page.html": TAG})
    assert {name: behind.service for name, behind in seen.behind.items()} == {
        "package:npm:firebase": "firebase",
        "package:npm:stripe": "stripe",
        "id:G-ABCD1234": "google-analytics",
    }
    assert seen.domains == {"t.example": "t.example"}
    aside = {one.name for one in seen.mentions if one.while_developing}
    assert aside == {"package:npm:stripe", "host:t.example"}


def test_what_cannot_be_read_is_a_gap(read: Callable[..., CodeEvidence]) -> None:
    """Too large, or not understood: said with the file's name."""
    seen = read({"big.js": b" " * (LARGEST + 1), "broken.ts": "const = ;", "package.json": "{"})
    assert [(gap.what, gap.reason) for gap in seen.gaps] == [
        ("big.js", Reason.CAP_REACHED),
        ("broken.ts", Reason.NOT_VERIFIED),
        ("package.json", Reason.NOT_VERIFIED),
    ]


def test_odd_names_stay_readable(read: Callable[..., CodeEvidence], tmp_path: Path) -> None:
    """A name that is no text, endless addresses and packages: the evidence can be read back."""
    odd = os.fsencode(str(tmp_path)) + b"/\xff.html"
    with open(odd, "wb") as file:  # noqa: PTH123 -- a name that is no text
        file.write(TAG.encode())
    text = f'import "{"a" * 5000}"; fetch("https://t.example/{"b" * 5000}")'
    seen = read({"a.js": text})
    assert {one.file for one in seen.mentions} == {"\\xff.html", "a.js"}
    bundle = Evidence(tool=Tool(name="test", version="1"), code=(seen,))
    assert decode(encode(bundle), "evidence.json") == bundle


def test_since_a_revision(read: Callable[..., CodeEvidence], tmp_path: Path) -> None:
    """Only lines that are new, those of files that git does not know too."""

    def git(*words: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True)  # noqa: S603, S607

    git("init", "--quiet")
    read({"old.html": TAG})
    git("add", ".")
    git("commit", "--quiet", "--message=before")
    assert read({}, since="HEAD").mentions == ()
    more = TAG.replace("t.example", "new.example")
    seen = read({"old.html": TAG + more, "fresh.html": TAG}, since="HEAD")
    assert [(one.file, one.name, one.line) for one in seen.mentions] == [
        ("fresh.html", "host:t.example", 1),
        ("old.html", "host:new.example", 2),
    ]
    assert seen.since == "HEAD"
    with pytest.raises(UsageError, match="nowhere"):
        read({}, since="nowhere")


def test_the_catalogue_knows_packages() -> None:
    """Each is of one service only, and says of which registry it is."""
    names = [name for service in services().values() for name in service.packages]
    assert len(names) == len(set(names)) > 60
    assert {name.partition(":")[0] for name in names} <= {
        "npm",
        "pypi",
        "composer",
        "cargo",
        "gem",
    }
