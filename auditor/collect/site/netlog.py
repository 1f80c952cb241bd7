"""What the browser's network stack says it did: the witness for what nobody else saw.

Chromium writes it with `--log-net-log=FILE --net-log-capture-mode=Default`: every request of the
whole browser, also those of a page that is gone before an event tells of them. It is whole only
after the browser has closed. The browser's own traffic is in it too, and told apart: pages and
workers have an origin, what the browser wants for itself has none.

Source: Chromium's net/log/net_log_event_type_list.h and net_log_source_type_list.h.
"""

import os
from collections.abc import Callable, Collection
from ipaddress import ip_address
from pathlib import Path
from typing import Any, BinaryIO

import ijson
from msgspec import Struct

from auditor.collect.web.address import locate
from auditor.collect.web.failures import known_error
from auditor.evidence.observations import Host

MAX_BYTES = 1024**3
MOST = 500_000  # requests

_NEEDED = {"REQUEST_ALIVE", "URL_REQUEST_START_JOB", "HTTP_STREAM_REQUEST"}
_FRAMES = {"main frame", "subframe"}
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT"}
_RESOURCES = {"ws": "websocket", "wss": "websocket"}
_OF_THE_BROWSER = ("chrome:", "chrome-", "devtools:", "isolated-app:")  # schemes of origins
_SPACES = {"loopback", "local", "public"}
_WEB = ("http:", "https:", "ws:", "wss:")
_BEGIN, _END = "PHASE_BEGIN", "PHASE_END"

Params = dict[str, Any]


class NetLogError(ValueError):
    """The network log is not there, not whole or not one: nobody knows what is missing."""


class Request(Struct, frozen=True, kw_only=True, gc=False):
    """A request, or one hop of it: redirects are requests of their own.

    `at` is milliseconds since 1970, `initiator` the shape of the origin that caused it. `reached`:
    it went to the network and was not answered from the cache. `own`: the browser wanted it for
    itself; `purpose` is Chromium's number for what for. `space` is where the answering address
    lies: public, local (a private network), loopback, "" where that is not known.
    """

    url: str
    host: Host
    method: str
    at: int
    resource: str = "other"
    initiator: str = ""
    redirected_from: str = ""
    reached: bool = False
    own: bool = False
    purpose: int = 0
    failed: str = ""
    space: str = ""


class NetLog(Struct, frozen=True, kw_only=True):
    """What a network log says: requests in order, and hosts met without any request.

    `connected` are hosts that were connected to, or sent UDP packets (WebRTC), without a request.
    `unreadable` counts requests to hosts that were found though none may be called so.
    """

    requests: tuple[Request, ...] = ()
    connected: tuple[Host, ...] = ()
    unreadable: int = 0


def read_netlog(path: Path) -> NetLog:
    """Read a network log, one event in memory at a time; `NetLogError` if it is not whole."""
    try:
        with path.open("rb") as file:
            reading = _Reading(_constants(file))
            file.seek(0)
            for event in ijson.items(file, "events.item", use_float=True):
                reading.take(event)
    except NetLogError:
        raise
    except OSError as error:
        raise NetLogError(error.strerror) from None
    except (ijson.JSONError, ValueError):  # their text quotes the file
        raise NetLogError("cut short, or not JSON") from None
    except (ArithmeticError, AttributeError, LookupError, TypeError):
        raise NetLogError("not as Chromium writes it") from None
    return reading.result()


def unseen(
    log: NetLog, seen_hosts: Collection[str], own_traffic: NetLog | None = None
) -> tuple[Request, ...]:
    """Return requests to hosts that nobody else saw: on the network, and not the browser's own.

    `own_traffic` is the log of a browser that visited nothing: what it asked of a host for some
    purpose is not the site's doing here either.
    """
    own = {(seen.host, seen.purpose) for seen in own_traffic.requests} if own_traffic else set()
    of_pages = (seen for seen in log.requests if seen.reached and not seen.own)
    return tuple(
        seen
        for seen in of_pages
        if seen.host not in seen_hosts and (seen.host, seen.purpose) not in own
    )


def _constants(file: BinaryIO) -> Params:
    if os.fstat(file.fileno()).st_size > MAX_BYTES:
        raise NetLogError(f"larger than {MAX_BYTES} bytes")
    return dict(next(ijson.items(file, "constants", use_float=True), {}))


class _Hop:
    """A request under way."""

    def __init__(self, params: Params, at: int) -> None:
        self.address = locate(str(params["url"]))
        self.method = str(params.get("method", "GET"))
        self.initiator = str(params.get("initiator", ""))
        self.type = str(params.get("request_type", "other"))
        self.at, self.purpose, self.reached = at, 0, False
        self.before = self.failed = self.space = ""

    @property
    def is_unreadable(self) -> bool:
        return self.address is None and self.reached and "NAME" not in self.failed

    def request(self) -> Request | None:
        """Return what is kept of it."""
        if self.address is None:
            return None
        is_frame = self.type in _FRAMES
        origin = locate(self.initiator)
        return Request(
            url=self.address.shape,
            host=self.address.host,
            method=self.method if self.method in _METHODS else "OTHER",
            at=self.at,
            resource="document" if is_frame else _RESOURCES.get(self.address.scheme, self.type),
            initiator=origin.origin if origin else "",
            redirected_from=self.before,
            reached=self.reached,
            own=(self.initiator == "not an origin" and not is_frame)
            or self.initiator.startswith(_OF_THE_BROWSER),
            purpose=self.purpose,
            failed=self.failed,
            space=self.space,
        )


class _Reading:
    """A network log as far as it has been read."""

    def __init__(self, constants: Params) -> None:
        types = constants["logEventTypes"]
        self._phases = {number: name for name, number in constants["logEventPhase"].items()}
        self._errors = {number: name for name, number in constants["netError"].items()}
        self._offset = int(constants["timeTickOffset"])
        takers: dict[str, Callable[[int, str, Params, int], None]] = {
            "REQUEST_ALIVE": self._alive,
            "URL_REQUEST_START_JOB": self._start,
            "HTTP_STREAM_REQUEST": self._reach,
            "HTTP_TRANSACTION_SEND_REQUEST": self._reach,
            "HTTP_STREAM_JOB_CONTROLLER": self._connect,
            "LOCAL_NETWORK_ACCESS_CHECK": self._check,
            "QUIC_SESSION_WEBTRANSPORT_CLIENT_ALIVE": self._transport,
            "UDP_BYTES_SENT": self._send,
        }
        known = types.keys() | _NEEDED
        self._takers = {types[name]: take for name, take in takers.items() if name in known}
        self._hops: list[_Hop] = []
        self._open: dict[int, _Hop] = {}
        self._purposes: dict[int, int] = {}
        self._connected: dict[str, None] = {}

    def take(self, event: Params) -> None:
        """Take one event."""
        if take := self._takers.get(event["type"]):
            phase = self._phases[event["phase"]]
            at = int(event["time"]) + self._offset
            take(event["source"]["id"], phase, event.get("params", {}), at)

    def result(self) -> NetLog:
        requests = tuple(request for hop in self._hops if (request := hop.request()))
        hosts = {request.host for request in requests}
        return NetLog(
            requests=requests,
            connected=tuple(host for host in self._connected if host not in hosts),
            unreadable=sum(hop.is_unreadable for hop in self._hops),
        )

    def _alive(self, source: int, phase: str, params: Params, _at: int) -> None:
        if phase == _BEGIN:
            self._purposes[source] = int(params.get("traffic_annotation", 0))
        elif phase == _END:
            self._fail(source, params)
            self._open.pop(source, None)
            self._purposes.pop(source, None)

    def _start(self, source: int, phase: str, params: Params, at: int) -> None:
        self._fail(source, params)
        if phase != _BEGIN or not str(params["url"]).startswith(_WEB):
            return
        if len(self._hops) >= MOST:
            raise NetLogError(f"more than {MOST} requests")
        hop = _Hop(params, at)
        hop.purpose = self._purposes.get(source, 0)
        if (before := self._open.get(source)) and before.address:
            hop.before = before.address.shape
        self._open[source] = hop
        self._hops.append(hop)

    def _reach(self, source: int, _phase: str, _params: Params, _at: int) -> None:
        if source in self._open:
            self._open[source].reached = True

    def _check(self, source: int, _phase: str, params: Params, _at: int) -> None:
        space = str(params.get("resource_address_space", ""))
        if source in self._open and space in _SPACES:
            self._open[source].space = space

    def _fail(self, source: int, params: Params) -> None:
        error = params.get("net_error", 0)
        if error < 0 and source in self._open:  # 0 and above are none
            self._open[source].failed = known_error(f"net::{self._errors.get(error, '')}")

    def _connect(self, _source: int, phase: str, params: Params, _at: int) -> None:
        is_early = phase == _BEGIN and params.get("is_preconnect")
        if is_early and (address := locate(str(params["url"]))):
            self._connected[address.host] = None

    def _transport(self, _source: int, phase: str, params: Params, at: int) -> None:
        """Take a WebTransport for a request: nothing else in the log tells of it."""
        if phase == _BEGIN:
            hop = _Hop({**params, "method": "CONNECT", "request_type": "webtransport"}, at)
            hop.reached = True
            self._hops.append(hop)

    def _send(self, _source: int, _phase: str, params: Params, _at: int) -> None:
        """Take a packet sent to somebody by address, as WebRTC does; neither DNS nor QUIC."""
        host = str(params.get("address", "")).rpartition(":")[0].strip("[]").partition("%")[0]
        if host and not ip_address(host).is_multicast:
            self._connected[host] = None
