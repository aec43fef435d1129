"""How lectures define, name, count and reason: the forms of words that rules look for."""

import re

LONGEST_TERM_WORDS = 6

# A sentence that points outside itself cannot stand alone on a card.
OPENERS = re.compile(
    r"(?:It|Its|This|These|Those|That|They|Their|He|His|She|Her|Such|Here|There|Both|Neither|"
    r"Another|Others?|Each|One|Some|But|And|Or|So|Thus|Hence|Therefore|However|Moreover|Then|"
    r"Also|Instead|Yet|Conversely|Similarly|Likewise|Otherwise|Later|Next|First|Second|Third|"
    r"Finally|Now|We|You|I|Let|Note|Recall|Suppose|Consider|Assume|Proof|Check|Put|Apply|"
    r"Rank|Add|Draw|Start|Replace|Divide|Repeat|Look|Compare|Use|Show|Find|Write|Take|Choose|"
    r"Compute|Trace|Imagine|Remember|Think|"
    r"For example|For instance|For this|For such|In this|In such|In that case|In the example|"
    r"In these|At this|With this|From this|As a result|The same|The others?|The latter|"
    r"The former|The first|The second|The third|The last|The converse|Even|Again|Still|Only)\b"
)
POINTERS = re.compile(
    r"\b(?:this|these|those|above|below|earlier|following|previous|figure|table|lecture|"
    r"chapter|section|seminar|example|exercise|week|we|our|us|you|your|so far|as follows)\b",
    re.IGNORECASE,
)
HEADLESS = re.compile(
    r"(?:reason|result|aim|goal|purpose|idea|point|problem|question|answer|difference|trick|"
    r"number|value|rule|proof|case|effect|cause|consequence|outcome|force|driving force|way|"
    r"key|step|other|rest|order|condition|advantage|disadvantage|price|product|cost|task|"
    r"theorem|lemma|definition|mood|best|worst|worst case|most \w+|least \w+|main \w+|same|next|last|latter|former|"
    r"converse|whole|total|theory|trace|lecture|chapter|degree|time|state|process|method)s?$",
    re.IGNORECASE,
)
NOT_A_TERM = re.compile(
    r"\b(?:that|which|who|whose|when|if|because|where|while|as|and|or|but|not|it|they|"
    r"what|how|why|there|is|are|was|were|has|have|had|does|can|may|must|will|than|every|"
    r"all|no|any|this|these|each)\b",
    re.IGNORECASE,
)
NO_TERM_START = re.compile(
    r"(?:In|On|At|For|With|From|By|After|Before|During|Under|More|Most|Less|Least|Worse|Better|"
    r"Much|Many|Few|Not|Only|Also)\b"
)
NO_MEANING = re.compile(r" because |^(?:\S+ ){0,3}\S+: ")
DEFINITION = re.compile(
    r"^(?:(?P<article>An?|The) )?(?P<term>[^,;:.]{3,70}?) "
    r"(?P<verb>is|are|was|were|means|refers to|denotes|is defined as|are defined as) "
    r"(?P<meaning>.+)$"
)
MEANING_STARTS = re.compile(
    r"(?:an?|the|any|one|two|three|four|those|what|how|everything) ", re.IGNORECASE
)
EMPTY_MEANING = re.compile(
    r"(?:the (?:same|most|first|second|only|main|best|reason|case|mood|one|opposite)|"
    r"a (?:good|bad|simple|common|classic\w*|typical|matter|question|mistake|member|kind of)|"
    r"an? (?:important|easy|explosive|example)|one of|one \w+ only|two of|three of|in )\b"
)
WEAK_START = re.compile(
    r"(?:not|also|only|often|usually|always|never|very|more|most|less|too|still|now|then|"
    r"so|as|at|in|on|of|from|by|like|for|to|with|about|between|\w+ed|\w+ing|\w+able|\w+ible|\w+er|"
    r"large|small|safe|true|false|equal|easy|hard|simple|linearly|its|their)\b"
)
CALLED = re.compile(
    r"^(?P<subject>.+?) (?P<verb>is|are) (?:also |usually |often |therefore )?"
    r"(?:called|known as|termed|referred to as) "
    r"(?P<name>(?:an? |the )?[\w\u2018'\u2019\u2013-]+(?: [\w\u2019\u2013-]+){0,3}?)(?P<rest>[.,;:(]| and | or | because ).*$"
)
STATES = re.compile(
    r"^(?P<name>(?:The )?[^,;:.]{3,60}?(?:theorem|theory|model|postulate|law|principle|rule|lemma|hypothesis|criterion"
    r"|thesis|inequality|formula)(?: of \w+)?) (?:states|says|asserts|claims) that (?P<claim>.+)$"
)
EQUIVALENCE = re.compile(
    r"^(?P<left>.+?),? (?P<link>if and only if|exactly when|precisely when) (?P<right>.+)$"
)
REASON = re.compile(
    r"^(?P<claim>[^;:]+?),?(?: (?:mainly|partly|simply|largely|chiefly|just))?,? because (?P<reason>[^;:]+)[.;:]"
)
REASON_FIRST = re.compile(r"^Because (?P<reason>[^,;:]+), (?P<claim>[^;:]+)\.$")
MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
DATE = re.compile(
    rf"(?:\b(?:[Ii]n|[Oo]n)|(?:\b[A-Z]\w+|summer|spring|autumn|winter) of) "
    rf"(?P<date>(?:(?:\d{{1,2}} )?(?:{MONTHS}) )?(?:1\d{{3}}|20[0-4]\d)(?:[\u2013-]\d{{2,4}})?)\b"
)
QUANTITY = re.compile(
    r"(?<![\w.,\u2013-])(?P<number>\d[\d.,]*(?: \d{3})*(?: (?:million|billion))? ?"
    r"(?:%|°C|K|per cent|percent|nm|nanometres|kilometres|metres|kJ/mol|kJ|hours|days|years|"
    r"base pairs|pounds|degrees|million|billion))(?!\w)"
    r"|(?P<growth>[OΘΩ]\([^()]*(?:\([^()]*\))?[^()]*\))"
)
COLON = re.compile(r"^(?P<term>[A-ZÀ-Þ][^:.;,]{2,50}): (?P<meaning>.{20,})$")
NOT_TO_DEFINE = re.compile(
    r"(?:Note|Example|Remark|Proof|Warning|Theorem|Lemma|Check|For|If|When|In|Exercise|"
    r"Question|Task|Hint|Step|Answer|Reading|Homework|Room|Contact|Date|Time)\b"
)
COUNTED = re.compile(
    r"\b(?:two|three|four|five|six|seven|several)\b(?! (?:years|months|weeks|days|hours))",
    re.IGNORECASE,
)
QUESTION = re.compile(r"^(?:What|Why|How|When|Where|Who|Which)\b")
CLOSED_HEADING = re.compile(
    r"^(?:summary|contents|outline|agenda|literature|references|reading|further reading|"
    r"exercises?|questions?|learning (?:goals|outcomes|objectives)|homework|overview)\b",
    re.IGNORECASE,
)
LETTERS = re.compile(r"\w+")
STRAY = re.compile(r"\b(?:it|they|them|he|she|him)\b", re.IGNORECASE)
ASIDE = re.compile(r"\b(?:it|they|them|its|their|he|she|his|her)\b", re.IGNORECASE)
