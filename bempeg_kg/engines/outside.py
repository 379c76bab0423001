"""One guarded request to an outside SPARQL service: which hosts, how long, how much.

A host must be on the allow-list. A private, loopback, link-local or otherwise not public address is refused
unless that address itself (or `localhost`) is listed, whatever name leads to it; the connection goes to the
address that was examined, so a second look-up cannot lead elsewhere. Redirects are not followed, and no
proxy or credential is used. The time allowed covers look-up, connection, headers and body together.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from bempeg_kg.errors import EngineError, EngineTimeout, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from http.client import HTTPResponse

#: Hosts of the services that the shipped live questions ask.
PUBLIC_SERVICES = (
    "sparql.uniprot.org",
    "query.wikidata.org",
    "idsm.elixir-czech.cz",
    "sparql.wikipathways.org",
)
_ACCEPT = "application/sparql-results+json"
_AGENT = "bempeg-kg (https://w3id.org/bempeg-kg/)"
_PORTS = {"http": 80, "https": 443}
_CHUNK = 1 << 16
_NAT64 = IPv6Network("64:ff9b::/96")


class Limits(NamedTuple):
    """How long all requests of one query may take together, in seconds, and how much each may bring."""

    seconds: float = 30.0
    bytes: int = 20_000_000
    rows: int = 10_000


class Guard:
    """Sends queries to allowed services, within limits. `allow` holds hosts, as `host` or `host:port`."""

    def __init__(self, allow: Iterable[str], limits: Limits | None = None) -> None:
        self.allow = frozenset(entry.lower() for entry in allow)
        self.limits = limits or Limits()

    def select(self, address: str, sparql: str, deadline: float) -> bytes:
        """The body of a service's answer, which says that it is SPARQL results JSON.

        `deadline` is a time of `monotonic()`. Raises UsageError for a service that is not allowed,
        EngineTimeout, and EngineError for any other failure.
        """
        parts = urlsplit(address)
        host, port = self._host(address)
        addresses = self._addresses(host, port, address, deadline)
        connection = _connect(parts.scheme, host, port, addresses, address, deadline)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Accept": _ACCEPT,
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": _AGENT,
        }
        ended = threading.Event()
        watch = threading.Timer(max(deadline - monotonic(), 0), _hang_up, (connection.sock, ended))
        watch.daemon = True
        watch.start()
        try:
            connection.request("POST", target, urlencode({"query": sparql}).encode(), headers)
            with connection.getresponse() as response:
                body = self._read(response, address)
                is_whole = not response.length
        except (OSError, HTTPException, ValueError) as error:
            if ended.is_set() or isinstance(error, TimeoutError):
                raise _late(address, self.limits.seconds) from None
            raise EngineError(
                f"the service closed the connection: {error or type(error).__name__}", where=address
            ) from None
        finally:
            watch.cancel()
            connection.close()
        if ended.is_set():
            raise _late(address, self.limits.seconds)
        if not is_whole:
            raise EngineError("the service closed the connection in the middle of its answer", where=address)
        return body

    def _host(self, address: str) -> tuple[str, int]:
        parts = urlsplit(address)
        if parts.scheme not in _PORTS or not parts.hostname or parts.username or parts.password:
            raise UsageError(
                f"'{address}' is not the address of a service",
                cure="Use http(s)://host/path, without a user name.",
            )
        host, port = parts.hostname.lower(), parts.port or _PORTS[parts.scheme]
        named = {f"{host}:{port}"} | ({host} if port == _PORTS[parts.scheme] else set())
        if not named & self.allow:
            raise UsageError(
                f"the service {address} is not on the list of services that may be asked",
                cure=f"Allow its host, {host if len(named) > 1 else f'{host}:{port}'}, if you trust it.",
            )
        return host, port

    def _addresses(self, host: str, port: int, address: str, deadline: float) -> list[str]:
        """The addresses behind a name, each of them public or listed."""
        addresses = _looked_up(host, port, address, deadline)
        for plain in (inner for one in addresses for inner in _meant(one)):
            listed = {
                str(plain),
                f"{plain}:{port}",
                *({"localhost", f"localhost:{port}"} if plain.is_loopback else ()),
            }
            if not plain.is_global and not listed & self.allow:
                raise UsageError(
                    f"the service {address} leads to {plain}, which is not a public address",
                    cure=f"Allow {plain}:{port} if this is intended.",
                )
        return addresses

    def _read(self, response: HTTPResponse, address: str) -> bytes:
        if response.status in (301, 302, 303, 307, 308):
            where = response.headers.get("Location", "nowhere")
            raise EngineError(
                f"the service redirects to {where}", where=address, cure="Ask that address, if allowed."
            )
        if response.status != 200:
            excerpt = response.read(300).decode("utf-8", "replace").strip()
            raise EngineError(f"the service answered {response.status}: {excerpt}", where=address)
        pieces: list[bytes] = []
        total = 0
        while piece := response.read1(_CHUNK):
            total += len(piece)
            if total > self.limits.bytes:
                raise EngineError(
                    f"the answer is larger than {self.limits.bytes:,} bytes",
                    where=address,
                    cure="Ask for less.",
                )
            pieces.append(piece)
        return b"".join(pieces)


def _late(address: str, seconds: float) -> EngineTimeout:
    return EngineTimeout(
        f"no complete answer within {seconds:g} s", where=address, cure="Allow more time, or ask for less."
    )


def _hang_up(connected: socket.socket, ended: threading.Event) -> None:
    """Close a connection at its time limit, wherever it waits; one that is closed already is ignored."""
    ended.set()
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _meant(address: str) -> list[IPv4Address | IPv6Address]:
    """An address, and the IPv4 addresses that an IPv6 one can stand for (mapped, 6to4, NAT64)."""
    plain = ip_address(address.partition("%")[0])
    if isinstance(plain, IPv4Address):
        return [plain]
    if plain.ipv4_mapped:
        return [plain.ipv4_mapped]
    inside = [plain.sixtofour] if plain.sixtofour else []
    if plain in _NAT64:
        inside.append(IPv4Address(int(plain) & 0xFFFFFFFF))
    return [plain, *inside]


def _looked_up(host: str, port: int, address: str, deadline: float) -> list[str]:
    """IP addresses of a host, IPv4 first. A thread looks them up, since a look-up has no time limit."""
    addresses: list[str] = []
    problem: list[str] = []

    def look_up() -> None:
        """Find the addresses of the host, or say why there are none."""
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            problem.append(error.strerror or str(error))
        except UnicodeError:  # an empty part of the name, or one of more than 63 characters
            problem.append("not a host name")
        else:
            addresses.extend(str(entry[4][0]) for entry in sorted(entries, key=lambda entry: entry[0]))

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(max(deadline - monotonic(), 0))
    if problem:
        raise EngineError(f"the host {host} cannot be found: {problem[0]}", where=address)
    if not addresses:
        raise EngineTimeout(f"the host {host} was not found in time", where=address)
    return list(dict.fromkeys(addresses))


def _connect(
    scheme: str, host: str, port: int, addresses: list[str], address: str, deadline: float
) -> HTTPConnection:
    """A connection to the first of the addresses that answers, under the host's own name."""
    problem: OSError | None = None
    for tried in addresses:
        left = deadline - monotonic()
        if left <= 0:
            break
        try:
            raw = socket.create_connection((tried, port), timeout=left)
            # from here the timer ends the wait; a timeout of the socket would only count from byte to byte
            raw.settimeout(max(deadline - monotonic(), 0.01))
            if scheme == "https":
                import ssl

                raw = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
                connection: HTTPConnection = HTTPSConnection(host, port)
            else:
                connection = HTTPConnection(host, port)
            connection.sock = raw
            return connection
        except TimeoutError as error:
            raise EngineTimeout("no connection in time", where=address) from error
        except OSError as error:
            problem = error
    raise EngineError(f"cannot be reached: {problem or 'no time left'}", where=address)
