"""Terms of the Biolink Model 4: categories, prefixes, qualifiers and association classes."""

from __future__ import annotations

#: class of the vocabulary -> category
CATEGORIES = {
    "kg:Drug": "biolink:Drug",
    "kg:ActiveSpecies": "biolink:ChemicalEntity",
    "kg:DrugComponent": "biolink:ChemicalEntity",
    "kg:DrugCombination": "biolink:ChemicalMixture",
    "kg:DrugClass": "biolink:ChemicalRole",
    "kg:Metabolite": "biolink:SmallMolecule",
    "kg:Protein": "biolink:Protein",
    "kg:ProteinFamily": "biolink:ProteinFamily",
    "kg:ProteinComplex": "biolink:MacromolecularComplex",
    "kg:CellType": "biolink:Cell",
    "kg:Compartment": "biolink:AnatomicalEntity",
    "kg:Species": "biolink:OrganismTaxon",
    "kg:BiologicalProcess": "biolink:BiologicalProcess",
    "kg:Pathway": "biolink:Pathway",
    "kg:Disease": "biolink:Disease",
    "kg:AdverseEventTerm": "biolink:PhenotypicFeature",
    "kg:Endpoint": "biolink:ClinicalAttribute",
    "kg:Trial": "biolink:ClinicalTrial",
    "kg:Organisation": "biolink:Agent",
}

#: category -> our prefixes whose exact matches can be the identifier of a node, best first
PREFERRED = {
    "biolink:Drug": ("rxnorm", "umls", "CHEBI", "unii", "chembl.compound", "drugbank", "mesh", "cas"),
    "biolink:Protein": ("uniprot", "PR"),
    "biolink:MacromolecularComplex": ("GO", "reactome", "chembl.target", "complexportal"),
    "biolink:Cell": ("CL", "umls", "NCIT", "mesh"),
    "biolink:AnatomicalEntity": ("UBERON", "NCIT", "mesh"),
    "biolink:OrganismTaxon": ("NCBITaxon",),
    "biolink:BiologicalProcess": ("GO", "reactome"),
    "biolink:Pathway": ("GO", "reactome", "wikipathways"),
    "biolink:Disease": ("MONDO", "DOID", "EFO", "umls", "mesh", "NCIT"),
    "biolink:PhenotypicFeature": ("HP", "EFO", "NCIT", "umls", "mesh"),
    "biolink:ChemicalRole": ("CHEBI",),
}

#: our prefix -> how Biolink spells it, where that differs
SPELLED = {
    "atc": "ATC",
    "cas": "CAS",
    "chembl.compound": "CHEMBL.COMPOUND",
    "chembl.target": "CHEMBL.TARGET",
    "complexportal": "ComplexPortal",
    "drugbank": "DRUGBANK",
    "drugcentral": "DrugCentral",
    "fplx": "FPLX",
    "hgnc": "HGNC",
    "kegg.drug": "KEGG.DRUG",
    "mesh": "MESH",
    "reactome": "REACT",
    "rxnorm": "RXCUI",
    "umls": "UMLS",
    "unii": "UNII",
    "uniprot": "UniProtKB",
    "wikidata": "WIKIDATA",
    "wikipathways": "WIKIPATHWAYS",
}

#: relation of RO -> (aspect of the object, direction), for Biolink's `affects`
QUALIFIERS = {
    "RO:0002447": ("phosphorylation", "increased"),
    "RO:0002449": ("activity", "decreased"),
    "RO:0002450": ("activity", "increased"),
    "RO:0011008": ("expression", "increased"),
    "RO:0011013": ("activity", "increased"),
    "RO:0011016": ("activity", "decreased"),
    "RO:0011023": ("abundance", "decreased"),
    "RO:0011024": ("abundance", "increased"),
    "RO:0018027": ("activity", "increased"),
    "RO:0018029": ("activity", "decreased"),
}

#: how far a step was checked -> knowledge level
LEVELS = {
    "seenInSource": "knowledge_assertion",
    "curatorInference": "logical_entailment",
    "seedOnly": "not_provided",
}

_ADVERSE = "ChemicalOrDrugOrTreatmentAdverseEventAssociation"
_STUDIED = "ChemicalOrDrugOrTreatmentToDiseaseOrPhenotypicFeatureAssociation"
_CHEMICALS = ("ChemicalEntity", "ChemicalMixture", "Drug", "SmallMolecule")
_MACHINES = ("MacromolecularComplex", "Protein")
#: (categories of the subject, relations, categories of the object, class): the first that fits. Classes of
#: the model ask for narrow relations; what fits none is an association and no more.
_ASSOCIATIONS = (
    (_CHEMICALS, ("in_clinical_trials_for",), ("Disease",), _STUDIED),
    (_CHEMICALS, ("has_adverse_event",), ("PhenotypicFeature",), _ADVERSE),
    (_CHEMICALS, ("affects",), ("Protein",), "ChemicalAffectsGeneAssociation"),
    (
        _CHEMICALS,
        ("affects", "disrupts"),
        ("BiologicalProcess", "Cell", "MacromolecularComplex", "ProteinFamily"),
        "ChemicalAffectsBiologicalEntityAssociation",
    ),
    (
        _CHEMICALS,
        ("actively_involved_in",),
        ("BiologicalProcess",),
        "ChemicalEntityToBiologicalProcessAssociation",
    ),
    (_CHEMICALS, ("causes",), ("BiologicalProcess",), "ChemicalEntityToBiologicalProcessAssociation"),
    (
        _CHEMICALS,
        ("derives_from", "has_part"),
        _CHEMICALS,
        "ChemicalEntityToChemicalEntityAssociation",
    ),
    (("Protein",), ("directly_physically_interacts_with",), ("Protein",), "PairwiseGeneToGeneInteraction"),
    (("Protein",), ("affects",), ("Protein",), "GeneToGeneAssociation"),
    (
        _MACHINES,
        ("actively_involved_in", "affects"),
        ("BiologicalProcess",),
        "MacromolecularMachineToBiologicalProcessAssociation",
    ),
    (
        ("BiologicalProcess",),
        ("affects", "has_output"),
        ("AnatomicalEntity", "Cell"),
        "BiologicalProcessOrActivityToAnatomicalEntityAssociation",
    ),
    (
        ("AnatomicalEntity", "Cell"),
        ("located_in",),
        ("AnatomicalEntity", "Cell"),
        "AnatomicalEntityToAnatomicalEntityAssociation",
    ),
    (
        ("BiologicalProcess",),
        ("subclass_of",),
        ("BiologicalProcess",),
        "BiologicalProcessOrActivityToBiologicalProcessOrActivityAssociation",
    ),
)


def association(subject: str, predicate: str, target: str) -> str:
    """The class of an edge, by the categories of its ends and its relation, all as CURIEs.

    >>> association("biolink:Drug", "biolink:affects", "biolink:Protein")
    'biolink:ChemicalAffectsGeneAssociation'
    """
    ends = [one.removeprefix("biolink:") for one in (subject, predicate, target)]
    for subjects, predicates, targets, name in _ASSOCIATIONS:
        if ends[0] in subjects and ends[1] in predicates and ends[2] in targets:
            return f"biolink:{name}"
    return "biolink:Association"
