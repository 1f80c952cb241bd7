from inline_snapshot import snapshot
from msgspec import structs

from auditor.evidence import FormSeen, Gap, Reason, SiteEvidence, State, ValueShape
from auditor.example import HOME, cookie, kept, page, request, secret, sent
from auditor.inspect.inventory import inventory_of
from auditor.inspect.markdown import render_markdown
from auditor.inspect.terminal import render_terminal
from auditor.report.safe import code
from auditor.testing import site

TAG = "https://t.example.net/t.js"
HOSTILE = "a|b`c\x1b[31m<script>"


def seen() -> SiteEvidence:
    """Return evidence with one of each kind."""
    told = site(
        page(links=(f"{HOME}donate",)),
        page(f"{HOME}donate"),
        request(HOME, resource="document"),
        request(f"{HOME}donate", resource="document", redirected_from=f"{HOME}give", page=HOME),
        request(TAG, resource="script", by=HOME),
        request(
            "https://px.example.com/p.gif",
            resource="image",
            by=TAG,
            status=None,
            failed="net::ERR_FAILED",
        ),
        cookie("session", same_site="Lax", value=ValueShape(length=4)),
        cookie("_tag", writer="t.example.net", by=TAG, lifetime=63_072_000, http_only=False),
        cookie("x", refused="SameSite=None without Secure", secure=False, http_only=False),
        sent("seen", page=f"{HOME}donate"),
        kept("theme", value=ValueShape(length=4)),
        kept(HOSTILE, writer="t.example.net", by=TAG, value=ValueShape(length=9)),
        kept("db", storage="indexed_db", value=ValueShape(length=0)),
        FormSeen(
            page=f"{HOME}donate",
            action="https://pay.example.com/go",
            method="POST",
            fields=("email:email:mail", "text::amount"),
        ),
        secret("Stripe secret key"),
    )
    gap = Gap(
        what=f"{HOME}slow",
        reason=Reason.TIMEOUT,
        needs="a page that loads within 20 seconds",
        state=State.BEFORE,
    )
    return structs.replace(told, gaps=(gap,))


def test_the_whole_summary_at_a_terminal() -> None:
    """Every kind has its table, nothing a page says steers the terminal, gaps come last."""
    text = render_terminal(inventory_of(seen()), colour=False, width=98)
    assert text == snapshot("""\
https://example.org/  incomplete: 1 gap
seen 2026-01-15 12:00 UTC by a new visitor who chose nothing · 2 pages · 3 hosts, 2 of third
  parties · 3 cookies kept

pages (2)
  page     status    redirected from
  /        200
  /donate  200       /give

hosts (3)
  host            whose        requests    TLS                      for       started by
  example.org     the site     2           none                     document
  px.example.com  example.com  1           failed: net::ERR_FAILED  image     t.example.net
  t.example.net   example.net  1           none                     script    example.org

cookies (4)
  cookie    of           written by     kept for           attributes                      seen on
  _tag      example.org  t.example.net  2 years            may be an id, Secure            /
  seen      example.org  not seen       not seen                                           /donate
  session   example.org  example.org    session            Secure, HttpOnly, SameSite=Lax  /
  x         example.org  example.org    session, not kept  may be an id                    /

local storage (2)
  name                     of           written by     value         seen on
  a|b`c\\u001b[31m<script>  example.org  t.example.net  9 characters  /
  theme                    example.org  example.org    4 characters  /

IndexedDB (1)
  name    of           written by    value    seen on
  db      example.org  example.org            /

forms (1)
  on       sent to                     method    fields (kind, autocomplete, name)
  /donate  https://pay.example.com/go  POST      email:email:mail, text::amount

keys that are meant to be secret (1)
  key                in
  Stripe secret key  /app.js

none seen  session storage, caches, service workers

gap  https://example.org/slow: did not answer in time
     needs  a page that loads within 20 seconds
""")


def test_who_is_behind_it_is_told() -> None:
    """The service in place of the domain; where only the name points to it, it says so."""
    told = inventory_of(
        site(
            request("https://client.crisp.chat/l.js"),
            request("https://www.google.com/recaptcha/api.js"),
            request("https://www.google.com/maps/embed"),
            cookie("_ga"),
            cookie("_fbp", writer="connect.facebook.net"),
        )
    )
    text = render_terminal(told, colour=False, width=160)
    for line in (
        "client.crisp.chat  Crisp       ",
        "www.google.com     Google LLC ",
        "_fbp      example.org  connect.facebook.net (Meta (Facebook)) ",
        "_ga       example.org  example.org (name matches Google Analytics) ",
    ):
        assert line in text


def test_it_fits_a_narrow_terminal() -> None:
    """Columns are left out, then texts are shortened; only words of ours may stand out."""
    text = render_terminal(inventory_of(seen()), colour=False, width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert "attributes" not in text
    assert "_tag" in text


def test_colours_are_asked_for() -> None:
    """Without them there is no escape sequence, with them only ours."""
    assert "\x1b" not in render_terminal(inventory_of(seen()), colour=False)
    coloured = render_terminal(inventory_of(seen()), colour=True)
    assert "\x1b[1;33mincomplete: 1 gap\x1b[0m" in coloured
    assert "\x1b[31m" not in coloured


def test_complete_and_empty() -> None:
    """Where nothing is missing it says so, and kinds that were not seen are named."""
    text = render_terminal(inventory_of(site(page(links=()))), colour=False)
    assert text.startswith("https://example.org/  complete\n")
    assert "none seen  hosts, cookies, local storage, session storage, IndexedDB" in text


def test_long_lists_are_cut_and_counted() -> None:
    """Of many rows the first are shown, and the number of the others."""
    many = site(page(), *(kept(f"key {number:03}") for number in range(60)))
    assert "\n  and 10 more\n" in render_terminal(inventory_of(many), colour=False)
    gaps = tuple(Gap(what=f"/{n}", reason=Reason.TIMEOUT, needs="x") for n in range(51))
    text = render_terminal(inventory_of(structs.replace(many, gaps=gaps)), colour=False)
    assert text.endswith("and 1 more gap (inventory.json)\n")


def test_the_summary_as_a_file() -> None:
    """The same as Markdown: what pages say is code, and the files are explained."""
    inventory = inventory_of(seen(), {"page-001-before.png": HOME})
    text = render_markdown(inventory, {"visit.har": "all requests"})
    assert text == snapshot("""\
# `https://example.org/`

**Incomplete: 1 gap.**

- seen 2026-01-15 12:00 UTC by a new visitor who chose nothing
- 2 pages
- 3 hosts, 2 of third parties
- 3 cookies kept
- screenshot `page-001-before.png`: `https://example.org/`

## Pages

| page | status | redirected from |
| --- | --- | --- |
| `/` | `200` |  |
| `/donate` | `200` | `/give` |

## Hosts

| host | whose | requests | TLS | for | started by |
| --- | --- | --- | --- | --- | --- |
| `example.org` | `the site` | `2` | `none` | `document` |  |
| `px.example.com` | `example.com` | `1` | `failed: net::ERR_FAILED` | `image` | `t.example.net` |
| `t.example.net` | `example.net` | `1` | `none` | `script` | `example.org` |

## Cookies

| cookie | of | written by | kept for | attributes | seen on |
| --- | --- | --- | --- | --- | --- |
| `_tag` | `example.org` | `t.example.net` | `2 years` | `may be an id, Secure` | `/` |
| `seen` | `example.org` | `not seen` | `not seen` |  | `/donate` |
| `session` | `example.org` | `example.org` | `session` | `Secure, HttpOnly, SameSite=Lax` | `/` |
| `x` | `example.org` | `example.org` | `session, not kept` | `may be an id` | `/` |

## Local storage

| name | of | written by | value | seen on |
| --- | --- | --- | --- | --- |
| `` a\\|b`c\\u001b[31m<script> `` | `example.org` | `t.example.net` | `9 characters` | `/` |
| `theme` | `example.org` | `example.org` | `4 characters` | `/` |

## Session storage

None seen.

## IndexedDB

| name | of | written by | value | seen on |
| --- | --- | --- | --- | --- |
| `db` | `example.org` | `example.org` |  | `/` |

## Caches

None seen.

## Service workers

None seen.

## Forms

| on | sent to | method | fields (kind, autocomplete, name) |
| --- | --- | --- | --- |
| `/donate` | `https://pay.example.com/go` | `POST` | `email:email:mail, text::amount` |

## Keys that are meant to be secret

| key | in |
| --- | --- |
| `Stripe secret key` | `/app.js` |

## What could not be seen

| what | why | needs |
| --- | --- | --- |
| `https://example.org/slow` | `did not answer in time` | `a page that loads within 20 seconds` |

## Files

- `visit.har`: all requests
""")


def test_code_that_holds_code() -> None:
    """Backticks and bars of a page neither end the code nor the cell."""
    assert code("a`b") == "`` a`b ``"
    assert code("a|b") == "`a\\|b`"
    assert code("") == ""
