"""The fragments for a notice: whole outputs, and names that try to be markup."""

# ruff: noqa: E501 -- whole lines of what is written

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from markdown_it import MarkdownIt
from msgspec import structs
from selectolax.lexbor import LexborHTMLParser

from auditor.export import FORMATS, LANGUAGES, Wanted
from auditor.policy import Policy
from auditor.testing import policy

FRAGMENTS = ("cookie-table", "cookie-table-html", "processors", "processors-html")
HOSTILE = (
    "<script>alert(1)</script>",
    "a | b",
    "`code` *bold* _it_ [x](javascript:alert(1))",
    "![](https://evil.example/beacon.png)",
    "</table><img src=x onerror=alert(1)>",
    "--> <!-- ",
    "{{ site.secret }} {% include x %}",
    "https://evil.example www.evil.example @someone",
    "\\| back\\slash",
    "&lt;b&gt; &amp;",
    '" onmouseover="alert(1)',
)


def written(name: str, of: Policy, language: str = "en") -> str:
    """Return one fragment."""
    return FORMATS[name].render(Wanted(policy=of, language=language))


def named(text: str) -> Policy:
    """Return a policy in which everything that people name has this name."""
    plain = policy(
        "processors: [{id: x, name: x, domains: [x.example]}]\n"
        "device_storage: [{identifier: abc, type: cookie, set_by: x, description: x}]\n"
    )
    return structs.replace(
        plain,
        processors=(structs.replace(plain.processors[0], name=text),),
        device_storage=(
            structs.replace(plain.device_storage[0], identifier=text, description=text),
        ),
    )


def test_the_cookie_table(small: Policy) -> None:
    """Our own first, in words; what is not decided says so."""
    assert written("cookie-table", small) == snapshot("""\
<!-- written by audit export cookie-table from policy.yaml (sha256 29cfb4b81e35, with 5 TODO in it); change that, and run it again -->

| Name | Kind | From | What it is for | How long | Your choice |
| --- | --- | --- | --- | --- | --- |
| canvas | Read from your device | Lantern | Security | not kept, only read | only if you agree |
| session | Cookie | Lantern | TODO (not decided yet) | until you close the browser | only if you agree |
| theme | Local storage | Lantern | Extra features | until you delete it | only if you agree |
| \\_\\_stripe\\_mid | Cookie | Stripe | Detect fraud: Recognises a browser that paid | 1 year, from your last visit | needed for what you asked for |
""")


def test_the_cookie_table_as_html(small: Policy) -> None:
    """The same with a caption, and headings for each row and column."""
    assert written("cookie-table-html", small) == snapshot("""\
<!-- written by audit export cookie-table-html from policy.yaml (sha256 29cfb4b81e35, with 5 TODO in it); change that, and run it again -->
<table>
  <caption>What we keep on your device</caption>
  <thead>
    <tr>
      <th scope="col">Name</th>
      <th scope="col">Kind</th>
      <th scope="col">From</th>
      <th scope="col">What it is for</th>
      <th scope="col">How long</th>
      <th scope="col">Your choice</th>
    </tr>
  </thead>
  <tbody>
    <tr>
      <th scope="row">canvas</th>
      <td>Read from your device</td>
      <td>Lantern</td>
      <td>Security</td>
      <td>not kept, only read</td>
      <td>only if you agree</td>
    </tr>
    <tr>
      <th scope="row">session</th>
      <td>Cookie</td>
      <td>Lantern</td>
      <td>TODO (not decided yet)</td>
      <td>until you close the browser</td>
      <td>only if you agree</td>
    </tr>
    <tr>
      <th scope="row">theme</th>
      <td>Local storage</td>
      <td>Lantern</td>
      <td>Extra features</td>
      <td>until you delete it</td>
      <td>only if you agree</td>
    </tr>
    <tr>
      <th scope="row">__stripe_mid</th>
      <td>Cookie</td>
      <td>Stripe</td>
      <td>Detect fraud: Recognises a browser that paid</td>
      <td>1 year, from your last visit</td>
      <td>needed for what you asked for</td>
    </tr>
  </tbody>
</table>
""")


def test_the_processors(small: Policy) -> None:
    """Purposes and data are those of the activities that name them."""
    assert written("processors", small) == snapshot("""\
<!-- written by audit export processors from policy.yaml (sha256 29cfb4b81e35, with 5 TODO in it); change that, and run it again -->

| Recipient | Role | What it is for | Data | Where |
| --- | --- | --- | --- | --- |
| post: TODO (not decided yet) | TODO (not decided yet) | TODO (not decided yet) | Contact details | TODO (not decided yet) |
| [Stripe (Stripe Payments Europe, Limited)](<https://stripe.com/privacy>) | on our instructions | Provide the service | Contact details, Name | Ireland, United States (Standard contractual clauses: module 3) |
""")


def test_the_processors_as_html(small: Policy) -> None:
    """The same; the name leads to the processor's own notice."""
    assert written("processors-html", small) == snapshot("""\
<!-- written by audit export processors-html from policy.yaml (sha256 29cfb4b81e35, with 5 TODO in it); change that, and run it again -->
<table>
  <caption>Who handles your data for us</caption>
  <thead>
    <tr>
      <th scope="col">Recipient</th>
      <th scope="col">Role</th>
      <th scope="col">What it is for</th>
      <th scope="col">Data</th>
      <th scope="col">Where</th>
    </tr>
  </thead>
  <tbody>
    <tr>
      <th scope="row">post: TODO (not decided yet)</th>
      <td>TODO (not decided yet)</td>
      <td>TODO (not decided yet)</td>
      <td>Contact details</td>
      <td>TODO (not decided yet)</td>
    </tr>
    <tr>
      <th scope="row"><a href="https://stripe.com/privacy" rel="noreferrer">Stripe (Stripe Payments Europe, Limited)</a></th>
      <td>on our instructions</td>
      <td>Provide the service</td>
      <td>Contact details, Name</td>
      <td>Ireland, United States (Standard contractual clauses: module 3)</td>
    </tr>
  </tbody>
</table>
""")


@pytest.mark.parametrize("language", [pytest.param(one) for one in LANGUAGES if one != "en"])
def test_no_english_is_left(small: Policy, language: str) -> None:
    """In another language each cell of the table that we word differs from the English one."""
    ours = written("cookie-table", small, language).splitlines()[2:]
    english = written("cookie-table", small).splitlines()[2:]
    pairs = [
        (mine, theirs)
        for mine_line, their_line in zip(ours[2:], english[2:], strict=True)
        for mine, theirs in zip(mine_line.split("|")[4:7], their_line.split("|")[4:7], strict=True)
    ]
    assert [mine for mine, theirs in pairs if mine == theirs] == []


def test_french(small: Policy) -> None:
    """A whole line of each, as people read it."""
    cookies = written("cookie-table", small, "fr").splitlines()
    assert (cookies[0], cookies[-1]) == snapshot(
        (
            "<!-- written by audit export cookie-table --language fr from policy.yaml (sha256 29cfb4b81e35, with 5 TODO in it); change that, and run it again -->",
            "| \\_\\_stripe\\_mid | Cookie | Stripe | Détecter la fraude: Recognises a browser that paid | 1 an, depuis votre dernière visite | nécessaire à ce que vous demandez |",
        )
    )
    assert written("processors", small, "fr").splitlines()[-1] == snapshot(
        "| [Stripe (Stripe Payments Europe, Limited)](<https://stripe.com/privacy>) | sur nos instructions | Fournir le service | Coordonnées, Nom | Irlande, Etats-Unis (Clauses contractuelles types: module 3) |"
    )


@pytest.mark.parametrize("name", FRAGMENTS)
def test_nothing_declared_is_a_sentence(name: str) -> None:
    """A table without rows would look broken."""
    text = written(name, policy(""))
    assert "policy.yaml declares nothing here." in text
    assert "<table" not in text
    assert "| ---" not in text


@pytest.mark.parametrize("name", FRAGMENTS)
def test_the_order_of_the_policy_does_not_matter(name: str, small: Policy) -> None:
    """The table changes if a promise does, not if a line is moved."""
    turned = structs.replace(
        small,
        processors=small.processors[::-1],
        processing_activities=small.processing_activities[::-1],
        device_storage=small.device_storage[::-1],
    )
    assert written(name, turned) == written(name, small)


@pytest.mark.parametrize("name", ["cookie-table", "processors"])
@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_a_hostile_name_as_it_is(name: str, text: str) -> None:
    """No element but the table's own comes of it, and people read the very same characters."""
    made = written(name, named(text)).partition("\n")[2]
    page = LexborHTMLParser(MarkdownIt("commonmark").enable("table").render(made))
    assert tags(page) <= {"table", "thead", "tbody", "tr", "th", "td"}
    cells = page.css("td")
    assert len(cells) == (6 if name == "cookie-table" else 5)
    assert cells[0].text() == text.strip()


@pytest.mark.parametrize("name", ["cookie-table-html", "processors-html"])
@pytest.mark.parametrize("text", HOSTILE)
def test_html_shows_a_hostile_name_as_it_is(name: str, text: str) -> None:
    """Likewise; and no brace is left for the template language of a site generator."""
    made = written(name, named(text))
    page = LexborHTMLParser(made)
    assert tags(page) <= {"table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert page.css("tbody th")[0].text() == text.strip()
    assert not any(node.attributes.keys() - {"scope"} for node in page.css("table *"))
    assert "{" not in made


@given(text=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40))
def test_any_name_survives_markdown(text: str) -> None:
    """Whatever is written is what is read, in one cell."""
    made = written("cookie-table", named(text)).partition("\n")[2]
    page = LexborHTMLParser(MarkdownIt("commonmark").enable("table").render(made))
    assert len(page.css("td")) == 6
    if "::" not in text and "##" not in text:  # those are commands to CI systems, shown as escapes
        assert page.css("td")[0].text() == text


@pytest.mark.parametrize("name", ["processors", "processors-html"])
@pytest.mark.parametrize(
    "url", ["https://x.example/a>b", "https://x.example/a|b", 'https://x.example/"onclick="a']
)
def test_a_strange_address_is_no_link(name: str, url: str, small: Policy) -> None:
    """Only what cannot leave the link is one."""
    odd = structs.replace(
        small, processors=(structs.replace(small.processors[0], privacy_policy=url),)
    )
    assert "x.example" not in written(name, odd)


def test_the_comment_tells_the_policy_apart(small: Policy) -> None:
    """Another policy.yaml has another digest; the comment is one, whatever stands in it."""
    first = written("cookie-table", small).splitlines()[0]
    assert re.fullmatch(r"<!-- [^<>]*\(sha256 [0-9a-f]{12}, with 5 TODO in it\)[^<>]* -->", first)
    assert small.origin.sha256[:12] in first


def tags(page: LexborHTMLParser) -> set[str]:
    """Return the elements in the body."""
    assert page.body is not None
    return {node.tag or "" for node in page.body.css("*")} - {"body", "-text", "_comment"}
