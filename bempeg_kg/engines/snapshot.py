"""The graph on disk: a read-only store, built once for a content and opened by every later process."""

from __future__ import annotations

from bempeg_kg.engines.embedded import Embedded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bempeg_kg.content import Content


def open_snapshot(content: Content) -> Embedded:
    """An engine on the snapshot of a content."""
    return Embedded.in_memory(content)
