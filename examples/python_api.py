"""The Python API, call by call; `mypy --strict` finds nothing in it."""

from __future__ import annotations

from bempeg_kg import Answer, KnowledgeGraph, NoAnswer, Table

kg = KnowledgeGraph.open()
answer: Answer = kg.ask("ORR in RCC")
print(answer.question.name, answer.parameters, answer.sentence, answer.caveat, len(answer.rows))
frame = answer.to_pandas(labels=True)
print((frame["percent"] * 1.5).max())
print(len(answer.plot().to_bytes("svg")))
print(answer[:2], answer[0]["trial"], answer["percent"], dir(answer)[:1])
for view in ("signalling", "lineage"):
    print(kg.to_networkx(view).number_of_nodes())
paths: Table = kg.path("nivolumab", "protein:pd1", longest=1)
print(paths["effect"])
print(kg.forensics(only="impossible"))
print(kg.report("why-phase-3").to_text(80)[:60])
print(kg.plot("responses").description[:60])
print(sorted(kg.export("kgx").files))
print(kg.schema()[:1], kg.as_of("2018-09-21").cut)
try:
    kg.ask("what is the price of a dose")
except NoAnswer as error:
    print(error)
