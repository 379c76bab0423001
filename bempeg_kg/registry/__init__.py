"""Records of ClinicalTrials.gov (API v2) as statements of the same model as the curated trials.

>>> record = {"protocolSection": {"identificationModule": {"nctId": "NCT01234567"}}}
>>> map_record(record).nct
'NCT01234567'
"""

from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.mapping import Mapped, map_record
from bempeg_kg.registry.record import Problem, Refused

__all__ = ["Joins", "Mapped", "Problem", "Refused", "map_record"]
