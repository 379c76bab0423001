"""Sponsors and collaborators of a trial, each with its class beside it."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Property of an organisation -> property of its class: of the one sponsor, or after the name of each.
CLASSES = {"sponsor": "sponsorClass", "collaborator": "collaboratorClass"}


def with_class(role: str, name: str, stated: Mapping[str, Sequence[str]]) -> str:
    """The name of a sponsor or collaborator, with its class behind it where the record states one.

    `stated`: values of the properties of CLASSES, by their names.

    >>> with_class("sponsor", "Acme", {"sponsorClass": ["industry"]})
    'Acme (industry)'
    >>> with_class("collaborator", "NCI (NIH)", {"collaboratorClass": ["Acme: industry", "NCI, NIH: nih"]})
    'NCI (NIH) (nih)'
    """
    classes = stated.get(CLASSES.get(role, ""), ())
    if role == "collaborator":
        classes = [
            kind for one, _, kind in (text.rpartition(": ") for text in classes) if _key(one) == _key(name)
        ]
    return f"{name} ({classes[0]})" if len(classes) == 1 else name


def _key(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))
