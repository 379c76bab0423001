"""Thirty questions of experts, asked in SPARQL from the ontology alone: does the model hold the answer?

Each has the labels that must come back, read in the sources. An empty set is an answer that no source gives:
the question is kept so that a new source which gives it is noticed.
"""

from __future__ import annotations

import pytest

from bempeg_kg import KnowledgeGraph

STEP = "?s a kg:MechanismAssociation ; "
MECHANISM = {
    "What do the chains of the prodrug hinder?": (
        STEP + "kg:subject drug:peg-linker ; kg:sign kg:inhibits ; kg:object/rdfs:label ?x",
        {"interleukin-2 binding", "IL-2 receptor alpha-beta-gamma complex"},
    ),
    "Which kinases phosphorylate STAT5A?": (
        STEP + "kg:object protein:stat5a ; kg:predicate obo:RO_0002447 ; kg:subject/rdfs:label ?x",
        {"tyrosine-protein kinase JAK1", "tyrosine-protein kinase JAK3"},
    ),
    "Which chains does the trimeric receptor have that the dimer lacks?": (
        """complex:il2r-abg-complex obo:BFO_0000051 ?c . ?c rdfs:label ?x .
        FILTER NOT EXISTS { complex:il2r-bg-complex obo:BFO_0000051 ?c }""",
        {"interleukin-2 receptor subunit alpha"},
    ),
    "Which cells carry the dimeric receptor?": (
        STEP + "kg:object complex:il2r-bg-complex ; kg:subject ?c . ?c a kg:CellType ; rdfs:label ?x",
        {"natural killer cell", "CD8-positive, alpha-beta T cell"},
    ),
    "On which lymphocytes does the drug act, by kind of cell and not by name?": (
        STEP + "kg:subject drug:bempegaldesleukin ; kg:sign kg:activates ; kg:negated false ; kg:object ?c . "
        "?c kg:kindOf obo:CL_0000542 ; rdfs:label ?x",
        {"tumour-infiltrating lymphocyte", "natural killer cell", "effector CD8-positive, alpha-beta T cell"},
    ),
    "Which steps are disputed because they were seen in another species?": (
        """?d kg:disputes ?s ; kg:axis ?axis . ?s kg:object/rdfs:label ?x .
        FILTER(CONTAINS(?axis, "species"))""",
        {"regulatory T cell", "hypotension"},
    ),
    "Which molecules does SHP-2 act on below PD-1?": (
        STEP + "kg:subject protein:shp2 ; kg:sign kg:inhibits ; kg:object/rdfs:label ?x",
        {
            *("T-cell surface glycoprotein CD3 zeta chain", "tyrosine-protein kinase ZAP-70"),
            "T-cell-specific surface glycoprotein CD28",
        },
    ),
    "What rose in the blood of patients of the phase 3 trial?": (
        STEP + "kg:source source:gogas2024-npjpo ; kg:object/rdfs:label ?x",
        {
            *("interferon gamma", "CD4-positive, alpha-beta T cell", "CD8-positive, alpha-beta T cell"),
            "regulatory T cell",
        },
    ),
    "What does STAT5 do in the nucleus of a regulatory T cell?": (
        STEP + "kg:compartment compartment:nucleus ; kg:contextCell cell:treg ; kg:object/rdfs:label ?x",
        {
            *("forkhead box protein P3", "regulatory T cell differentiation", "regulatory T cell expansion"),
            "suppression of effector response by regulatory T cells",
        },
    ),
    "Which molecules does nivolumab meet first?": (
        STEP + "kg:subject drug:nivolumab ; kg:object ?o . ?o a ?class ; rdfs:label ?x . "
        "VALUES ?class { kg:Protein kg:ProteinComplex }",
        {"programmed cell death protein 1", "PD-1/PD-L1 complex", "PD-1/PD-L2 complex"},
    ),
}
EVIDENCE = {
    "What was the response rate of each arm of the phase 3 trial in melanoma?": (
        "?r kg:trial trial:pivot-io-001 ; kg:endpoint endpoint:orr ; a kg:Result ; kg:printed ?x",
        {"27.7", "36.0"},
    ),
    "How many responded in it? (No source prints the counts.)": (
        "?r kg:trial trial:pivot-io-001 ; kg:endpoint endpoint:orr ; kg:numerator ?x",
        set(),
    ),
    "Which contrasts of the programme have an interval that is not at 95 %?": (
        """?c a kg:Contrast ; kg:level ?level ; kg:trial ?t ; kg:endpoint/rdfs:label ?e . ?t rdfs:label ?l ;
        kg:programme programme:bempegaldesleukin . FILTER(?level != 95)
        BIND(CONCAT(STR(?l), " ", STR(?e)) AS ?x)""",
        {
            *("PIVOT IO 001 progression-free survival", "PIVOT IO 001 overall survival"),
            "PIVOT-09 overall survival",
        },
    ),
    "Which hazard ratios of the programme favour the control?": (
        """?c kg:measure statistic:hazard-ratio ; kg:value ?v ; kg:printed ?x ;
        kg:trial/kg:programme programme:bempegaldesleukin . FILTER(?v > 1)""",
        {"1.09"},
    ),
    "Which phase 3 trials were open-label?": (
        "?t kg:designTerm design:phase-3 , design:open-label ; rdfs:label ?x",
        {"PIVOT IO 001", "PIVOT-09", "PIVOT-12", "CA045-009"},
    ),
    "Which trial had a single arm?": ("?t kg:designTerm design:single-arm ; rdfs:label ?x", {"PIVOT-10"}),
    "Which trials had a primary endpoint judged by blinded independent central review?": (
        "?e kg:endpointRole kg:primaryEndpoint ; kg:assessor assessment:bicr ; kg:trial/rdfs:label ?x",
        {"PIVOT IO 001", "PIVOT-02", "PIVOT-09", "PIVOT-10", "PIVOT-12"},
    ),
    "Which medians of overall survival were not reached?": (
        "?r kg:endpoint endpoint:os ; kg:valueStatus kg:notReached ; kg:trial/rdfs:label ?x",
        {"PIVOT-02", "PIVOT-09", "RELATIVITY-047"},
    ),
    "On how many participants of PIVOT-12 do the sources disagree?": (
        "?r kg:trial trial:pivot-12 ; kg:endpoint endpoint:participants ; kg:printed ?x",
        {"765", "775"},
    ),
    "Which p-values stand against an alpha that is recorded?": (
        "?c a kg:Contrast ; kg:alpha ?alpha ; kg:pPrinted ?x . FILTER(?alpha > 0)",
        {"0.3988", "0.0311", "0.19"},
    ),
}
PROVENANCE = {
    "Which response rates in melanoma were public when phase 3 began?": (
        """?r a kg:Result ; kg:trial trial:pivot-02 ; kg:endpoint endpoint:orr ; kg:printed ?x ;
        kg:condition disease:metastatic-melanoma ; kg:firstPublicEarliest ?day .
        FILTER(?day < "2018-09-21"^^xsd:date)""",
        {"50", "45"},
    ),
    "What followed from the read-out of PIVOT IO 001?": (
        "?e kg:followsFrom+ event:pivot-io-001-read-out ; rdfs:label ?x",
        {
            "PROPEL-36 and PROPEL stopped",
            "PIVOT IO 001 unblinded, no further analyses of overall survival",
            "PIVOT-12 enrolment stopped and trial unblinded",
        },
    ),
    "Who ended the programme?": (
        "?e kg:eventType 'stop' ; kg:actor/rdfs:label ?x",
        {"Bristol Myers Squibb", "Nektar Therapeutics"},
    ),
    "Which trials of the programme have no result of any kind?": (
        """?t a kg:Trial ; kg:programme programme:bempegaldesleukin ; rdfs:label ?x .
        FILTER NOT EXISTS { ?r kg:trial ?t ; kg:value ?v }""",
        {"HNSCC radiation study"},
    ),
    "Which source of a result is retracted? (None is recorded as such.)": (
        "?r kg:source ?s . ?s kg:sourceFlag ?x . FILTER(STRSTARTS(STR(?x), 'retracted'))",
        set(),
    ),
}
OUTSIDE = {
    "Which proteins of UniProt are PD-1?": (
        "protein:pd1 skos:exactMatch ?x . FILTER(STRSTARTS(STR(?x), 'http://purl.uniprot.org/uniprot/'))",
        {"http://purl.uniprot.org/uniprot/Q15116"},
    ),
    "Which carcinomas of the kidney, by MONDO, were studied?": (
        """?t kg:programme programme:bempegaldesleukin ; kg:condition ?d . ?d rdfs:label ?x ;
        kg:kindOf obo:MONDO_0005086""",
        {"clear cell renal carcinoma", "renal cell carcinoma"},
    ),
    "Which processes are responses to a tumour cell, by GO?": (
        "?p a kg:BiologicalProcess ; kg:kindOf obo:GO_0002418 ; rdfs:label ?x",
        {
            *(
                "immune response to tumor cell",
                "T cell mediated cytotoxicity directed against tumor cell target",
            ),
            "natural killer cell mediated cytotoxicity directed against tumor cell target",
        },
    ),
    "Where is the registry's own page of PIVOT-09?": (
        "trial:pivot-09 rdfs:seeAlso ?x . FILTER(CONTAINS(STR(?x), 'clinicaltrials.gov'))",
        {"https://clinicaltrials.gov/study/NCT03729245"},
    ),
    "Which MedDRA codes do the adverse events have? (None: the codes are licensed.)": (
        "?e skos:exactMatch ?x . FILTER(CONTAINS(LCASE(STR(?x)), 'meddra'))",
        set(),
    ),
}
QUESTIONS = MECHANISM | EVIDENCE | PROVENANCE | OUTSIDE


def test_there_are_thirty() -> None:
    assert len(QUESTIONS) == 30


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_model_answers(kg: KnowledgeGraph, question: str) -> None:
    pattern, labels = QUESTIONS[question]
    answer = kg.select(f"SELECT DISTINCT (STR(?x) AS ?label) {{ {pattern} }}")
    assert {cell.value for (cell,) in answer.rows if cell is not None} == labels
