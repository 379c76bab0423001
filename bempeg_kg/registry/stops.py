"""Why a trial stopped: classes read from the words of the record."""

from __future__ import annotations

import re

from bempeg_kg.rdf.ntriples import kg

# A board that watches safety is no safety reason.
_BOARD = re.compile(
    r"(?i)\b(?:independent |external )?(?:data (?:and |& ?)?)?safety (?:and |& ?)?(?:data )?monitoring"
    r" (?:board|committee)s?"
)
_NEGATED = re.compile(
    r"(?i)\b(?:no|not|without|unrelated|never|neither|nor)\b[^.;,]{0,50}?"
    r"\b(?:safety|efficacy|toxicit\w*|side effects?|adverse|futility)(?:\s+(?:or|nor|and)\s+\w+)?"
    r"|\bother than [^.;,]{0,30}?\b(?:safety|efficacy|toxicit\w*|futility)(?:\s+(?:or|nor|and)\s+\w+)?"
    r"|\b(?:safety|toxicit\w*|side effects|adverse (?:event|effect)s)(?: \w+){0,2}? not"
    r" (?:been )?(?:an? |the )?(?:\w+ )?"
    r"(?:concern|issue|problem|reason|factor|cause|observed|seen|reported|found)"
)
_KEEP = re.compile(
    r"(?i)(?:no|not (?:\w+ ){0,3}?(?:show|demonstrat|meet|met|reach|achiev)\w*)\b[^.;,]{0,25}"
    r"(?:efficacy|futility)"
)
# Parts of the patterns below, by name.
_PARTS = {
    "GOAL": r"(?:end ?-?points?|efficacy|benefit|effect|superiority|significan|hypothesis|improve"
    r"|(?:efficacy|success|response|stopping|futility|primary|interim) (?:\w+ )?criteri"
    r"|differen)",
    "COME": r"(?<!prior to )(?<!before )(?:accru|recruit|enrol|inclusions?\b(?! criteri| and exclusion)"
    r"|randomi[sz]ation rate)",
    "FEW": r"(?:slow|low|poor|\bbad\b|protract|lack|insufficient|inadequate|inabilit|unable|not able"
    r"|could ?n[o']t|difficult|fail|delay|barrier|challeng|problem|issue|below|limited|feasib|infeasib"
    r"|under-?|hard|halt|behind|unsuccessful|not smooth"
    r"|less th[ae]n|not enoug\w*|without|\bno\b|never|zero"
    r"|\bonly (?:\w+ ){0,3}(?:enrol|recruit|accru)"
    r"|not (?:\w+ ){0,2}(?:met|meet|reach|achiev|accru|recruit|enrol|attain|possible|feasible"
    r"|sufficient|adequate|complet))",
    "MONEY": r"(?:fund|financ|budget|\bgrants?\b|money|monetary)",
    "ENDED": r"(?:lack|loss|lost|insufficient|inadequate|limit|\bend|expir|withdr|unavailab|ran out|out of"
    r"|exhaust|constrain|\bcuts?\b|stopp|ceas|terminat|without|discontinu|due to|because of|problem|issue"
    r"|reasons?\b|delay|shortage|break|unable|on hold|wait|pending)",
    "STOP": r"(?:discontinu|suspend|terminat|stopp|cancel|\bend|halt|abandon)",
    "PEOPLE": r"(?:patients?|participants?|subjects?|sample)",
    "WHO": r"(?:\bPI\b|investigator|official|co-?ordinator|director|leader|person\b|personnel|\bfellow\b"
    r"|student)",
}
#: class, then its patterns; capitals stand for the parts above
_REASONS = r"""
futility
  futil|insufficient efficacy|ineffective|(?:lack|absence) of (?:\w+ ){0,2}(?:efficacy|effect|benefit)
  \bno (?:\w+ )?(?:efficacy|benefit|effect|difference|value)\b|(?:poor|insufficient) (?:clinical )?response
  (?:fail\w*|inabilit\w+|unable|unlikely) to (?:\w+ )?(?:meet|show|demonstrat|reach|achiev)[^.;]{0,40}GOAL
  GOAL[^.;]{0,60}\b(?:not (?:\w+ )?(?:met|reach|achiev|shown|demonstrat)|missed)
  (?:did|does|has|was|could|would) not (?:\w+ )?(?:meet|met|reach|achiev|show|demonstrat)[^.;]{0,60}GOAL
  (?:low|little|small|unlikely|no)\b[^.;]{0,20}(?:likelihood|probability|chance)[^.;]{0,30}(?:success|GOAL)
  (?:likelihood|probability|chance)[^.;]{0,60}\b(?:low|small)\b|inadequate separation|conditional power
  \bnot (?:\w+ )?(?:effective|efficacious|superior)\b|did not (?:\w+ )?(?:outperform|separate from|work\b)
  (?:\bno|insufficient|lack of|limited|low) (?:\w+[- ])?(?:anti-?\w+ )?(?:activity\b|responses\b)
  (?:\bno|insufficient|lack of|inadequate) (?:therapeutic|clinical|objective|treatment|tumou?r) response
  insufficient number of respons|response rates? (?:\w+ )?(?:did not|below|lower|too low)
  negative (?:results?|outcome)
safetyReason
  safety|unsafe|not safe|toxic|adverse|side effect|clinical hold|\bharm
  (?:increas|higher|excess|elevated|risk of)\w*[^.;]{0,30}(?:mortality|deaths?|bleed|rejection|infection)
  unexpected (?:\w+ )?(?:histolog|patholog|toxic|laborator)\w* findings
  intoleran|(?:poor|low|lack of|not (?:well )?)[- ]?tolera
  stopping rule[^.;]{0,60}(?:incidence|rejection|event|mortality|death)
  (?:risk|benefit)[- /](?:to[- ])?(?:risk|benefit)
  \bDLTs?\b|dose[- ]limiting|hy'?s law|suicid|\bQTc?\b|\bSAEs?\b|\bSUSARs?\b|anaphyla|myocarditis
  (?:serious|unexpected|severe) (?:unexpected )?(?:adverse )?(?:events?|reactions?)\b
  (?:increas|higher|excess|elevated|more)\w*[^.;]{0,30}\b(?:stroke|thrombo|embol|seizure|malignan|infarct|infections)
slowAccrual
  FEW[^.;]{0,60}COME
  COME[^.;]{0,60}FEW
  (?:lack of|insufficient|not enough|\bfew|\bno|limited)\s+(?!effect|benefit)(?:\w+[- ]){0,3}PEOPLE\b
  (?:unable|not able) to (?:find|get|identify) (?:\w+ ){0,2}PEOPLE\b
  \b(?:small|low) (?:number of )?PEOPLE\b|low inclusion
  insufficient number(?! of (?:\w+ )?respon)|lower number of
objectivesMet
  (?:sufficient|enough|adequate) data|objectives? (?:\w+ ){0,2}(?:met|reached|achieved)
  (?:power|sample size) (?:\w+ ){0,4}(?:was |were )?(?:reached|achieved)
  (?<!of )(?:study|trial|analysis) (?:is |was |has been )?complete
  (?:enough|sufficient) (?:\w+ ){0,2}(?:info\b|information|statistic)|maximum[^.;]{0,30}\breached
  (?:enough|sufficient) number[^.;]{0,40}(?:achi|reach|obtain)
  \b(?:goals?|targets?) (?:was |were |is |has been |have been )?(?:met|reached|achieved|exceeded)
  (?<!before )(?<!prior to )(?:accrual|enrol\w+|recruitment) (?:is |was |has been )?complete[d]?\b
  \b(?:all|required|necessary|needed) (?:\w+ )?data (?:\w+ ){0,2}(?:acquired|collected|obtained)
  ^data acquired
  (?:overwhelming|early|superior) (?:efficacy|success)|efficacy boundary|endpoint (?:was )?met early
  (?:additional|further|more) (?:enrol\w*|PEOPLE)[^.;]{0,20}would not (?:alter|change)
programmeStop
  (?:program(?:me)?|development|compound|drug|product)\b[^.;]{0,40}\bSTOP
  STOP\w*[^.;]{0,40}\b(?:program(?:me)?|development)\b|program(?:me)?\b[^.;]{0,20}on hold
  not (?:to )?(?:pursue|continue) (?:\w+ )?development
businessReason
  business|strateg|portfolio|commercial|merger|acquisition|acquired by|priorit
  (?:sponsor|company) (?:was |has )?(?:sold|dissolved|closed down|ceased)|\beconomic
  (?:re-?|to )focus\w*[^.;]{0,20}(?:resources|project)
  resources[^.;]{0,15}\bre-?focus|compan(?:y|ies)[^.;]{0,20}(?:withdrew|lost|no) (?:\w+ )?interest
lackOfFunding
  ENDED[^.;,]{0,40}MONEY
  MONEY[^.;,]{0,40}ENDED
  \b(?:no|not) (?:\w+ ){0,2}MONEY
  MONEY[^.;,]{0,20}\bnot (?:secured|obtained|received|approved|granted|available)
  bankrupt|insolven|funder[^.;]{0,15}(?:pull|withdr|stopp|end)
  \b(?:award|NIH|contract)\b[^.;,]{0,20}\b(?:ended|expired|not renew|ran out)
  withdrew (?:\w+ )?support|support[^.;,]{0,20}(?:ended|withdrawn)
supplyReason
  suppl(?:y|ies)\b|drug availab|(?<!staff )\bavailability\b|shortage of (?!fund|money)
  (?<!resources )(?<!funding )(?<!funds )(?<!grant )unavailab
  (?:medication|drug|product|device|machine|equipment)s? (?:\w+ )?(?:not|no longer) available
  problem with the (?:\w+ )?(?:product|vaccine|drug|device)
  no (?:more|longer) (?:\w+ ){1,2}available|production\b[^.;]{0,20}(?:stopp|discontinu|problem|halt)
  (?:lack|unable|shortage|failure)\b[^.;]{0,20}(?:equipment|machine)\b
  manufactur\w* (?:problem|issue|delay|stop|discontin|difficult|constrain)
  (?:stopp|discontinu|no longer)\w* (?:\w+ )?(?:manufactur|produc|made\b)
  (?:drug|product|medication)s? (?:\w+ )?expir|expired (?:\w+ )?(?:drug|product|medication)|\brecall(?:ed)?\b
externalEvent
  covid|pandemic|sars-cov|\bwar\b|hurricane|earthquake|flood|\bunrest\b|brexit
investigatorLeft
  (?:departure|loss) of (?:\w+ ){0,2}WHO
  WHO[^.;]{0,30}(?:left|leav|\bmov(?!\w+ (?:forward|ahead))|no longer at|retire|depart|relocat)
  WHO[^.;]{0,30}(?:death|died|transfer|resign|separat|transition)
  (?:lack of|insufficient|necessary)[^.;]{0,15}(?:personnel|human res+ources)
  \bleft the (?:\w+ )?(?:universit|institut|hospital|compan|site|clinic)
  \bDr\.? [A-Z]\w+ (?:has )?(?:left|moved|retired)
  personnel changes?|changes? (?:in|of) (?:\w+ )?personnel
  \bstaff
"""


def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    patterns: list[tuple[str, re.Pattern[str]]] = []
    code = ""
    for line in _REASONS.strip().splitlines():
        if not line.startswith(" "):
            code = kg(line)
            continue
        text = re.sub("|".join(_PARTS), lambda part: _PARTS[part[0]], line.strip())
        patterns.append((code, re.compile(text, re.IGNORECASE)))
    return tuple(patterns)


_PATTERNS = _patterns()
_SPONSOR = re.compile(
    r"(?i)(?:sponsor.{0,20}|(?:company|corporate|management)(?:'s)? )(?:decision|decided|request)"
    r"|(?:decision|decided|terminated|withdrawn|stopped|request) (?:by|of) (?:the )?"
    r"(?:sponsor|company|management)"
    r"|^\W*(?:the )?sponsor (?:has )?(?:terminated|stopped|ended|withdr[ae]w\w*|cancel\w+|discontinued)"
    r"(?: \w+){0,2}\W*$"
)


def stop_classes(why: str | None) -> list[str]:
    """The classes of a stop reason, read from its words; denials ("not for safety reasons") do not count.

    That the sponsor decided is a class only where no ground is given.

    >>> [code.rpartition('#')[2] for code in stop_classes("Sponsor decision, not related to safety")]
    ['businessReason>']
    >>> [code.rpartition('#')[2] for code in stop_classes("Slow accrual and lack of funding")]
    ['slowAccrual>', 'lackOfFunding>']
    >>> [code.rpartition('#')[2] for code in stop_classes("Enrolment goal was not reached")]
    ['slowAccrual>']
    """
    if not why or not why.strip():
        return [kg("reasonNotStated")]
    words = _BOARD.sub(" ", why)
    words = _NEGATED.sub(lambda denial: denial[0] if _KEEP.match(denial[0]) else " ", words)
    classes = list(dict.fromkeys(code for code, pattern in _PATTERNS if pattern.search(words)))
    if not classes and _SPONSOR.search(why):
        return [kg("businessReason")]
    return classes or [kg("otherReason")]
