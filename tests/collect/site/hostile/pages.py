"""Hostile pages by the first label of their host, and by path below it."""

_SCRIPT = "<!doctype html><title>Page</title><p>hello there<script>{}</script>"
_AFTER = "addEventListener('load', () => setTimeout(() => {{ {} }}, 50))"


def _script(text: str) -> str:
    return _SCRIPT.format(text)


def _after(text: str) -> str:
    return _script(_AFTER.format(text))


PAGES: dict[str, str] = {
    "reload-loop": _script("document.cookie = 'again=1'; location.reload()"),
    "alert-loop": _script("while (1) alert(1)"),
    "alert-loop-later": _after("while (1) alert(1)"),
    "busy-loop-later": _after("while (1);"),
    "busy-loop-on-scroll": _script("addEventListener('scroll', () => { while (1); })")
    + "<div style='height: 9000px'>",
    "busy-loop-on-leaving": _script("addEventListener('pagehide', () => { while (1); })"),
    "busy-worker": _script(
        "new Worker(URL.createObjectURL(new Blob(['while (1);'])))",
    ),
    "hanging-part": "<title>Page</title><p>hello<img src=/never>",
    "beforeunload": _script("onbeforeunload = (e) => { e.preventDefault(); return 'stay' }"),
    "prompts": _script(
        """for (let i = 0; i < 5; i++) print();
        navigator.geolocation.getCurrentPosition(() => { document.title = 'granted' });
        Notification.requestPermission().then((a) => { if (a == 'granted') fetch('/granted') });
        navigator.mediaDevices?.getUserMedia({ audio: true }).then(() => fetch('/granted'));
        window.close(); confirm('?'); prompt('?')""",
    ),
    "event-stream": _script("new EventSource('/events')"),
    "request-flood": _script("setInterval(() => fetch('/x?' + Math.random()), 1)"),
    "popup-storm": _after("for (let i = 0; i < 60; i++) window.open('/window')"),
    "popup-storm/window": "<p>here",
    "frames-in-frames": "<p>hello<iframe src='/frame?1'></iframe><iframe src='/frame?2'></iframe>",
    "frames-in-frames/frame": _script(
        """for (let i = 0; i < 2; i++) {
          const f = document.createElement('iframe');
          f.src = '/frame?' + Math.random(); document.body.append(f) }""",
    ),
    "growing-page": _script(
        "setInterval(() => { for (let i = 0; i < 100; i++) document.body.append('x') }, 5)",
    ),
    "deep-page": "<title>Page</title>hello" + "<div>" * 50_000,
    "memory-hog": _script(
        """const kept = [];
        setInterval(() => { kept.push(new Uint8Array(2 ** 27).fill(kept.length)) }, 30)""",
    ),
    "heap-overflow": _after("const kept = []; while (1) kept.push(new Array(1e6).fill({}))"),
    "cookie-flood": _script(
        """document.cookie = 'tracker=1; max-age=9999';
        for (let i = 0; i < 10000; i++) document.cookie = `c${i}x=${i}; path=/`""",
    ),
    "huge-cookie": _script(
        """document.cookie = 'dropped=' + 'x'.repeat(1e6);
        document.cookie = 'kept=' + 'x'.repeat(4000)""",
    ),
    "huge-item": _script("localStorage.setItem('huge', 'x'.repeat(5e6))"),
    "key-flood": _script(
        "for (let i = 0; i < 200000; i++) localStorage.setItem(`k${i}of`, i)",
    ),
    "push-state": _script("for (let i = 0; i < 1000; i++) history.pushState(0, '', '/p/' + i)"),
    "mail-link": _script("location.href = 'mailto:somebody@example.org'"),
    "closes-itself": _after("open('', '_self'); window.close()"),
    "liar": _script(
        """document.cookie = 'hidden=1; max-age=999'; localStorage.setItem('secret', '1');
        sessionStorage.direct = '2';
        Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set() {} });
        for (const name of ['getItem', 'setItem', 'key']) Storage.prototype[name] = () => null;
        Object.keys = Object.entries = () => []; JSON.stringify = () => '{}';
        Array.prototype.map = Array.prototype.filter = () => [];
        Error.stackTraceLimit = 0; window.Promise = class {}; window.Map = window.Set = null;
        document.querySelectorAll = () => []; console.log = console.debug = () => 0;
        HTMLCollection.prototype[Symbol.iterator] = null""",
    ),
    "strange-names": _script(
        """document.cookie = '<img src=x onerror=alert(1)>'; document.cookie = 'n\\u202ee=1';
        document.cookie = '@all|x=1'; document.cookie = 'esc=\\u001b[31m';
        document.title = '\\u001b[31m::warning::'""",
    ),
    "strange-keys": _script(
        """localStorage.setItem('\\0\\ud800', '1'); localStorage.setItem('::error::x', '1');
        sessionStorage['[/]\\ud800'] = '1';
        caches.open('<b>\\u202e'); indexedDB.open('\\ud800')""",
    ),
    "strange-headers": "<p>hello there",
    "strange-hosts": _script(
        """for (const h of ['a~b', 'x'.repeat(60), '-a-', 'a_b', '\\u2603', 'a..b'])
          fetch(`http://${h}.localhost:PORT/`, { mode: 'no-cors' }).catch(() => 0)""",
    ),
    "strange-links": """<title>Page</title>hello<a href="javascript:while(1);">x</a>
        <a href="/&#0;%00%ff">x</a> <a href="http://[::1">x</a> <a href="//strange-links">x</a>
        <a href="http://user:pass@strange-links.localhost:PORT/in">x</a> <base href="http://[">
        <form action="javascript:alert(1)" method="evil"><input name="&#x1f600;&#0;"></form>""",
    "other": "<p>hello from another site",
    "private-part": "<p>hello<img src='http://169.254.169.254/latest/meta-data/'>",
}
HEADERS: dict[str, tuple[tuple[str, str], ...]] = {
    "strange-headers": (
        ("Set-Cookie", "a\x01b=\x02c"),
        ("Set-Cookie", "n" * 5000 + "=1"),
        ("Set-Cookie", "; ; ="),
        ("Set-Cookie", "ok=1; Max-Age=99999999999999999999; Expires=never; Domain=.."),
        ("Set-Cookie", "late=1; Expires=Fri, 31 Dec 999999 23:59:59 GMT"),
        *(("Set-Cookie", f"big{number}x=" + "y" * 3500) for number in range(60)),
    ),
}
