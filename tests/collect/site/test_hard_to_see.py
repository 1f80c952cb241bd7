"""Ways in which a page does something that is easily missed: it is seen, or it is a gap."""

import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from auditor.collect.site.plan import Network
from auditor.collect.site.planning import Looking
from auditor.collect.site.visit import visit_sites
from auditor.evidence import CookieSet, FormSeen, RequestSent, SiteEvidence, StorageKept
from auditor.testing import policy

SANDBOX = hasattr(os, "geteuid") and os.geteuid() != 0

TRACK = "document.cookie = 'tracker=1; max-age=9999999'"
SCRIPTS = {
    "behind a stream": f"""new EventSource("/stream");
        setTimeout(() => fetch("/ok").then(() => setTimeout(() => {{ {TRACK} }}, 1000)), 2000)""",
    "after a database": f"""setTimeout(() => {{ indexedDB.open("d").onsuccess = () =>
        setTimeout(() => {{ {TRACK} }}, 1000) }}, 2000)""",
    "a name cut in two": f"""const half = "d\\ud800"; setTimeout(() =>
        {{ indexedDB.open(half); localStorage.setItem(half, "1"); {TRACK} }}, 3000)""",
    "written twice": """document.cookie = "tracker=1";
        navigator.serviceWorker.register("/worker.js");""",
}
GAPS = {
    "a slow host": "fetch('http://slow.other.localhost:PORT/never', {mode: 'no-cors'})",
    "a window": "window.open('/window', '_blank', 'noopener')",
    "files": "navigator.storage.getDirectory().then((d) => d.getFileHandle('id', {create: true}))",
    "its own script": "document.body.append(Object.assign(document.createElement('script'), "
    "{src: '/refused.js'}))",
}
FORM = """<form action="http://["><select name=method></select><input name=elements type=password>
</form><iframe src="http://x.other.localhost:PORT/ok"></iframe>"""
PAGE = "<!doctype html><title>Page</title><p>Hello</p>{}<script>{}</script>"
WORKER = """cookieStore.set({ name: "tracker", value: "1", expires: Date.now() + 3e9 });"""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path in {"/never", "/stream"}:
            if path == "/stream":
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                self.wfile.flush()
            _DONE.wait(30)
            return
        name = path.removeprefix("/case/").replace("-", " ")
        script = SCRIPTS.get(name) or GAPS.get(name)
        text = PAGE.format(FORM if name == "a clobbered form" else "", script or "")
        kind = "text/html"
        if path == "/worker.js":
            text, kind = WORKER, "text/javascript"
        body = text.replace("PORT", str(self.connection.getsockname()[1])).encode()
        self.send_response(403 if path == "/refused.js" else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


_DONE = Event()


@pytest.fixture(scope="module")
def home() -> Iterator[str]:
    """Return the address of a server with one page for each case."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://shop.localhost:{server.server_address[1]}/"
    _DONE.set()
    server.shutdown()
    server.server_close()
    thread.join()


def visited(home: str, case: str) -> SiteEvidence:
    """Visit the page of one case."""
    start = f"/case/{case.replace(' ', '-')}"
    crawl = f"crawl: {{start: ['{start}'], max_pages: 1}}"
    text = f"sites: [{{id: www, url: '{home}', consent: {{banner: none}}, {crawl}}}]"
    return visit_sites(policy(text).sites, Looking(network=Network(sandbox=SANDBOX)))[0]


@pytest.mark.parametrize("case", SCRIPTS)
def test_it_is_seen_with_its_lifetime(home: str, case: str) -> None:
    """A cookie that comes late, or by two ways, is told with the longest life it has."""
    seen = visited(home, case)
    lives = [
        item.lifetime or 0
        for item in seen.observations
        if isinstance(item, CookieSet) and item.name == "tracker"
    ]
    assert lives
    assert max(lives) > 1_000_000


@pytest.mark.parametrize("case", GAPS)
def test_what_cannot_be_seen_is_a_gap(home: str, case: str) -> None:
    """What nobody looks at, or what did not come, is said."""
    assert visited(home, case).gaps


def test_a_form_whose_fields_are_called_as_its_properties(home: str) -> None:
    """It is told all the same, and no frame stands in for the page."""
    seen = visited(home, "a clobbered form")
    (form,) = (item for item in seen.observations if isinstance(item, FormSeen))
    assert form.fields == ("select::method", "password::elements")
    (page,) = seen.pages
    assert page.links == ()


def test_a_name_cut_in_two(home: str) -> None:
    """A name that is no text is told as far as it is one, also of what comes late."""
    seen = visited(home, "a name cut in two")
    kept = {item.storage for item in seen.observations if isinstance(item, StorageKept)}
    assert kept == {"indexed_db", "local_storage"}
    assert seen.gaps == ()


def test_a_plain_page_has_no_gap(home: str) -> None:
    """None of this makes a gap of a page that does nothing."""
    seen = visited(home, "plain")
    assert seen.gaps == ()
    assert not any(isinstance(item, CookieSet | StorageKept) for item in seen.observations)
    assert any(isinstance(item, RequestSent) for item in seen.observations)
