"""What words typed into the search ask, as a link to the question with its parameters, and the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import Literal

from bempeg_kg.errors import BempegError, NoAnswer
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.understood import Understood
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.pages import questions, reports
from bempeg_kg.web.pages.looked_up import label_of
from bempeg_kg.web.pages.questions import Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that was understood: its address, the answer in a sentence, and what was left out."""

    summary: str
    href: str
    sentence: str
    #: entities that the rows of the sentence are about and that no parameter of the question takes
    about: str
    #: why there is no answer; then the other fields are empty
    refusal: str = ""

    @property
    def name(self) -> str:
        """The name of the question or report."""
        return self.href.partition("?")[0].rpartition("/")[2]


_IS_DISEASE = """SELECT ?d { VALUES ?p { rdfs:label skos:altLabel } ?d a ?kind ; ?p ?name
  FILTER(LCASE(STR(?name)) = %s)
  FILTER(?kind = kg:Disease || EXISTS { ?any a kg:Disease ; kg:kindOf ?d }) } LIMIT 1"""
#: What people type who know no name yet -> where the answer stands.
_IT = r"(it|phase (2|3)|the (drug|programme|trial|combination)|bempeg\w*|pivot[\w ]*)"
_ENDED = r"(fail\w*|not|stop\w*|end\w*|wrong)"
_WHY = re.compile(rf"why (did|was|has|is) {_IT}\b.*\b{_ENDED}\b.*|why not|what went wrong|did it fail")
_WORKED = re.compile(rf"(did|does|has) {_IT} (work|worked|succeed\w*)")
_SAFE = re.compile(r"(was it )?(safe|safety|tolerab\w+|well tolerated|side effects?)")
_RESULTS = re.compile(r"((main|key|phase (2|3)) )?(results|findings|outcomes)( of (phase 3|the trials?))?")
_DEATHS = re.compile(r"(treatment related )?deaths?|who died")
INTENTS = (
    (_WHY, "report/why-phase-3"),
    (_WORKED, "question/treatment-effects"),
    (_RESULTS, "question/treatment-effects"),
    (_SAFE, "question/grade-3-or-4-events"),
    (re.compile(r"adverse events?|adverse effects?"), "question/adverse-events"),
    (_DEATHS, "question/toxicity-stops-and-deaths"),
    (re.compile(r"time ?line|history"), "question/programme-timeline"),
    (re.compile(r"mechanism( of action)?|how (does|should|did) it work"), "question/mechanism-steps"),
)
"""Plain words that are meant as a whole -> path of the page that answers them."""


def intended(kg: Graph, words: str) -> str:
    """Path of the page that answers words that are meant as a whole; empty for others."""
    plain = " ".join(re.findall(r"\w+", words.lower()))
    return next((path for intent, path in INTENTS if intent.fullmatch(plain) and is_here(kg, path)), "")


def is_here(kg: Graph, path: str) -> bool:
    """Whether this graph has the report or question of a path."""
    kind, _, name = path.partition("/")
    return kg.content.has_shipped if kind == "report" else name in kg.questions


def told(kg: Graph, path: str, answer: Answer, compose: reports.Compose) -> Asked:
    """The page of a report or question, with its answer."""
    kind, _, name = path.partition("/")
    if kind == "report":
        return Asked(reports.SHOWN[name], f"/{path}", compose(name).opening[0], "")
    question = kg.questions[name]
    return Asked(question.summary, f"/{path}", kg.sentence(question, answer(question, {})), "")


def suggested(kg: Graph, words: str) -> list[tuple[str, str, str]]:
    """Questions that words which are being typed may mean: text, address and kind."""
    found = {f"/question/{one.name}": one.summary for one in questions.nearest(kg.questions, words)[:4]}
    if path := intended(kg, words):  # what is meant as a whole comes first
        name = path.partition("/")[2]
        meant = reports.SHOWN[name] if name in reports.SHOWN else kg.questions[name].summary
        found = {f"/{path}": meant, **found}
    return [(text, href, href.split("/")[1]) for href, text in found.items()]


def understood(kg: Graph, words: str, answer: Answer, compose: reports.Compose) -> Asked | None:
    """What the words ask: a report, or a question; None for a single word or where nothing fits."""
    if path := intended(kg, words):
        return told(kg, path, answer, compose)
    if named := in_disease(kg, words, answer):
        return named
    endpoint = _endpoint(kg, words)
    if not endpoint and not re.search(r"\w\W+\w", words):
        return None
    try:
        reading, table = kg.ask_sentence(endpoint or words, answer=answer)
    except NoAnswer as error:
        reason = str(error).splitlines()[0]
        return Asked("", "", "", "", reason) if reason.startswith("not in the data") else None
    except BempegError:
        return None
    given = {
        name: kg.names.shorten(values[0]) for name, values in reading.parameters.items() if len(values) == 1
    }
    given |= _one_of_several(reading, table, given, answer)
    about = ", ".join(mention.text for mention in reading.filters)
    address = f"/question/{reading.question.name}" + (f"?{urlencode(given)}" if given else "")
    return Asked(reading.question.summary, address, table.sentence, about)


def _endpoint(kg: Graph, words: str) -> str:
    """The label of the endpoint that words name, such as PFS; empty for none."""
    try:
        iri = kg.resolve(words)
    except BempegError:
        return ""
    return (label_of(kg, iri) or "") if kg.names.kind_of(iri) == "endpoint" else ""


def _one_of_several(
    reading: Understood,
    table: Table,
    given: Mapping[str, str],
    answer: Answer,
) -> dict[str, str]:
    """The value by which an address asks for the same rows, where a sentence names several for a parameter.

    A page takes one value: of "kidney cancer" the wider of the diseases that it may mean.
    """
    several = [(name, values) for name, values in reading.parameters.items() if len(values) > 1]
    if len(several) != 1:
        return {}
    name, values = several[0]
    for value in values:
        try:
            alone = answer(reading.question, {**given, name: value})
        except BempegError:
            continue
        if set(alone.rows) == set(table.rows):
            return {name: table.names.shorten(value)}
    return {}


#: Questions about a disease -> the parameter that takes it; the first that has rows answers.
_OF_DISEASE = {"response-by-disease": "disease", "cohorts-by-disease-class": "class"}
_ALIAS = re.compile(r"(\w[\w ]*?) \(([^)]*)\)")


def in_disease(kg: Graph, words: str, answer: Answer) -> Asked | None:
    """What was seen in a disease that the words name; None where they name none, or nothing was seen."""
    if not kg.select(_IS_DISEASE % Literal(words.lower())).rows:
        return None
    for name, parameter in _OF_DISEASE.items():
        if name not in kg.questions:
            continue
        question = kg.questions[name]
        aliases = {one.strip(): other for one, other in _ALIAS.findall(question.description)}
        for meant in dict.fromkeys((words, aliases.get(words.lower(), words))):
            try:
                table = answer(question, {parameter: meant})
            except BempegError:
                continue
            if table.rows:
                about = "" if meant == words else meant
                address = f"/question/{name}?{urlencode({parameter: meant})}"
                return Asked(question.summary, address, kg.sentence(question, table), about)
    return None
