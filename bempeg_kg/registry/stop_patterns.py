"""The patterns by which the words of a stop reason are given classes, as a table."""

from __future__ import annotations

import re
from functools import cache

from bempeg_kg.rdf.ntriples import kg

# Parts of the patterns below, by name.
_PARTS = {
    "GOAL": r"(?:end ?-?points?|efficacy|benefit|effect|superiority|significan|hypothesis|improve"
    r"|immunogenic|impact|advantage"
    r"|(?:efficacy|success|response|stopping|futility|primary|interim) (?:\w+ )?criteri"
    r"|differen)",
    "COME": r"(?:accru|accural|recru|enrol|(?<!additional )(?<!further )\binclusions?\b(?! criteri"
    r"| and exclusion)|\bparticipation\b|randomi[sz]ation rate)",
    "FEW": r"\b(?:slow|low|poor|bad\b|protract|lack|insufficient|inadequate|inabilit|unable|not able"
    r"|could ?n[o']t|cannot|difficult|fail|delay|barrier|challeng|pro\w{1,3}em(?:s|atic)?\b|issue|below"
    r"|limited|feasib"
    r"|infeasib|under-?|hard|behind|unsuccessful|not smooth|unmet|too long|impossib|infrequent|rar(?:e|ity)\b"
    r"|less th[ae]n|not enoug\w*|without|no\b(?! longer (?!able)| further| additional)|never|zero"
    r"|did ?n[o']t|fewer|futile"
    r"|only (?:\w+ ){0,3}(?:enrol|recruit|accru)"
    r"|n[o']t (?:\w+ ){0,2}(?:met|meet|reach|achiev|accru|recruit|enrol|attain|possible|feasible"
    r"|sufficient|adequate|complet|fast|quick))",
    "MONEY": r"(?:fund(?!ers?\b)|financ|budget|\bgrants?\b|money|monetary)",
    "ENDED": r"(?:lack|loss|lost|insufficient|inadequate|limit|\bend|expir|withdr|unavailab|ran out"
    r"|run out|out of"
    r"|exhaust|constrain|\bcuts?\b|stopp|ceas|terminat|without|discontinu|due to|because of|problem|issue"
    r"|reasons?\b|delay|shortage|break|unable|inabilit|on hold|wait|pending|pull|withh|declin|relinquish"
    r"|revok"
    r"|deplet|never|not able|difficult|fail|\black|suspend|cancel|reduc|no longer)",
    "STOP": r"(?:discontinu|suspend|terminat|stopp|cancel|\bend|halt|abandon)",
    "PEOPLE": r"(?:patients?|participants?|subjects?|volunteers?|candidates?|sample)",
    "WHO": r"(?:\bPI\b|\bP\.I\.|investigator|official|co-?ordinator|director|leader|person\b|personnel"
    r"|\bfellow\b"
    r"|student|researcher|scientist|physician|therapist|surgeon|\bnurse|clinician|\bauthors?\b|professor"
    r"|faculty"
    r"|\bPhD\b|resident\b|team member|\bmanager|\bDr\b)",
    "THING": r"(?:medications?|drugs?|products?|devices?|machines?|equipments?|materials?|vaccines?"
    r"|agents?|kits?"
    r"|study treatments?|implants?|reagents?|\bIMPs?\b|compounds?|formulations?)",
}
#: class, then its patterns, one a line (a line of four blanks goes on); capitals stand for the parts above
_REASONS = r"""
futility
  did not support (?:\w+ ){0,2}(?:end ?-?points?|efficacy|hypothes[ie]s)
  \bfutility|\b(?:deemed|be|was|as|is|analysis) futile(?! with)|lack of (?:\w+ )?(?:positive|definitive
    |clinical) results|insufficient efficacy|ineffective|ineffectual
  (?:lack|absence) of (?:\w+[ -]){0,4}(?:efficacy|effect|benefit|anti-?\w+ activity|effectiveness)
  \bno (?:\w+ ){0,2}(?:efficacy|benefits?|effects?|differences?|value|improvement)\b(?! in (?:collect
    |continu))
  (?:poor|insufficient|lack of|inadequate) (?:\w+ )?responses?\b(?! from| by| to (?:the )?(?:survey|quer
    |irb|email))
  (?:limited|small|insufficient|minimal|modest) (?:\w+ ){0,2}(?:efficacy|benefit|effect)\b
  (?:fail\w*|inabilit\w+|unable|unlikely) to (?:\w+ )?(?:meet|show|demonstrat|reach|achiev)[^.;]{0,40}GOAL
  GOAL[^.;]{0,110}\b(?:not (?:\w+ ){0,2}(?:met|reach|achiev|shown|demonstrat|sufficient)|missed|unmet)
  (?:did|does|has|was|could|would|will) not (?:\w+ )?(?:meet|met|reach|achiev|show
    |demonstrat)[^.;]{0,60}GOAL
  (?:low|little|small|unlikely|no)\b[^.;]{0,20}(?:likelihood|probability|chance)[^.;]{0,60}(?:success|GOAL)
  (?:likelihood|probability|chance)[^.;]{0,60}\b(?:low|small)\b|inadequate separation|conditional power
  \bnot (?:\w+ )?(?:effective|efficacious|superior)\b|did not (?:\w+ )?(?:outperform|separate from)
  (?:drug|treatment|therapy|intervention) did not (?:\w+ )?work\b
  (?:\bno|insufficient|lack of|limited|low) (?:\w+[- ])?(?:anti-?\w+ )?(?:activity\b|responses\b)
  (?:\bno|insufficient|lack of|inadequate) (?:therapeutic|clinical|objective|treatment|tumou?r) response
  insufficient number of respons
  (?:response|success)(?:es| rates?)? (?:\w+ )?(?:did not|below|lower|too low)
  \b(?:lower|worse) (?:\w+ ){0,2}(?:response|efficacy|success) (?:rate)?
  (?:efficacy|effect)\w* (?:\w+ )?(?:lower|less) than
  not (?:\w+ ){0,3}(?:possible|able) to (?:\w+ )?(?:show|demonstrat|prove)[^.;]{0,40}GOAL
  none of (?:the )?PEOPLE[^.;]{0,25}\brespon|efficacy (?:concern|reason|issue)
  negative (?:\w+ )?(?:results?|outcome|trial|study)
  results? from other (?:studies|trials) regarding efficacy
  (?:effect|efficacy|activity)\b[^.;]{0,40}\bnot (?:\w+ )?(?:sufficient|enough|confirmed|observed|seen)
  (?:predicted |necessary )?efficacious dose\w* (?:can ?not|could not)|disappointing
safetyReason
  (?:number|cases?|reports?|occurrence|incidence) of (?:\w+ )?(?:seizures|hepatitis|pancreatitis
    |ha?emorrhage|thrombosis)|\bfatalit(?:y|ies)\b
  (?:due to|because of|number of) (?:\w+ )?complications\b
  safety|unsafe|not safe|toxic|adverse|side[- ]effect|clinical hold|\bharm
  (?:increas|higher|excess|elevated|risk of|unacceptable)\w*[^.;]{0,30}(?:mortality|morbidity|deaths?\b
    |bleed|rejection|infection)
  (?:high|excess|unacceptable|increased)\w* (?:\w+ ){0,3}(?:of )?(?:complication|malignan|hepat|liver|cardi)
  unexpected (?:\w+ )?(?:histolog|patholog|toxic|laborator)\w* findings|mutagenic|carcinogenic|genotoxic
  teratogen
  intoleran|(?:poor|low|lack of|not (?:well )?)[- ]?tolera
  imbalance in (?:\w+ ){0,3}(?:events?|deaths?|cancer)
  stopping rule[^.;]{0,60}(?:incidence|rejection|event|mortality|death)
  (?:risk|benefit)[- /](?:to[- ])?(?:risk|benefit)|liver (?:enzyme|injur|function)
  hepatic (?:\w+ )?(?:signal|injur)
  \bDLTs?\b|dose[- ]limiting|hy'?s law|suicid|\bQTc?\b|\bSAEs?\b|\bSUSARs?\b|anaphyla|myocarditis
  (?:serious|unexpected|severe) (?:unexpected )?(?:adverse )?(?:events?|reactions?|complications?)\b
  (?:increas|higher|excess|elevated|more)\w*[^.;]{0,30}\b(?:stroke|thrombo|embol|seizure|malignan|infarct
    |infections)
  PEOPLE (?:\w+ )?died|deaths? of\b(?! (?:the |our )?(?:principal|WHO))|PEOPLE deaths?
  (?:two|three|\d+|excess|due to|after) deaths?\b(?! of (?:the )?(?:principal|WHO))
  \bconcerns? (?:for|about|over|of|regarding) (?:\w+ ){0,3}(?:outcomes?|anesthesia|toxic|harm|risk|bleed
    |death)
slowAccrual
  (?:recruitment|accrual|enrol+ment) (?:concerns?|factors?)\b
  number of (?:\w+ )?PEOPLE (?:\w+ ){0,5}(?:was|is|were) (?:too |very )?(?:low|small|insufficient)
  FEW[^.;]{0,60}COME
  COME[^.;]{0,60}FEW
  (?:did|does|do|could|can|have|has|was|were|will) ?(?:n[o']t|unable) (?:be )?(?:\w+ )?(?:enrol|recruit
    |accru|includ(?!ing))
  (?:lack of|insufficient|not enough|\bfew(?:er)?|\bno(?! longer)|limited|small|low)\s+(?!effic|respon
    |activity|effect|benefit
    |longer)(?:\w+[- ]){0,3}PEOPLE\b(?! (?:data|access|complian|adheren|satisf))
  (?:unable|not able|fail\w*|difficult\w*|problems?|trouble|could not|hard|impossib\w+)(?: to| in
    | of)? (?:find|get|identify|detect|locat|select)\w* (?:\w+ ){0,3}(?:PEOPLE|inclusion)\b
  PEOPLE (?:\w+ ){0,2}(?:refus|declin|unwilling|did not (?:want|wish|agree|consent)|not willing|reluctan)
  (?:difficult|unable|problem|fail)[^.;]{0,30}\bconsent(?!\w* form)
  PEOPLE (?:access|availability)[^.;]{0,30}(?:limit|low|lack|poor)
  (?:lack of|insufficient|poor|low|limited) PEOPLE (?:access|availability)
  low inclusion|insufficient number(?! of (?:\w+ )?respon)|lower number of
  n[o']t (?:\w+ )?(?:as )?fast as expected
  \bonly (?:\w+ ){1,3}(?:PEOPLE )?(?:were |was |ha\w+ )?(?:been )?(?:enrol|recruit|accru|includ)
  ^\W*(?:patient |subject |participant |study |poor )?(?:recruitment|enrol+ment|accrual)(?: rates?
    | numbers?| limits?)?\W*$
  chang\w* (?:\w+ )?(?:recruitment|enrol+ment|accrual) rates?
  (?:recruitment|enrol+ment|accrual)\b[^.;]{0,20}before [^.;]{0,30}(?:goal|target|sample size)
objectivesMet
  (?:endpoint|objective|ojective)s? (?:\([^)]*\) )?(?:has|have|was|were) (?:been )?(?:achieved|met|reached)
  \bmet (?:the |its )?(?:\w+ )?hypothes[ie]s|(?:revealed|showed|yielded|demonstrated
    |had) (?:\w+ )?positive results
  (?:outcome|endpoint|difference)s?\b[^.;]{0,40}\b(?:was|were) (?:statistically |highly )?significant
  no (?:\w+ ){0,2}(?:information|knowledge|insight)s? (?:\w+ )?(?:gained|to be gained|expected)
  (?<!not )\bmet (?:its |the |all )?(?:\w+ )?(?:primary|efficacy) (?:\w+ )?(?:end ?-?point|objective)
  (?:complet|end|finish)ed as planned
  all (?:PEOPLE|visits) (?:have |had )?completed
  (?<!not )(?:met|achieved|accomplished|reached|fulfilled) (?:its|the|all|our|their) (?:\w+ )?(?:goals?
    |objectives?|aims?|purpose)\b
  advantage at a[^.;]{0,20}significan|superiorit\w+ (?:was )?(?:shown|demonstrated|established)
  (?<!not )(?<!in)(?:sufficient|enough|adequate) data
  objectives? (?:\w+ ){0,2}(?<!not )(?:met|reached|achieved)
  data\b[^.;]{0,30} (?:is|are|was|were) (?:sufficient|enough|adequate)
  (?:power|sample size) (?:\w+ ){0,4}(?:was |were )?(?<!not )(?:reached|achieved)
  (?<!of )(?:study|trial|analysis) (?:is |was |has been )?complete
  ^\W*(?:study )?(?:finished|completed?)\W*$
  (?<!not )(?:enough|\bsufficient) (?:\w+ ){0,2}(?:info\b|information|statistic)|maximum[^.;]{0,30}\breached
  (?:enough|\bsufficient) number[^.;]{0,40}(?:achi|reach|obtain)
  \b(?:goals?|targets?) (?:was |were |is |has been |have been )?(?:met|reached|achieved|exceeded)
  \b(?:reached|met|achieved|exceeded) (?:\w+ ){0,2}(?:target|planned|required
    |intended)\b[^.;]{0,30}(?:number|sample|enrol|accrual|recruit)
  (?<!before )(?<!prior to )(?:accrual|enrol\w+|recruitment) (?:is |was |has been )?complete[d]?\b
  full accrual
  \b(?:all|required|necessary|needed) (?:\w+ )?data (?:\w+ ){0,2}(?:acquired|collected|obtained)
  ^data acquired
  (?:analysis|results?) (?:showed|demonstrated|with|had) (?:\w+ )?(?:statistically |highly )?significant
  (?:overwhelming|early|superior) (?:efficacy|success|effect)|efficacy boundary|endpoint (?:was )?met early
  stopped (?:early )?for (?:efficacy(?! futility)|benefit)
  (?:clinical )?benefit (?:was|has been) (?:noted|shown|demonstrated|established)
  (?:additional|further|more) (?:enrol\w*|PEOPLE)[^.;]{0,20}would not (?:alter|change)
  not require (?:additional|further|more) data
programmeStop
  (?:program(?:me)?|(?:clinical|drug|product|further|of \S+) development|development of)\b[^.;]{0,60}\bSTOP
  (?:STOP|closure|closing)\w*[^.;]{0,40}\b(?:program(?:me)?\b(?! evaluation)|development)\b(?! of
    (?: an?)? (?:another|new|better)| strateg| goals?| plans?)
  program(?:me)?\b[^.;]{0,20}on hold|not (?:to )?(?:pursue|continue|proceed with) (?:\w+ ){0,2}development
  discontinued (?:\w+ ){0,5}program
businessReason
  compan(?:y|ies) (?:would|could|will|did) not (?:\w+ )?(?:support|fund)
  (?<!data )acquisition (?:of (?!the |data|image|sample)\w+|by)\b|takeover|(?:compan|sponsor|corporate
    |management) (?:re-?structur|reorgani)|management at (?:the )?company
  shift (?:in|of) (?:\w+ )?priorit|change (?:in|of) (?:company|sponsor|corporate|development
    |study) priorit|indication (?:is|was) (?:not|no longer) (?:being )?pursued|sponsor (?:re-?called
    |pulled out)
  business
  (?<!biomarker )(?<!research )(?<!treatment )(?<!recruitment )(?<!dosing )(?<!therapeutic )
    (?<!management )strateg
  portfolio|commercial|merger|(?<!data )acquisition of (?:the )?(?:company|sponsor|\w+ by)|acquired by
  (?:company|sponsor|corporate|pipeline|internal|development|resource)[^.;]{0,30}priorit
  \b(?:de|re)-?priorit
  (?:sponsor|company) (?:was |has )?(?:sold|dissolved|closed down|ceased)|\beconomic
  development (?:goals?|plans?)
  (?:re-?|to )focus\w*[^.;]{0,30}(?:resources|project|indication|program|studies)
  resources[^.;]{0,15}\bre-?focus|compan(?:y|ies)[^.;]{0,20}(?:withdrew|lost|no) (?:\w+ ){0,2}interest
  company financ|development of another|was acquired|lost (?:\w+ )?rights|acquired \w+ and\b
  no longer a plan
  not (?:to )?(?:pursue|seek) (?:\w+ ){0,3}(?:approval|indication|registration)
lackOfFunding
  ENDED[^.;,]{0,40}MONEY
  MONEY[^.;,]{0,40}ENDED
  \b(?:no|not) (?:\w+ ){0,3}MONEY
  (?:did|was|were|has|is) ?n[o']t (?:\w+ ){0,2}(?:fund|financ)
  MONEY[^.;,]{0,20}\bnot (?:secured|obtained|received|approved|granted|available|awarded|renewed)
  bankrupt|insolven|funder[^.;]{0,15}(?:pull|withdr|stopp|end)
  \b(?:award|NIH|contract)\b[^.;,]{0,20}\b(?:ended|expired|not renew|ran out)
  withdrew (?:\w+ )?support|support[^.;,]{0,20}(?:ended|withdrawn)|not able (?:to )?support|not enough cost
  ^\W*(?:(?:high|study|too) )?(?:costs?|costly|funding|finances?|budget)(?: (?:complete[d]?|over
    |limits?))?\W*$
  (?:due to|because of|high|prohibitive|excessive) (?:\w+ )?costs?\b|cost extension (?:was )?not
supplyReason
  (?<!staff )(?<!personnel )(?<!nursing )(?<!funding )\bshortage\b(?! (?:of|in) (?:\w+ ){0,3}(?:fund
    |money|staff|personnel|patient|nurs))|no longer (?:\w+ )?(?:on (?:the )?market|marketed|sold
    |commercially available|manufactured)
  suppl(?:y|ies)\b|supplier|drug availab
  (?<!staff )(?<!patient )(?<!subject )(?<!participant )\bavailability\b
  shortage of (?!fund|money|staff|personnel)|(?:lack of|delayed|unable to (?:get|obtain)) (?:\w+ ){0,2}THING
  (?<!resources )(?<!funding )(?<!funds )(?<!grant )(?<!investigator )(?<!staff )unavailab
  THING (?:\w+ ){0,7}(?:not|no longer) (?:be )?(?:made )?available|is no longer available
  no longer (?:be )?supplied
  problem with the (?:\w+ )?(?:product|vaccine|drug|device)|out of service|packaging (?:issue|problem)
  no (?:more|longer) (?:\w+ ){1,2}available|production\b[^.;]{0,20}(?:stopp|discontinu|problem|halt)
  (?:lack|unable|shortage|failure)\b[^.;]{0,20}(?:equipment|machine)\b
  not (?:be )?(?:made )?available in sufficient
  manufactur\w* (?:\w+ )?(?:problem|issue|delay|stop|discontin|difficult|constrain|halt)
  (?:stopp|discontinu|no longer|decided to halt|ceas)\w* (?:\w+ )?(?:manufactur|produc(?!t dev)|made\b
    |distribut|sales\b)
  manufactur\w*[^.;]{0,60}\b(?:stopped|halt\w*|ceased|discontinued|inabilit\w+)\b
  inability of [^.;]{0,20}manufactur
  (?:off|from) the market\b|withdrawal of \S+ (?:\S+ )?from (?:the )?(?:market|clinical use)
  THING (?:\w+ )?expir|expired (?:\w+ )?THING|(?<!sponsor )\brecall(?:ed)?\b
externalEvent
  covid|pandemic|epidemic|sars-cov|coronavirus|corona virus|lock-?down|\bwar\b|hurricane|earthquake|flood
  \bunrest\b|brexit
  natural disaster|tsunami|typhoon|cyclone|(?:political|security) (?:situation|instabilit|crisis)
  armed conflict|invasion of
investigatorLeft
  WHO[^.;]{0,40}\bwent to (?:a |an )?(?:new|another|other|different)
  (?:departure|loss|death) of (?:\w+ ){0,2}WHO
  WHO[^.;]{0,30}\b(?:left|leav|mov(?!\w+ (?:forward|ahead))|no longer (?:at\b|with\b|enrolled|working
    |employed|available)|retir(?!\w* (?:this|the))|depart|relocat)
  WHO[^.;]{0,30}\b(?:death|died|deceas|transfer|resign|separat|transition|working in|changed|replace)
  (?:lack of|insufficient|necessary|shortage (?:of|in)|no)\b[^.;]{0,15}(?:personnel|human res+ources
    |manpower|workforce)
  \b(?:left|leaving) (?:the |his |her |our )?(?:\w+ )?(?:universit|institut|hospital|compan|site\b|clinic
    |position)
  \bDr\.? [A-Z]\w+ (?:(?:has|is|was) )?(?:left|moved|retired|no longer)
  personnel changes?
  changes? (?:in|of|to) (?:an? |the )?(?:principal |key |study |research |primary )?(?:personnel|WHO)
  (?:replacement|new) (?:principal )?investigator
  moved to (?:a |an )?(?:new|another|other|different) (?:institut|universit|hospital|city|site)
  change of location
  changed? (?:of |their )?jobs?|appointment (?:at|with|in) (?:a |another )|no one is\b
  lack of (?:\w+ )?coordinator
  \bstaff(?!ord)
"""


@cache
def patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Class and pattern, in the order of the table."""
    rows: list[tuple[str, str]] = []
    code = ""
    for line in _REASONS.strip().splitlines():
        if line.startswith("    "):
            rows[-1] = (rows[-1][0], rows[-1][1] + line.strip())
        elif line.startswith(" "):
            rows.append((code, line.strip()))
        else:
            code = kg(line)
    return tuple(
        (code, re.compile(re.sub("|".join(_PARTS), _part, text), re.IGNORECASE)) for code, text in rows
    )


def _part(name: re.Match[str]) -> str:
    return _PARTS[name[0]]
