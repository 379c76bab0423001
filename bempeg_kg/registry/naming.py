"""How things that records share are called, and MeSH headings."""

from __future__ import annotations

import re
from functools import lru_cache

from bempeg_kg.rdf.names import EXTERNAL
from bempeg_kg.rdf.ntriples import digest, slug


@lru_cache(1 << 14)
def shared_name(kind: str, printed: str) -> tuple[str, str]:
    """The last part of the IRI, and the label, of a thing that records share.

    Drugs, diseases and events are the same whatever their capitals; units (mg, Mg) are not.

    >>> shared_name("disease", "Atopic  Dermatitis"), shared_name("unit", "Days")
    (('atopic-dermatitis', 'atopic dermatitis'), ('days', 'days'))
    >>> shared_name("unit", "mmHg")[1], shared_name("organisation", "Pfizer")
    ('mmHg', ('pfizer', 'Pfizer'))
    """
    label = " ".join(printed.split())
    if kind == "organisation":
        return slug(label), label
    if kind != "unit":
        return slug(label), label.lower()
    label = label[:1].lower() + label[1:]
    return (slug(label) if label == label.lower() else f"{slug(label)}-{digest(label)}"), label


def mesh(number: str) -> str | None:
    """The IRI of a MeSH heading, None if the number is none.

    Older copies pad the number of a descriptor with zeros; the headings that really have nine digits begin
    above 60,000.

    >>> mesh("D000003872"), mesh("C044245"), mesh("M6445")
    ('<http://id.nlm.nih.gov/mesh/D003872>', '<http://id.nlm.nih.gov/mesh/C044245>', None)
    """
    if not re.fullmatch(r"[CD]\d{6,9}", number):
        return None
    if number[0] == "D" and len(number) == 10 and int(number[1:]) < 60_000:
        number = f"D{int(number[1:]):06}"
    return f"<{EXTERNAL['mesh']}{number}>"
