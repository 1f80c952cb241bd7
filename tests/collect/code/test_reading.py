"""What source files name, at which line; whatever they hold, reading them never fails."""

import json
import os
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.code.collecting import LARGEST, collect_code
from auditor.collect.code.headers import read_headers
from auditor.collect.code.kinds import is_aside, readers_of
from auditor.collect.code.manifests import reader_of
from auditor.collect.code.markup import read_markup
from auditor.collect.code.scripts import read_script
from auditor.collect.code.styles import read_styles
from auditor.errors import UsageError
from auditor.evidence import CodeEvidence, Evidence, Reason, Tool, decode, encode
from auditor.knowledge.catalogue import services
from auditor.policy import Code

PROSE = """---
title: x
---

![x](https://t.example/a.png)

`<img src='https://no.example'>`

<iframe src='https://u.example/'></iframe>
"""
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
    "text",
    [
        'fetch("https://t.example/" + id)',
        'fetch("/x" + id); fetch(BASE || "https://t.example/")',
        "fetch(`${BASE}/x`); const BASE = 'https://t.example';",
        "fetch(new URL('/x', BASE)); const BASE = 'https://t.example';",
        'const at = "https://t.example/x";\naxios.get(at + "?a=1")',
        'const at = "https://t.example/";\nconst page = <img src={at} />;',
        'const page = <img src={"https://t.example/"} />;',
        'Sentry.init({ tracesSampleRate: 1, dsn: "https://t.example/1" });',
        'const options = { apiUrl: "https://t.example/" };\ncreateClient(options);',
        '$.ajax({ url: "https://t.example/" })',
        'one.setAttribute("src", "https://t.example/")',
        "document.write(\"<script src='https://t.example/'><\\/script>\")",
        'const page = `<p>${x}</p>\n<iframe src="https://t.example/"></iframe>`;',
    ],
)
def test_what_a_script_asks(text: str) -> None:
    """Through names, templates, settings, and markup that it writes."""
    ((name, how, line, _),) = script(text)
    assert (name, how in {"call", "tag"}) == ("host:t.example", True)
    assert "t.example" in text.splitlines()[line - 1]


@pytest.mark.parametrize(
    "text",
    [
        'fetch("/x", { headers: { referer: "https://t.example/" } })',
        'const at = "https://t.example/"; log(at)',
        'fetch("/go?to=" + "https://t.example/")',
        'location.href = "https://t.example/"',
        'one.setAttribute("href", "https://t.example/")',
    ],
)
def test_what_only_stands_in_a_script(text: str) -> None:
    """It is told, for whoever reads it: nobody knows that it is asked."""
    assert [one[:2] for one in script(text)] == [("host:t.example", "text")]


def test_scripts_in_attributes() -> None:
    """What a click asks."""
    page = "<p>x</p>\n<button onclick=\"fetch('https://t.example/')\">x</button>"
    assert [(one[0], one[1], one[2]) for one in markup(page)] == [("host:t.example", "call", 2)]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.py", 'import x\nx.get("https://t.example/")', [("host:t.example", "call", 2)]),
        ("a.py", 'x(1)\nAT = f"https://t.example/{x}"', [("host:t.example", "text", 2)]),
        ("a.py", '# https://t.example/\n"""https://u.example/"""', []),
        ("a.go", 'x, _ := http.Get("https://t.example/")', [("host:t.example", "call", 1)]),
        (
            "a.go",
            'http.NewRequest("GET", "https://t.example", nil)',
            [("host:t.example", "call", 1)],
        ),
        ("a.rb", "Net::HTTP.get(URI('https://t.example'))", [("host:t.example", "call", 1)]),
        ("a.java", 'new URL("https://t.example");', [("host:t.example", "call", 1)]),
        ("a.kt", 'val x = "https://t.example/$y"', [("host:t.example", "text", 1)]),
        ("a.swift", 'URL(string: "https://t.example/")!', [("host:t.example", "call", 1)]),
        ("a.cs", 'var x = $"https://t.example/{y}";', [("host:t.example", "text", 1)]),
        ("a.cs", 'var x = @"https://t.example";', [("host:t.example", "text", 1)]),
        ("a.rs", 'reqwest::get("https://t.example")', [("host:t.example", "call", 1)]),
        ("a.dart", "get(Uri.parse('https://t.example'))", [("host:t.example", "call", 1)]),
        (
            "a.php",
            "<img src='//u.example/'>\n<?php fopen('https://t.example'); // //x.example",
            [("host:u.example", "tag", 1), ("host:t.example", "call", 2)],
        ),
        (".env", "# https://no.example\nA=https://t.example", [("host:t.example", "text", 2)]),
        (
            "_config.yml",
            "a: 1\nanalytics: UA-12345-6\nb: 'https://t.example' # https://no.example",
            [("id:UA-12345-6", "id", 2), ("host:t.example", "text", 3)],
        ),
        ("hugo.toml", 'googleAnalytics = "G-ABCD1234"', [("id:G-ABCD1234", "id", 1)]),
        (
            "config/_default/params.toml",
            'x = "https://t.example"',
            [("host:t.example", "text", 1)],
        ),
        (
            "app.json",
            '{"https://no.example": "https://t.example"}',
            [("host:t.example", "text", 1)],
        ),
        ("other.json", '{"a": "https://t.example"}', []),
        (
            "post.md",
            PROSE,
            [("host:t.example", "tag", 5), ("host:u.example", "tag", 9)],
        ),
        ("README.md", "![x](https://no.example/a.png)", []),
        ("page.mdx", "# x\n\n![x](https://t.example/a.png)", [("host:t.example", "tag", 3)]),
    ],
)
def test_other_kinds(name: str, text: str, found: list[tuple[str, str, int]]) -> None:
    """Other languages, settings, and prose of which pages are made."""
    places = [place for read in readers_of(name) for place in read(text.encode())[0]]
    told: list[tuple[str, str, int]] = [(one.name, one.how, one.line) for one in places]
    assert told == found


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("tests/a.py", True),
        ("src/a.test.ts", True),
        ("app/test_x.py", True),
        ("x_test.go", True),
        (".env.example", True),
        (".env.production", False),
        ("src/latest.py", False),
        ("contests/a.py", False),
    ],
)
def test_what_is_aside(name: str, is_one: bool) -> None:
    """Tests and examples are not deployed."""
    assert is_aside(name) is is_one


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("package.json", '{"dependencies": {\n"firebase": "1"}}', ("package:npm:firebase", 2)),
        (
            "package.json",
            '{"keywords": ["stripe"],\n"devDependencies": {},\n"dependencies": {"stripe": "1"}}',
            ("package:npm:stripe", 3),
        ),
        ("requirements.txt", "# stripe\nStripe>=1 # pay\n", ("package:pypi:stripe", 2)),
        ("requirements/prod.txt", "-r base.txt\nstripe[x]==1\n", ("package:pypi:stripe", 2)),
        ("dev-requirements.in", "-e .\n\nstripe\n", ("package:pypi:stripe", 3)),
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
        (
            "pnpm-lock.yaml",
            "packages:\n\n  '@sentry/react@7.1.0(react@18.2.0)':\n    resolution: {}\n",
            ("package:npm:@sentry/react", 3),
        ),
        (
            "pnpm-lock.yaml",
            "packages:\n  /left-pad/1.0.0:\n  /stripe/8.1.0:\n    dev: false\n",
            ("package:npm:stripe", 3),
        ),
        ("Pipfile", '[packages]\nstripe = "*"\n', ("package:pypi:stripe", 2)),
        ("Pipfile.lock", '{"default": {\n"stripe": {}, "x": {}}}', ("package:pypi:stripe", 2)),
        (
            "composer.lock",
            '{"packages": [\n{"name": "stripe/stripe-php"}]}',
            ("package:composer:stripe/stripe-php", 2),
        ),
        (
            "pyproject.toml",
            "[tool.poetry.dependencies]\nstripe = '1'",
            ("package:pypi:stripe", 2),
        ),
        (
            "go.mod",
            "module x\n\nrequire (\n\tgithub.com/stripe/stripe-go/v76 v76.1.0\n)\n",
            ("package:go:github.com/stripe/stripe-go", 4),
        ),
        ("Cargo.toml", '[workspace.dependencies]\nsentry = "0"', ("package:cargo:sentry", 2)),
        ("Cargo.toml", '[dependencies]\nsentry = "0"', ("package:cargo:sentry", 2)),
    ],
)
def test_manifests(name: str, text: str, found: tuple[str, int]) -> None:
    """A package, at its line."""
    read = reader_of(PurePosixPath(name))
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
        for name in ("a.md", "a.py", "a.php", "a.go", ".env", "config.yml", "go.mod", "x.mdx"):
            for read in readers_of(name):
                with suppress(UnicodeDecodeError):
                    read(each)
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
        "go",
    }
