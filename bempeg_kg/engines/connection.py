"""How urllib connects for a remote store: one watched line, redirects on the same host, passwords."""

from __future__ import annotations

import socket
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit
from urllib.request import (
    HTTPBasicAuthHandler,
    HTTPDigestAuthHandler,
    HTTPHandler,
    HTTPPasswordMgrWithPriorAuth,
    HTTPRedirectHandler,
    HTTPSHandler,
    Request,
    build_opener,
    parse_http_list,
    parse_keqv_list,
)

from bempeg_kg.errors import EngineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message
    from http.client import HTTPResponse
    from urllib.request import OpenerDirector


class Line:
    """The socket of the request under way."""

    def __init__(self) -> None:
        self.socket: socket.socket | None = None


def watched(line: Line) -> tuple[HTTPHandler, HTTPSHandler]:
    """Handlers of urllib that leave the socket of each connection in `line`."""

    class Plain(HTTPConnection):
        def connect(self) -> None:
            """Connect, and keep the socket so that the request can be stopped."""
            super().connect()
            line.socket = self.sock

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            """Connect, and keep the socket so that the request can be stopped."""
            super().connect()
            line.socket = self.sock

    class PlainHandler(HTTPHandler):
        def http_open(self, req: Request) -> HTTPResponse:
            """Open an HTTP address by the connection that can be stopped."""
            return self.do_open(Plain, req)

    class SecureHandler(HTTPSHandler):
        def https_open(self, req: Request) -> HTTPResponse:
            """Open an HTTPS address by the connection that can be stopped."""
            return self.do_open(Secure, req)

    return PlainHandler(), SecureHandler()


class _SameHost(HTTPRedirectHandler):
    """Follows a redirect only on the same host, so that no password leaves it."""

    def redirect_request(
        self, req: Request, fp: object, code: int, msg: str, headers: object, newurl: str
    ) -> Request | None:
        """Follow a redirect within the host only. Raises EngineError for another host."""
        if urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
            raise EngineError(f"the store redirects to another host: {newurl}", where=req.full_url)
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


class _Digest(HTTPDigestAuthHandler):
    """Digest authentication that sends the password with every request once the store has asked for it."""

    def __init__(self, passwords: HTTPPasswordMgrWithPriorAuth) -> None:
        super().__init__(passwords)
        self._challenge: dict[str, str] | None = None

    def http_request(self, request: Request) -> Request:
        """Add the header, if the store's challenge is known."""
        if self._challenge is not None and not request.has_header(self.auth_header):
            credentials = self.get_authorization(request, self._challenge)
            if credentials:
                request.add_unredirected_header(self.auth_header, f"Digest {credentials}")
        return request

    https_request = http_request

    def http_error_401(self, req: Request, fp: object, code: int, msg: str, headers: Message) -> object:
        """Remember the challenge, and answer it."""
        for challenge in headers.get_all("www-authenticate", []):
            if challenge.lower().startswith("digest "):
                self._challenge = parse_keqv_list([*filter(None, parse_http_list(challenge[7:]))])
                request = Request(req.full_url, req.data, dict(req.headers), method=req.get_method())
                self._challenge.setdefault("opaque", "")
                if req.has_header(self.auth_header) and self._challenge.get("stale", "").lower() != "true":
                    return None
                return self.parent.open(request, timeout=req.timeout)
        return None


class _Basic(HTTPBasicAuthHandler):
    """Basic authentication that does nothing where a store asks for another kind."""

    def http_error_401(self, req: Request, fp: object, code: int, msg: str, headers: Message) -> object:
        """Answer the challenge, if it is one of basic authentication."""
        if any(
            challenge.lower().startswith("basic") for challenge in headers.get_all("www-authenticate", [])
        ):
            return super().http_error_401(req, fp, code, msg, headers)  # type: ignore[arg-type]
        return None


def opener(address: str, environment: Mapping[str, str], line: Line) -> OpenerDirector:
    """What opens addresses, with the user and password of the environment where it names them."""
    user = environment.get("BEMPEG_ENDPOINT_USER")
    if not user:
        return build_opener(_SameHost, *watched(line))
    parts = urlsplit(address)
    passwords = HTTPPasswordMgrWithPriorAuth()
    passwords.add_password(
        None, f"{parts.scheme}://{parts.netloc}/", user, environment.get("BEMPEG_ENDPOINT_PASSWORD", "")
    )
    return build_opener(_SameHost, _Digest(passwords), _Basic(passwords), *watched(line))
