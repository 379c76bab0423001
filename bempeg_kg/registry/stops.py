"""Why a trial stopped: classes read from the words of the record."""

from __future__ import annotations

import re

from bempeg_kg.rdf.ntriples import kg
from bempeg_kg.registry.stop_patterns import patterns

# A board that watches safety, a safety study or a good safety profile is no safety reason.
_NO_GROUND = re.compile(
    r"(?i)\b(?:independent |external |local |radiation |bio)?(?:data (?:and |& ?)?)?"
    r"safety (?:and |& ?)?(?:data )?"
    r"(?:(?:monitoring|review|oversight) )?(?:board|committee|team|group|panel)s?"
    r"|\bdata (?:and |& ?)?safety board"
    r"|\bend ?-?points? \(safety\)|\b(?:long-term|rollover) safety\b|\bsafety (?:lead-?in|run-?in"
    r"|follow-?up|extension|part|phase"
    r"|period)\b"
    r"|\b(?:favou?rable|(?<!not )acceptable|good|benign|manageable|excellent|consistent) (?:\w+ )?safety"
    r"(?: profile| data)?"
    r"|\bsafety(?: and \w+)?(?: profile)? (?:\w+ ){0,3}(?:favou?rable|(?<!not )acceptable|good|benign"
    r"|manageable)\b"
    r"|\b(?:prior to|before|until)(?: \w+){0,4}? (?:enrol|recruit|accru|randomi[sz])\w*"
    r"|\bto complete (?:the )?(?:\w+ ){0,2}(?:enrol|recruit|accru)\w*"
    r"|\b(?:stopp|paus|halt|suspend|clos)\w* (?:the )?(?:enrol|recruit|accru)\w*|\bdesired inclusions\b"
    r"|\b(?:they|patients?|participants?|subjects?) (?:\w+ ){0,2}(?:did|do) not meet [^.;]*?criteri\w+"
    r"|\b(?:enrol\w+|recruitment|accrual) (?:has|had) not (?:yet )?(?:begun|started)\b"
    r"|\bwithin the funding period\b"
    r"|\b(?:never|not)(?: \w+)? (?:opened|started|activated) (?:to|for) (?:accrual|enrol\w+|recruitment)"
    r"|\b(?:futility (?:and/)?or efficacy|efficacy (?:and/)?or futility)\b"
    r"|\b(?:prior to|before|after) (?:the )?(?:covid|pandemic)[\w-]*"
)
# The disease under study is no event from outside.
_PATIENTS_OF = re.compile(
    r"(?i)(\b(?:lack|declin|decreas|few|low|no\b|insufficient|reduc|drop)[^.;,]{0,40})\bcovid[\w-]*"
    r"(?= (?:patient|case|infect|positive))"
)
_TOPIC = (
    r"(?:safety|efficacy|effectiveness|(?:dose[- ]limiting )?toxicit\w*|\bDLTs?\b|tolerability"
    r"|side[- ]effects?"
    r"|adverse|futility)(?:[- ]related)?"
)
_LIST = (
    rf"(?:(?:,? (?:or|nor|and) (?:to |for |of )?(?:lack of )?|, ?| ?/ ?|/)(?:{_TOPIC}|quality|tolerability))"
)
_DOUBT = r"(?:concern|issue|reason|problem|signal|finding|consideration|event|decision)s?"
_DENIED = re.compile(
    # "no safety or efficacy concerns", "not due to quality, safety or efficacy issues"
    rf"(?i)\b(?:no|not|without|nor|non"
    rf"|absence of)\b[ -](?:(?!no )\w+[ -]){{0,5}}?{_TOPIC}{_LIST}{{0,3}} {_DOUBT}\b"
    r"(?:,? (?:or|nor) (?:a |any )?(?:lack|want|absence) of \w+)?"
    r"|\b(?:not|un|ir|nothing) ?(?:\w+ ){0,3}?(?:due|relat\w+|because|bas\w+|driv\w+|attribut\w+|link\w+"
    r"|prompt\w+|motivat\w+|result|consequence|reflect\w*|for|to do with|respective)\b"
    rf"[^.;]{{0,50}}?\b{_TOPIC}{_LIST}{{0,3}}(?: (?:\w+ )?{_DOUBT}\b)?"
    rf"|\b(?:other|rather) than [^.;,]{{0,30}}?\b{_TOPIC}{_LIST}{{0,2}}"
    rf"|\bnon-?{_TOPIC}"
    rf"|\b{_TOPIC}(?: \w+){{0,3}}? not (?:been )?(?:an? |the )?(?:\w+ )?"
    r"(?:concern|issue|problem|reason|factor|cause|observed|seen|reported|found|identified|reached|occur)"
)
_NEGATED = re.compile(
    rf"(?i)\b(?:no|not|without|unrelated|never|neither|nor)\b[^.;,]{{0,50}}?\b{_TOPIC}(?:\s+(?:or|nor"
    rf"|and)\s+\w+)?"
)
# Want of efficacy is said with a negation too.
_KEEP = re.compile(
    r"(?i)(?:no|not (?:\w+ ){0,3}?(?:show|demonstrat|meet|met|reach|achiev|hav)\w*)\b[^.;,]{0,25}"
    r"(?:efficacy|effectiveness|futility)"
)
# How far the trial had come counts as a reason only where no other is given.
_STATE = re.compile(
    r"(?i)(?:^|[.;] ?|\band the study was closed )(?:no|zero|without any|only \w+) (?:study )?(?:\w+ )?"
    r"(?:(?:patients?|participants?|subjects?|volunteers?) )?(?:(?:were|was|have been|had been) )?(?:ever )?"
    r"(?:enrol\w+|recruited|accru\w+|included)(?: (?:or|and) \w+)?\b(?: (?:in|on"
    r"|to) (?:the |this )?(?:study|trial))?(?=[.;]|$)"
    r"|(?:^|[.;,] ?)only \w+ (?:patients?|participants?|subjects?) (?:were |was )?(?:enrolled"
    r"|recruited)(?: and \w+)?(?=[.;]|$)"
    r"|\b(?:with|after) (?:only )?(?:\w+ )(?:patients?|participants?|subjects?) (?:were )?(?:enrol\w+"
    r"|recruited|accrued|included)"
    r"|(?:recruitment|enrol\w+|accrual) (?:was |has been )?(?:stopped|closed|ended"
    r"|terminated)(?=[^.;]{0,40}\bbefore )"
    r"|\bbefore (?:the )?(?:\w+ ){0,2}(?:target|goal|sample size|accrual|planned)[^.;]*"
)
_SPONSOR = re.compile(
    r"(?i)\b(?:spons[oe]rs?|company|corporate|management|manufacturer|drug company)(?:'?s)?\b[^.;]{0,25}?"
    r"(?:\bdeci|elect|withdr|terminat|stopp|ended|cancel|discontinu|request|chose|choice"
    r"|discretion|pursu|opted"
    r"|discard|clos|halt"
    r"|no longer|not to)"
    r"|(?:\bdeci\w+|terminated|withdrawn|stopped|cancel\w+|discard\w*|discontinued|closed|request\w*|review)"
    r"(?: \w+){0,3}? (?:by|of|from) (?:the )?(?:\w+ )?(?:spons[oe]r|company|management|organi[sz]ation)"
    r"|(?:^|\. )\W*(?:Pfizer|Novartis|Roche|Genentech|Merck|MSD|Lilly|GSK|Sanofi|AstraZeneca|Bayer"
    r"|Janssen|AbbVie|Amgen"
    r"|Takeda|Biogen|Gilead|BMS|Boehringer)\b[^.;]{0,20}\b(?:deci|elect|withdr|terminat|stopp|discontinu)"
)

# A ground beside the sponsor's decision.
_GROUND = re.compile(
    r"(?i)\b(?:due to|because|owing to|as a result of|in view of|based (?:up)?on|in light of)"
    r"(?! (?:the |an? )?(?:\w+ ){0,2}(?:sponsor|compan|management|corporate|decision))"
)
# Beside a pandemic "safety" is that of coming to the visits.
_HARM = re.compile(
    r"(?i)toxic|adverse|side[- ]effect|\bSAEs?\b|dose[- ]limiting|clinical hold|safety (?:signal"
    r"|concern|issue|reason)"
)


def _read(words: str) -> list[str]:
    return list(dict.fromkeys(code for code, pattern in patterns() if pattern.search(words)))


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
    words = _PATIENTS_OF.sub(r"\1", _NO_GROUND.sub(" ", why))
    words = _DENIED.sub(" ", words)
    words = _NEGATED.sub(lambda denial: denial[0] if _KEEP.match(denial[0]) else " ", words)
    classes = _read(_STATE.sub(" ", words))
    if not classes and _SPONSOR.search(why) and not _GROUND.search(words):
        classes = [kg("businessReason")]
    classes = classes or [code for code in _read(words) if code == kg("slowAccrual")]
    if kg("externalEvent") in classes and not _HARM.search(words):
        classes = [code for code in classes if code != kg("safetyReason")]
    return classes or [kg("otherReason")]
