import base64
import hashlib
import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import (
    DNSName,
    SubjectAlternativeName,
    load_der_x509_certificate,
)

from auditor.demo import Asked, Demo, serve

HOST = "www.example.org"


@pytest.fixture
def small(site: Path) -> Iterator[Demo]:
    """Return the small host, served."""
    with serve(site) as served:
        yield served


def reach(demo: Demo, name: str | None = HOST) -> ssl.SSLSocket:
    """Return a connection to the server that asks for a host by SNI."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    raw = socket.create_connection(("127.0.0.1", demo.port), timeout=5)
    try:
        return context.wrap_socket(raw, server_hostname=name)
    except ssl.SSLError:
        raw.close()
        raise


def ask(demo: Demo, target: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """Return the answer to one request, read whole."""
    with reach(demo) as connection:
        lines = [f"{method} {target} HTTP/1.1", f"Host: {HOST}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        response = http.client.HTTPResponse(connection, method=method)
        response.begin()
        response.read()
        return response


def test_the_certificate_names_the_hosts(small: Demo) -> None:
    """What the server shows is made for its hosts, with the key that it says to trust."""
    with reach(small) as connection:
        shown = connection.getpeercert(binary_form=True)
    assert shown
    certificate = load_der_x509_certificate(shown)
    names = certificate.extensions.get_extension_for_class(SubjectAlternativeName)
    assert names.value.get_values_for_type(DNSName) == [HOST]
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest = base64.b64encode(hashlib.sha256(key).digest()).decode()
    assert small.trusted_keys == (digest,)


def test_each_run_has_a_key_of_its_own(site: Path, small: Demo) -> None:
    """Who trusted one run trusts no other."""
    with serve(site) as other:
        assert other.trusted_keys != small.trusted_keys


@pytest.mark.parametrize("name", ["other.example.org", None])
def test_a_host_that_is_not_played(small: Demo, name: str | None) -> None:
    """It is refused before anything is said, and written down."""
    with pytest.raises(ssl.SSLError):
        reach(small, name)
    assert small.log == [Asked(name or "")]


def test_a_host_by_another_name(small: Demo) -> None:
    """A request for another host than the connection was made for is misdirected."""
    with reach(small) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 421 ")


def test_the_log_keeps_no_values(small: Demo) -> None:
    """Host, method and path are kept; a query and a body are not."""
    ask(small, "/empty?email=jane", "POST", Content_Length="0")
    assert small.log == [Asked(HOST, "POST", "/empty")]


def test_connections_are_kept(small: Demo) -> None:
    """Several requests go over one connection, bodies or not."""
    with reach(small) as connection:
        talk = http.client.HTTPConnection(HOST)
        talk.sock = connection
        statuses = []
        for method, target, body in [("POST", "/empty", b"x" * 9), ("GET", "/", None)]:
            talk.request(method, target, body)
            answered = talk.getresponse()
            answered.read()
            statuses.append(answered.status)
    assert statuses == [204, 200]


@pytest.mark.parametrize("length", ["-1", "many", "99999999999", "9" * 5000])
def test_a_body_of_no_sensible_length(small: Demo, length: str) -> None:
    """It is not waited for, and the connection is not kept."""
    with reach(small) as connection:
        line = f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {length}\r\n\r\n"
        connection.sendall(line.encode())
        said = b"".join(iter(lambda: connection.recv(1000), b""))
    assert said.startswith(b"HTTP/1.1 200 ")


def test_a_cookie_is_given_once(small: Demo) -> None:
    """Who has a cookie keeps it as it is."""
    first = ask(small, "/").headers["Set-Cookie"]
    assert first.startswith("id=")
    assert ask(small, "/", Cookie="x=1; id=2").headers["Set-Cookie"] is None


def test_other_origins_may_read(small: Demo) -> None:
    """Pages of other origins get what they ask for beforehand, and may read the answer."""
    asked = ask(
        small,
        "/key.js",
        "OPTIONS",
        Origin="https://a.example",
        Access_Control_Request_Headers="content-type",
    )
    assert asked.status == 204
    assert asked.headers["Access-Control-Allow-Headers"] == "content-type"
    assert asked.headers["Access-Control-Allow-Origin"] == "https://a.example"
    assert ask(small, "/key.js").headers["Access-Control-Allow-Origin"] is None


def test_a_websocket(small: Demo) -> None:
    """A WebSocket is opened (the example key of RFC 6455) and says what the file holds."""
    with reach(small) as connection:
        connection.sendall(
            f"GET /about HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        said = b""
        while not said.endswith(b"about"):
            said += connection.recv(1000)
    assert b"101" in said
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in said
    assert said.endswith(b"\x81\x05about")


def test_a_silent_caller_stops_nobody(small: Demo) -> None:
    """Somebody who connects and never says hello does not keep others waiting."""
    with socket.create_connection(("127.0.0.1", small.port)):
        assert ask(small, "/").status == 200


def test_it_ends(site: Path) -> None:
    """After the block nobody listens any more."""
    with serve(site) as served:
        port = served.port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_hangups_are_quiet(small: Demo, capfd: pytest.CaptureFixture[str]) -> None:
    """A caller that hangs up in the middle of a word makes no noise."""
    with reach(small) as connection:
        connection.sendall(b"GET / HT")
    assert ask(small, "/").status == 200
    assert json.dumps(capfd.readouterr().err) == '""'
