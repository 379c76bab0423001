"""Pages kept in memory and on disk, each made once."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable

from bempeg_kg.web.on_disk import OnDisk
from bempeg_kg.web.pages.from_workers import FromWorkers
from bempeg_kg.web.pages.pages import Page

KEPT = 512
"""Pages kept in memory; content never changes under a server."""
Key = tuple[str, ...]
"""The name of a route, then each value that a reader put into the address."""


class KeptPages:
    """Pages by route and values. One for which a computation failed is made anew at the next request."""

    def __init__(self, workers: FromWorkers, disk: OnDisk) -> None:
        self.workers = workers
        self.disk = disk
        self.pages: OrderedDict[Key, Page] = OrderedDict()
        self.making: dict[Key, threading.Lock] = {}

    def get(self, key: Key) -> Page | None:
        """A page in memory."""
        return self.pages.get(key)

    def prepared(self, key: Key, make: Callable[[], Page | None]) -> Page | None:
        """A page from memory or disk, or made now; one that another thread makes is waited for."""
        try:
            with self.making.setdefault(key, threading.Lock()):
                return self.pages.get(key) or self._from_disk(key) or self._made(key, make)
        finally:
            self.making.pop(key, None)

    def _from_disk(self, key: Key) -> Page | None:
        body = self.disk.get(_on_disk(key))
        return None if body is None else self._keep(key, Page(body.decode()))

    def _made(self, key: Key, make: Callable[[], Page | None]) -> Page | None:
        failures = self.workers.failures
        page = make()
        if page is None or page.status != 200 or self.workers.failures != failures:
            return page
        if not failures:  # else a part that every page shares may be missing
            self.disk.put(_on_disk(key), page.html.encode())
        return self._keep(key, page)

    def _keep(self, key: Key, page: Page) -> Page:
        self.pages[key] = page
        while len(self.pages) > KEPT:
            self.pages.popitem(last=False)
        return page


def _on_disk(key: Key) -> str:
    return f"page {json.dumps(key)}"
