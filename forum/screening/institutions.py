"""Named hospitals, schools, employers, prisons, regiments, places of worship, meetings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forum.screening.alternatives import one_of
from forum.screening.findings import Span
from forum.screening.lexicon import STOP
from forum.screening.proper import EVERYDAY, GIVEN, PLACES, WIDE, Noun, everyday, unknown

_KIND = (
    "hospital|infirmary|clinic|centre|center|house|lodge|school|primary|secondary|academy|college|"
    "university|uni|high|church|cathedral|mosque|masjid|temple|synagogue|shul|gurdwara|chapel|parish|"
    "prison|jail|gaol|penitentiary|regiment|battalion|barracks|rehab|hall|ward|hospice|shelter|refuge|"
    "foundation|priory|manor|ranch|retreat|library|depot|station|factory|mill|colliery|ltd|limited|"
    "inc|plc|fc|rfc|afc|rectory|monastery|abbey|medical|surgery|practice|unit|nursery|kindergarten|"
    "polytechnic|tech|institute|brewery|distillery|supermarket|garage|bakery|hotel|inn|arms|club|"
    "shipyard|airport|steelworks|works|council|constabulary|brigade|corps|rifles|guards|infantry|"
    "fusiliers|marines|squadron|correctional|detention|mission|fellowship|society|charity|trust|"
    "hostel|mens shed|project|programme|program|sober living|recovery|treatment|community|bank|motors|logistics|mine"
)
_KINDS = frozenset(_KIND.split("|"))
_BY_KIND = re.compile(
    r"\b(?P<name>(?:(?:St|Saint|Mount|Our Lady|The)\.? )?[A-Z][A-Za-z]*(?:'s|'[A-Z][a-z]+)?"
    r"(?:(?: (?:of|and|the|&|upon) | )[A-Z][A-Za-z'-]*){0,4}?"
    rf"(?: (?i:{_KIND})\b){{1,3}}(?: (?i:hall|school|centre|center|unit|church|hospital|clinic)\b){{0,2}})"
)
_CODE = re.compile(
    r"\b(?:HMP|HMYOI|YOI|RAF|USS|HMS|HMAS|HMNZS|INS|FCI|USP|MCI|CI|SCI)\s(?:and YOI )?[A-Z][A-Za-z]+(?: [A-Z][a-z]+)?"
    r"|\b(?:\d{1,3}(?:st|nd|rd|th)|First|Second|Third|Fourth|Fifth|Royal)\s"
    r"(?:[A-Z][a-z]+ ){0,2}(?:Battalion|Regiment|Infantry|Marines|Brigade|Airborne|Cavalry|Division|Para|Paras|"
    r"Rifles|Hussars|Lancers|Engineers|Signals|Artillery|Navy|Corps)(?: (?:[A-Z][a-z]+ ?){0,2}(?:Regiment|Rifles|Guards))?"
)
_AT_WORK = re.compile(
    r"\b(?:work(?:ed|ing|s)?(?: nights| days| shifts)?|job|employed|driver|nurs(?:e|ed|ing)|cleaner|porter|chef|"
    r"manager|teach(?:er|es|ing)?|taught|stud(?:y|ied|ent|ying)|detox(?:ed)?|rehab|treat(?:ed|ment)|"
    r"sectioned|admitted|patient|inpatient|outpatient|appointments?|stay|stayed|stint|shifts?|served|"
    r"enlisted|apprentice(?:ship)?|intern(?:ed|ship)?|volunteer(?:ed|ing)?|counsell?or|therapist|chaplain|"
    r"pupil|enrolled|degree|doctor|security|sober|clean|months?|weeks?|days|time|year|years|locked up|"
    r"inside|banged up|went|goes|go|checked in|checked|baptised|worship(?:ped)?|pray(?:ed)?|meets?|meeting|"
    r"group|play(?:ed)?|coach(?:ed)?|train(?:ed)?|lectur(?:e|ed|er)|priest|mass|ward \w{1,4}|ward|wards|unit|"
    r"taken|transferred|discharged|released|referred|sent|boarder|boarded|graduated|expelled|kicked out|"
    r"got sober|got clean|got help|asked for help|help|booked in|stacked shelves|tills?|warehouse|barman|barmaid|"
    r"delivered|drove|drive|driving|tended bar|cooked|cleaned|waitress|waiter|bouncer|mechanic|engineer|accountant|sales|trucks?|lorries|buses|vans?|parcels|rigs|boats|doors|docks|mines|roads|railways|trains|kitchens|phones|remand|custody|parole|"
    r"prop|wing|lock|keeper|midfield|striker|forward|hooker|full ?back|in goal|up front|rugby|football|hockey|cricket|netball|"
    r"hurling|camogie|shinty|baseball|basketball) "
    r"(?:there |back |up |over |me |him |her |us |in |out )?(?:at|for|by|with|into|to|in|from|through|of) (?:the |an? |a place called )?$"
)
_AT_OR_PLAYED_FOR = re.compile(
    r"\bat (?:the )?$|\b(?:play(?:ed|ing)?|prop|wing|lock|keeper|midfield|striker|forward|hooker|full ?back|in goal|up front|"
    r"rugby|football|hockey|cricket|netball|hurling|camogie|shinty) for $"
)
_ROYAL = re.compile(
    r"\b(?:Royal|Queen's|King's|Queen|Prince|Princess|Princes|Princess Royal) (?!Family|Wedding|Mail|Navy|Air|Marines|Albert Hall|Highness|British|Box|"
    r"Charles|Diana|Harry|William|Elizabeth|Anne|Andrew|Kate|Assent|Jelly|Flush|Speech|Jubilee|Enfield|Charming|Albert Bridge)"
    r"[A-Z][a-z]{3,}(?: [A-Z][a-z]+)?"
)
_TO_A_PLACE = re.compile(
    r"\b(?:at|for|by|with|into|to|in|from|through|of) (?:the |an? |a place called )?$"
)
_STAY_WORDS = re.compile(
    r"\b(?:hospital|ward|rehab|detox|sectioned|admitted|prison|jail|treatment|nurse|clinic|programme|program|"
    r"worked|work|job|employed|driver|taught|studied|served|sentence|inside|patient|unit|meeting|shift|degree)\b",
    re.IGNORECASE,
)
_EMPLOYERS = frozenset(
    "tesco asda sainsburys sainsbury's morrisons lidl aldi walmart amazon target costco kroger mcdonalds mcdonald's kfc "
    "starbucks greggs wetherspoons spoons woolworths coles bunnings kmart countdown pick n pay shoprite checkers "
    "royal mail fedex ups dhl uber deliveroo google apple microsoft facebook ikea boots primark argos b&q "
    "wickes halfords ford toyota nissan boeing rolls royce bae airbus qantas ryanair easyjet british airways "
    "tata infosys wipro tcs flipkart reliance centra dunnes supervalu".split()
)
_TOLD_KINDS = (
    "church|mosque|masjid|temple|synagogue|shul|gurdwara|parish|school|college|rehab|ward|unit|clinic|hospital|hostel|refuge|"
    "hospice|prison|team|club|pub|company|firm|employer|practice|surgery|home group|agency|charity|congregation|academy|"
    "regiment|battalion|ship|boat|choir|lodge|gym|nursery|uni|university|shelter|centre|center"
)
_TOLD = re.compile(
    rf"\b{one_of(_TOLD_KINDS)}"
    r"(?:, | - |: | called | named | is called | was called |'s called |, called | by the name of )(?:the )?"
    r"(?P<name>(?-i:(?:[A-Z][a-z]*-)?[A-Z][A-Za-z']+(?: (?:(?:of|at|and|in|on|the) ){0,2}[A-Z][A-Za-z']+){0,3}))(?=[\s,.;!?)]|$)",
    re.IGNORECASE,
)
_TEAM = re.compile(
    r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)? (?:Rovers|United|City|Town|Wanderers|Athletic|Albion|Rangers|Celtic|Swans|Eagles|Tigers|Lions|"
    r"Bulls|Gaels?|Harps|Emmets|Warriors|Sharks|Bears|Hawks|Crows|Magpies|Harriers|Thistle|Hibs|Hornets|Panthers|Wolves|"
    r"Raiders|Stags|Blues|Chiefs|Saints|Demons|Bombers|Roos|Dragons|Giants|Jets|Kings|Pirates|Knights|GAA|RUFC|AFC|FC|CC|"
    r"Cricket Club|Rugby Club|Rowing Club|Boxing Club|Harriers|Juniors|Seniors|Strikers|Dynamos|Hurricanes|Cougars|Titans)\b"
)
_OWN_TEAM = re.compile(
    r"\b(?:play(?:ed|ing|s)?|coach(?:ed|ing)?|captain(?:ed)?|forward|keeper|goalkeeper|striker|winger|prop|hooker|full ?back|"
    r"half ?back|midfield\w*|bowled|batted|rowed|boxed|signed|trial(?:s|led)?|turned out|lined out|manag(?:ed|er)|train(?:ed|ing)?|"
    r"squad|team|trainee|apprentice|youth|under-?\d\ds?|physio|kit ?man|groundsman|my club|ran|swam|joined)\b",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"\b(?:Ysgol|Scoil|Gaelscoil|Col[a\u00e1]iste|Ysbyty|Coleg|Colegio|Universidad|Universit\w{1,2}|Iglesia|Eglise|Ecole|Kura|"
    r"Masjid|Mandir|Vidyalaya|Gurdwara|Sgoil|Kirk|Escuela|Laerskool|Hoerskool|Te Kura|Marae|Ospedale|Krankenhaus)"
    r"(?: (?:of|de|la|el|na|an|o|y|the|den))?(?: [A-Z][A-Za-z'-]+){1,3}"
)
_REGIMENT = re.compile(
    r"\b\d{1,3} (?:Para|PARA|Commando|Cdo|Rifles|Scots|SCOTS|RAR|Mercian|Yorks|Lancs|Royal Anglian|Signal|Squadron|Regt|Battalion|"
    r"Brigade|Engineer|Field|Bde|Welsh|Irish|Gurkha|RTR|Medical) ?(?:RM|RE|RA|RLC|Regiment|Squadron)?\b"
)
_AT_EMPLOYER = re.compile(
    r"\b(?:work(?:ed|ing|s)?|job|shifts?|tills?|manager|employed|driver|driving) (?:\w+ )?(?:at|for|in|with|by) (?:a |an |the )?(?P<name>[a-z&']{3,14})\b",
    re.IGNORECASE,
)
_NIGHT = re.compile(
    r"\b(?:the )?(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)s?(?: (?:night|morning|evening|lunchtime|noon))?"
    r" (?:meeting|group|AA|NA|fellowship) (?:at|in|on|of) (?:the )?(?:[A-Z][\w']+ ?){1,4}"
)
_KNOWN_NAMES = (
    "Priory|Bethlem|Maudsley|Broadmoor|Rampton|Hazelden|Betty Ford|Sandhurst|West Point|Eton|"
    "Castle Craig|Phoenix House|Phoenix Futures|Turning Point|Change Grow Live|Caron|Sierra Tucson|"
    "Passages Malibu|Barlinnie|Wormwood Scrubs|Strangeways|Mountjoy|Pentonville|Wandsworth Prison|"
    "San Quentin|Rikers|Long Bay|Pollsmoor|Tihar|Great Ormond Street|Harvard|Oxbridge|Stanford|"
    "Mayo Clinic|Holy Trinity|Holy Cross|Holy Family|Holy Name|Holy Rosary|Holy Redeemer|Holy Rood|Sacred Heart|"
    "Corpus Christi|Mount Carmel|Mount Sinai|Black Watch|Coldstream Guards|Scots Guards|"
    "Grenadier Guards|Green Howards|Green Jackets|Household Cavalry|Foreign Legion|Desert Rats|"
    "Blues and Royals|Parachute Regiment|Red Devils|Gurkhas|Daytop|Odyssey House|Narconon"
)
_KNOWN = re.compile(rf"\b(?:the )?{one_of(_KNOWN_NAMES)}\b")
_STAYED = re.compile(
    r"\b(?:was|been|spent|did|put me|locked up|landed|ended up|kept me) (?:\w+ ){0,3}?in (?:the )?(?P<name>[A-Z][a-z]{3,})(?= for (?:a|an|two|three|four|five|six|\w+teen|\d+|most|over|nearly|about) "
    r"(?:\w+ )?(?:year|month|week|day|stretch|spell|bit|sentence))"
)
_BY_SHAPE = (_CODE, _NIGHT, _FOREIGN, _REGIMENT, _ROYAL, _KNOWN)
_NOT_NAMED = frozenset(
    "aa na ca ga oa al-anon alanon smart nhs it hr tv uk us usa ed a&e er icu gp cbt dbt god christmas easter recovery "
    "hospital school church army navy the big my our a an i step twelve monday tuesday wednesday thursday friday "
    "saturday sunday this that next last every each old new local first second main our state public "
    "private day night sunday sober general zoom mental health community social services service "
    "crisis home job jobs jobcentre benefits call leisure shopping sports garden town".split()
)
_NAMED_RUN = re.compile(
    r"[A-Z][A-Za-z]*(?:['-][A-Za-z]+)*(?:(?: (?:of|and|&|the) | )[A-Z][A-Za-z]*(?:['-][A-Za-z]+)*){0,3}"
)


def institutions(text: str, nouns: list[Noun]) -> Iterator[Span]:
    """Where an institution is named in a way that points at one."""
    for match in _BY_KIND.finditer(text):
        trimmed = _without_opening(match["name"], _opening(text, match.start()))
        if trimmed:
            yield Span(match.end() - len(trimmed), match.end())
    for pattern in _BY_SHAPE:
        yield from (
            Span(match.start(), match.start() + len(match[0].rstrip()))
            for match in pattern.finditer(text)
        )
    yield from _told(text)
    for noun in nouns:
        yield from _at_work(text, noun)


def _told(text: str) -> Iterator[Span]:
    """What the words beside a name make an institution: an employer, "my church, X", a team."""
    for match in _AT_EMPLOYER.finditer(text):
        if match["name"].lower() in _EMPLOYERS:
            yield Span(match.start("name"), match.end("name"))
    for match in _TOLD.finditer(text):
        words = match["name"].split()
        if len(words) > 2 or not all(_plain(word) or word.lower() in GIVEN for word in words):
            yield Span(match.start("name"), match.end("name"))
    for match in _STAYED.finditer(text):
        if unknown(match["name"].lower()):
            yield Span(match.start("name"), match.end("name"))
    for match in _TEAM.finditer(text):
        if _OWN_TEAM.search(text[max(0, match.start() - 50) : match.end() + 24]):
            yield Span(match.start(), match.end())


def _opening(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].strip(" \"'")
    return start == 0 or before.endswith((".", "!", "?", "\n", ":"))


_SAINT = frozenset(("St", "Saint"))


def _without_opening(name: str, opens: bool) -> str:
    """The name without leading everyday words; "" when only everyday words are left."""
    words = name.split()
    while (
        words
        and words[0].rstrip(".") not in _SAINT
        and (_plain(words[0]) and (opens or words[0].lower() in _NOT_NAMED | STOP))
    ):
        words.pop(0)
        opens = False
    proper = [w for w in words if w[0].isupper() and w.lower() not in _KINDS and not _plain(w)]
    mixed = [
        w
        for w in words
        if w[0].isupper() and w.lower() not in _KINDS and w.lower() not in _NOT_NAMED
    ]
    named = proper or (len(mixed) > 0 and words[-1][0].isupper())
    return " ".join(words) if named and len(words) > 1 else ""


def _plain(word: str) -> bool:
    low = word.lower().removesuffix("'s")
    return (
        low in STOP
        or low in _NOT_NAMED
        or low in EVERYDAY
        or (everyday(low) and low not in GIVEN)
        or low in WIDE
    )


def _at_work(text: str, noun: Noun) -> Iterator[Span]:
    before = text[max(0, noun.start - 50) : noun.start]
    if not _TO_A_PLACE.search(before[-22:]):
        return
    if not (_AT_WORK.search(before) or _at_the(text, before, noun)):
        return
    name = _NAMED_RUN.match(noun.text)
    if name is None:
        return
    words = name[0].lower().removesuffix("'s").split()
    low = " ".join(words)
    if (
        low in WIDE
        or low in _NOT_NAMED
        or words[0] in _NOT_NAMED
        or all(_plain(word) for word in words)
    ):
        return
    at = _AT_OR_PLAYED_FOR.search(before) is not None
    if (low in PLACES and not at) or (len(words) == 1 and low in GIVEN):
        return
    yield Span(noun.start, noun.start + len(name[0].removesuffix("'s")))


def _at_the(text: str, before: str, noun: Noun) -> bool:
    """ "on ward 7b at the Royal Edinburgh": "at the" beside words of a stay."""
    if not re.search(r"\b(?:at|in|into|to|for|from) (?:the )?$", before):
        return False
    around = text[max(0, noun.start - 60) : noun.end + 20]
    named = re.search(r"\bthe $", before) is not None or " " in noun.text
    return named and _STAY_WORDS.search(around) is not None
