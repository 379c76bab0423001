"""How many sentences `ask` answers rightly, and how long one takes: ask_sentences.py FILE.tsv [-v].

The sets `unseen_*.tsv` of tests/questions were each scored before anything was changed for them: 48 of 64,
62 of 88, 53 of 88 (written to reach every part of the data) and 48 of 54 were right; 3 of the 38 that the
data cannot answer were answered, none of the last 6.

A line has the columns sentence, fits (questions, * or REFUSE) and must_show (a pattern of the first screen).
"""

from __future__ import annotations

import csv
import re
import sys
import time

from bempeg_kg import KnowledgeGraph
from bempeg_kg.errors import NoAnswer
from bempeg_kg.graph.answer import columns_for
from bempeg_kg.graph.linking import candidates
from bempeg_kg.graph.spoken import tokens

_SCREEN = 24


def outcome(kg: KnowledgeGraph, row: dict[str, str]) -> tuple[bool, str]:
    """Whether a sentence was treated rightly, and what came of it."""
    refuse = row["fits"] == "REFUSE"
    try:
        understood, table = kg.ask_sentence(row["sentence"])
    except NoAnswer as error:
        return refuse, f"refused: {str(error).splitlines()[0]}"
    told = understood.command(kg.names)
    if not table.rows:
        return refuse, f"{told}: no rows"
    shown = columns_for(tokens(row["sentence"]), understood.question, table.columns)
    lines = [table.sentence, *table.picked(shown).to_text(100).splitlines()[:_SCREEN]]
    right = row["fits"] == "*" or understood.question.name in row["fits"].split()
    seen = re.search(row["must_show"], " ".join("\n".join(lines).split()), re.IGNORECASE)
    if refuse:
        return False, f"answered: {told}"
    return right and bool(seen), told if right else f"other question: {told}"


def main(path: str) -> None:
    """Print one line a sentence that went wrong, the score and the mean time."""
    with open(path, encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    kg = KnowledgeGraph.open()
    start = time.perf_counter()
    right = 0
    for row in rows:
        good, told = outcome(kg, row)
        right += good
        if not good or "-v" in sys.argv:
            print("ok  " if good else "MISS", row["sentence"], "|", told)
    took = (time.perf_counter() - start) / len(rows) * 1000
    start = time.perf_counter()
    for row in rows:
        candidates(row["sentence"], kg.questions, kg.lexicon, kg.names)
    linked = (time.perf_counter() - start) / len(rows) * 1000
    print(f"{right} of {len(rows)} right, {linked:.1f} ms a sentence, {took:.1f} ms with its answer")


if __name__ == "__main__":
    main(sys.argv[1])
