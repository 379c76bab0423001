"""Draw the pictures of this folder anew from the graph: `python docs/pictures/make.py`.

SVG for reading closely, with links and text, and PNG for the README.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bempeg_kg import KnowledgeGraph
from bempeg_kg.pictures import PLOTS, picture

FOLDER = Path(__file__).resolve().parent
#: File name -> picture, and the day as of which it is drawn.
PICTURES = {
    "signalling": ("signalling", None),
    "lineage": ("lineage", None),
    **{name: (name, None) for name in PLOTS},
    "timeline-2018-09-21": ("timeline", date(2018, 9, 21)),
}


def bodies(form: str) -> dict[str, bytes]:
    """File name without suffix -> picture."""
    kg = KnowledgeGraph.open(engine="memory")
    return {file: picture(kg.as_of(day) if day else kg, name, form) for file, (name, day) in PICTURES.items()}


#: Those that the README shows.
SHOWN = ("signalling", "lineage", "responses", "hazard-ratios", "timeline")


if __name__ == "__main__":
    for file, body in bodies("svg").items():
        (FOLDER / f"{file}.svg").write_bytes(body)
    for file, body in bodies("png").items():
        if file in SHOWN:
            (FOLDER / f"{file}.png").write_bytes(body)
