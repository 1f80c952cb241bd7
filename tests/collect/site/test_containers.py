"""Containers of tag managers: what they say that they may load, however they are written."""

import json

from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.site.containers import tell_tags
from auditor.collect.site.said import Missed, Said, Saw
from auditor.collect.site.story import Story
from auditor.evidence import State, TagsListed

GTM = "https://www.googletagmanager.com/gtm.js?id=GTM-ABC123&l=dataLayer"
HTML = """<script>// the chat. of course
var s = document.createElement("script"); s.src = "https://cdn.chat.example.com/w.js";
</script><svg xmlns="http://www.w3.org/2000/svg"></svg>"""
TAGS = [
    {"function": "__html", "vtp_html": HTML, "tag_id": 3},
    {"function": "__html", "vtp_html": ["template", "<img src='//px.", "ads.example.com/'>"]},
    {"function": "__img", "vtp_url": ["template", "//px.pixel.example.net/p?x=", ["macro", 1]]},
    {"function": "__cvt_123_4", "vtp_to": "https://api.custom.example.org:8443/collect"},
    {"function": "__gaawe", "vtp_measurementIdOverride": "https://not.code.example.com/"},
    {"function": "__odd thing"},
    {"function": "__zone"},
    "no tag",
]


def body(tags: object) -> str:
    """Return a container's script, as such scripts begin and end."""
    resource = {"version": "4", "macros": [{"function": "__e"}], "tags": tags, "rules": []}
    return f'(function(){{var data = {{\n"resource": {json.dumps(resource)},\n"runtime":[]}};}})()'


def told(text: str, url: str = GTM) -> list[Said]:
    """Return what is told of a script."""
    said: list[Said] = []
    tell_tags(Story(said.append, State.BEFORE, 100), text, url, "https://shop.example/")
    return said


def test_tags_and_hosts_are_listed() -> None:
    """Kinds in the manager's words; hosts of what people wrote themselves, and no others."""
    (one,) = told(body(TAGS))
    assert isinstance(one, Saw)
    seen = one.seen
    assert isinstance(seen, TagsListed)
    assert (seen.container, seen.page) == ("GTM-ABC123", "https://shop.example/")
    assert seen.tags == (
        "Google Analytics 4 event",
        "__zone",
        "custom HTML",
        "custom image",
        "custom template",
        "unknown",
    )
    assert seen.hosts == ("api.custom.example.org", "cdn.chat.example.com", "px.pixel.example.net")


def test_a_container_under_another_name() -> None:
    """One that a site serves itself is known by its shape; of its id nobody knows."""
    (one,) = told(body(TAGS[:1]), "https://shop.example/metrics.js")
    assert isinstance(one, Saw)
    assert isinstance(one.seen, TagsListed)
    assert one.seen.container == "unnamed"


def test_a_container_that_cannot_be_read_is_a_gap() -> None:
    """Broken, too deep, or of another shape: never silence."""
    for text in ('"resource": {', '"resource": []', body({}), body("["), "[" * 100_000):
        assert [type(one) for one in told(text)] == [Missed], text[:50]
    deep = '"resource": {"tags": ' + "[" * 100_000
    assert [type(one) for one in told(deep)] == [Missed]


def test_other_scripts_are_no_containers() -> None:
    """A script with such a word in it, or Google's other scripts, say nothing."""
    assert told('{"resource": {"name": "x"}}', "https://shop.example/app.js") == []
    assert told("", "https://www.googletagmanager.com/ns.html?id=GTM-ABC123") == []
    assert told("window.dataLayer = [];") == []


@given(st.text(max_size=300), st.recursive(st.text(), st.lists, max_leaves=20))
def test_whatever_it_holds_it_is_read_or_told(text: str, value: object) -> None:
    """Nothing in a container raises, and each is an observation or a gap."""
    assert told(f'"resource": {text}')
    assert told(body([{"function": "__html", "vtp_html": value}]))
