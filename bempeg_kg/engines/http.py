"""The one place that speaks HTTP to a store: authentication, time limits, retries, and plain errors.

Credentials come from the environment and go to the named host only: `BEMPEG_ENDPOINT_USER` and
`BEMPEG_ENDPOINT_PASSWORD` (basic or digest, as the store asks), or `BEMPEG_ENDPOINT_TOKEN` (bearer).
"""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager, suppress
from http.client import HTTPException
from threading import Event, Timer
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    Request,
)

from bempeg_kg.engines.connection import Line, opener
from bempeg_kg.errors import EngineError, EngineTimeout, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from email.message import Message
    from http.client import HTTPResponse

#: Answers that say "later": the request was not carried out, or does no harm twice.
_AGAIN = frozenset((429, 502, 503, 504))
_LARGEST = 1 << 30
_LONGEST_WAIT = 10.0
#: Bytes of a body that a socket takes in whole before the answer is read.
_SMALL = 8192


class Response(NamedTuple):
    """What a store answered; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Http:
    """Requests to one store. Every request made here may be sent twice: queries, PUT, and idempotent updates.

    `timeout` is in seconds for each attempt, `attempts` how often a store that is busy or down is asked.
    """

    def __init__(
        self,
        address: str,
        *,
        timeout: float = 60.0,
        attempts: int = 3,
        wait: float = 0.2,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(
                f"'{address}' is not the address of an endpoint", cure="It starts with http:// or https://."
            )
        if parts.username or parts.password:
            raise UsageError(
                "the address of the endpoint holds a password",
                cure="Put it into BEMPEG_ENDPOINT_USER and BEMPEG_ENDPOINT_PASSWORD.",
            )
        self.address = address
        self.timeout = timeout
        self.attempts = attempts
        self.wait = wait
        environment = os.environ if environment is None else environment
        self._token = environment.get("BEMPEG_ENDPOINT_TOKEN", "")
        self._has_password = bool(environment.get("BEMPEG_ENDPOINT_USER"))
        self._is_known = not self._has_password
        self._line = Line()
        self._opener = opener(address, environment, self._line)

    def send(self, method: str, url: str, body: bytes | None = None, **headers: str) -> Response:
        """Send a request; underscores in header names stand for hyphens.

        An answer of 400 or 404 comes back as it is. Raises EngineTimeout, and EngineError for any other
        failure once the attempts are used up.
        """
        from time import sleep

        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self._token:
            named["Authorization"] = f"Bearer {self._token}"
        for attempt in range(1, self.attempts + 1):
            try:
                if not self._is_known and body and len(body) > _SMALL:
                    # A store that requires a password may close the connection during a long body.
                    self._once(Request(url, method="GET"))
                    self._is_known = True
                response = self._once(Request(url, body, named, method=method))
            except ConnectionError as error:
                self._is_known = not self._has_password
                if attempt == self.attempts:
                    raise EngineError(f"cannot be reached: {error}", where=self.address) from None
                sleep(self.wait * 2 ** (attempt - 1))
                continue
            if response.status not in _AGAIN or attempt == self.attempts:
                return self._checked(response)
            sleep(_pause(response, self.wait * 2 ** (attempt - 1)))
        raise AssertionError("the loop returns or raises")

    def _once(self, request: Request) -> Response:
        with self._limited() as ended:
            try:
                with self._opener.open(request, timeout=self.timeout) as answer:
                    return self._whole(answer, ended)
            except HTTPError as error:
                return Response(error.code, _lower(error.headers), error.read(100_000))
            except URLError as error:
                if ended.is_set() or isinstance(error.reason, TimeoutError):
                    raise self._late() from None
                raise ConnectionError(error.reason) from None
            except TimeoutError:
                raise self._late() from None
            except (OSError, HTTPException) as error:
                if ended.is_set():
                    raise self._late() from None
                raise ConnectionError(error or type(error).__name__) from None
            except UnicodeError:  # a part of the name is empty, or has more than 63 characters
                raise EngineError("the address has no valid host name", where=self.address) from None
            except ValueError as error:  # urllib raises it for an authentication scheme that it does not know
                raise EngineError(f"cannot log in: {error}", where=self.address) from None

    def _whole(self, answer: HTTPResponse, ended: Event) -> Response:
        body = answer.read(_LARGEST + 1)
        if ended.is_set():
            raise self._late()
        promised = answer.headers.get("Content-Length", "")
        if promised.isdigit() and len(body) < min(int(promised), _LARGEST):
            raise EngineError(
                f"the answer was cut off: {len(body):,} of {int(promised):,} bytes came",
                where=self.address,
                cure="Ask again.",
            )
        if len(body) > _LARGEST:
            raise EngineError("the answer is larger than a gigabyte", where=self.address)
        return Response(answer.status, _lower(answer.headers), body)

    @contextmanager
    def _limited(self) -> Iterator[Event]:
        """Close the connection at the time limit: a socket's timeout restarts with every byte."""
        ended = Event()

        def hang_up() -> None:
            """End the request from another thread."""
            ended.set()
            with suppress(OSError, AttributeError):
                self._line.socket.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

        timer = Timer(self.timeout, hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield ended
        finally:
            timer.cancel()

    def _late(self) -> EngineTimeout:
        return EngineTimeout(
            f"no answer within {self.timeout:g} s",
            where=self.address,
            cure="Ask for less, or allow more time by BEMPEG_ENDPOINT_TIMEOUT.",
        )

    def _checked(self, response: Response) -> Response:
        if response.status < 300 or response.status in (400, 404):
            return response
        excerpt = response.body[:300].decode("utf-8", "replace").strip()
        if response.status in (401, 403):
            raise EngineError(
                f"the store refused access ({response.status})",
                where=self.address,
                cure="Set BEMPEG_ENDPOINT_USER and BEMPEG_ENDPOINT_PASSWORD, or BEMPEG_ENDPOINT_TOKEN.",
            )
        if response.status in (408, 504):
            raise EngineTimeout(f"the store gave up ({response.status}): {excerpt}", where=self.address)
        raise EngineError(f"the store answered {response.status}: {excerpt}", where=self.address)


def timeout_from(environment: Mapping[str, str], default: float = 60.0) -> float:
    """Seconds that `BEMPEG_ENDPOINT_TIMEOUT` allows. Raises UsageError unless it is a positive number."""
    setting = environment.get("BEMPEG_ENDPOINT_TIMEOUT")
    if not setting:
        return default
    try:
        seconds = float(setting)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise UsageError(f"BEMPEG_ENDPOINT_TIMEOUT is not a number of seconds: {setting}")
    return seconds


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _pause(response: Response, otherwise: float) -> float:
    header = response.headers.get("retry-after", "")
    return min(float(header), _LONGEST_WAIT) if header.isdigit() else otherwise
