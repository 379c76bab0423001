"""Words that any question may have: left out, they make no answer that of another question."""

from __future__ import annotations

from functools import cache

from bempeg_kg.questions.synonyms import root

_WORDS = """
across active activity affect again although amongst approach approved area around aspect assigned
attempt available base based basic become believe believed call called case cause changed clear cohort
come coming common compare compared consider considered contain correct current data date day describe
design detail detect determine display easily either else enrolment entire entry especially estimate
even every everybody evidence exact example exist expect explain extent fact factor factors facts far
few figure find follow form frequent full further general give given go going good got great group
groups happen helped hold idea illustrate important include included increase indeed inside instead
interest involve item job keep kept kind know large late limited list little long look lot main make
mark matter mean means measured mention might moment much near necessary need needed new nobody nothing
now number obtain offer often old once only onto origin other others outcome over overall own part
particular perform performed person pick piece place plan play point population possible present
previous print printed probably problem produce programme provide public purpose put quite raise rather
reach reached read real reason received recent record relate related relevant remain report reports rest
right rise role run same second seem sense sentence set several side similar simple since single small
so some sort specific stand started statement status step submitted such suffer summary suppose take
taken talk tell term thing think thought time together total toward tried true try turn type under
too understand until use used useful using usual value various version very view want issue issues status
quality signal rate rates proportion percentage allocate allocated grant granted dataset overview
summarise summarize info information quick quickly brief briefly current currently actual actually
result results plot chart picture diagram cannot tumours cancers proof alone among because
control third beforehand
exactly specific associated association relationship respective across setting settings scale measure
outcome details patient patients way weeks well whole within wonder word work world worth year yet
"""


@cache
def common_roots() -> frozenset[str]:
    """Their roots."""
    return frozenset(root(word) for word in _WORDS.split())
