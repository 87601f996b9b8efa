"""Postcodes and official numbers, by their shapes and by the words that stand beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forum.screening.findings import Span

_DIGIT = re.compile(r"\d")
_POSTCODES = (
    re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2}\b"),
    re.compile(r"\b[ABCEGHJ-NPRSTVXYa-ceghj-nprstvxy]\d[A-Za-z] ?\d[A-Za-z]\d\b"),
    re.compile(r"\b(?:[AC-FHKNPRTV-Y]\d{2}|D6W) ?(?=[A-Z]{0,3}\d)(?=\d{0,3}[A-Z])[0-9AC-FHKNPRTV-Y]{4}\b"),
    re.compile(r"\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|"
               r"PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|NSW|VIC|QLD|TAS|SA|ACT|NT),? \d{4,5}(?:-\d{4})?\b"),
)  # fmt: skip
_CODE_WORD = r"(?:post ?code|postal code|zip(?: ?code)?|pin ?code|eircode|post code)"
_CODE_AFTER = re.compile(
    rf"\b{_CODE_WORD}\b(?:'s)?(?:\s(?:is|was|of|for|number|here|there|starting|beginning|began)|[:,=-]){{0,3}}\s{{0,2}}"
    r"(?P<code>\d{3,6}(?:-\d{4})?|[A-Za-z]{1,2}\d{1,2}[A-Za-z]?)\b",
    re.IGNORECASE,
)
_CODE_SAID = re.compile(
    rf"\b{_CODE_WORD}\b(?:'s)?(?: (?:is|was|for|number|here))*[ :,]{{1,2}}"
    r"(?P<code>(?:(?:zero|oh?|one|two|three|four|five|six|seven|eight|nine|double|triple|[a-z]|\d)\b[ -]?){4,8})",
    re.IGNORECASE,
)
_PIN = re.compile(
    r"\bpin(?: ?code)?(?: is| was| no| number|:|-)? ?(?P<code>[1-9]\d{2} ?\d{3})\b", re.IGNORECASE
)
_APART = re.compile(r"\b[A-Z](?: [A-Z])?(?: \d){1,2}(?: [A-Z])? \d(?: [A-Z]){2}\b")
_DISTRICT = re.compile(
    r"\b(?:in|from|near|to|of|around|round|over|live|outside) (?P<code>"
    r"(?:A[BL]|B[ABDHLNRST]|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]|F[KY]|G[LUY]|H[ADGPRSUX]|I[GMPV]|K[ATWY]|"
    r"L[ADELNSU]|M[EKL]|N[EGNPRW]|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]|T[ADFNQRSW]|UB|W[ACDFNRSV]|YO|ZE)\d{1,2}[A-Z]?"
    r"|(?P<short>[BEGLMNSW]\d{1,2}))\b(?!\s?\d[A-Z]|[-/]\d| (?:vitamin|injection|shot))"
)
"""The first half of a British postcode, after a word of place."""
_LIVED = re.compile(
    r"\b(?:live[ds]?|living|flat|house|home|grew up|moved|born|raised|based|bedsit|squat|stay(?:ed|ing)?)\b.{0,10}$",
    re.IGNORECASE,
)
_ROAD = re.compile(
    r"\b(?:the|motorway|vitamin|junction|gate|row|seat|room|ward|block|bus|tram)\b.{0,12}$",
    re.IGNORECASE,
)
_CODE_BEFORE = re.compile(
    rf"\b(?P<code>\d{{4,6}})\b[ ,]{{1,3}}(?:\w+ ){{0,3}}{_CODE_WORD}\b", re.IGNORECASE
)
_NOT_CODE = re.compile(r"\b(?:step|day|vitamin|room|year|class|seat|row|gate) $", re.IGNORECASE)


def postcodes(text: str) -> Iterator[Span]:
    """Post and ZIP codes of the eight home countries."""
    for match in _CODE_SAID.finditer(text):
        yield Span(match.start("code"), match.start("code") + len(match["code"].rstrip(" -")))
    if not _DIGIT.search(text):
        return
    for pattern in _POSTCODES:
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 12) : match.start()]
            if not _NOT_CODE.search(before) and not _ordinal(match[0]):
                yield Span(match.start(), match.end())
    for pattern in (_CODE_AFTER, _CODE_BEFORE, _PIN):
        for match in pattern.finditer(text):
            yield Span(match.start("code"), match.end("code"))
    yield from (Span(match.start(), match.end()) for match in _APART.finditer(text))
    for match in _DISTRICT.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        if not _ROAD.search(before) and (match["short"] is None or _LIVED.search(before)):
            yield Span(match.start("code"), match.end("code"))


def _ordinal(code: str) -> bool:
    """ "A1 4th": a road and a number, not a postcode; the same for doses such as "b12 5mg"."""
    tail = code[-2:].lower()
    return tail in ("th", "st", "nd", "rd", "pm", "am", "hr", "ft", "lb") and not code.isupper()


_WHAT = (
    r"(?:nhs|hospital|patient|case|prison(?:er)?|inmate|passport|driv(?:ing|er'?s?) licen[cs]e|licen[cs]e|"
    r"medicare|medicaid|medical|reference|ref|account|badge|docket|policy|registration|social security|"
    r"social insurance|ssn|ni|nino|national insurance|pps|ppsn|tfn|abn|aadhaar|aadhar|pan|id|identity|"
    r"student|staff|employee|service|army|regimental|claim|file|record|chart|mrn|chi|nhi|booking|"
    r"warrant|crime|incident|court|probation|ticket|plate|number plate|reg|membership|sort code|iban|"
    r"card|crn|ird|sin|voter|pension|benefit|universal credit|green card|visa|alien|warrant card|"
    r"collar|payroll|union|tax|utr|roll|folio|dob and ni)"
)
_OFFICIAL = (
    re.compile(r"\b\d{3}[- ]\d{2}[- ]\d{4}\b"),
    re.compile(r"\b[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-Za-z] ?\d{2} ?\d{2} ?\d{2} ?[A-Da-d]\b"),
    re.compile(r"\b\d{4}([ -])\d{4}\1\d{4}(?:\1\d{4})?\b"),
    re.compile(r"\b\d{13}(?:\d{3})?\b"),
    re.compile(r"\b\d{7}[A-Wa-w][A-IWa-iw]?\b"),
    re.compile(r"\b[A-Z]{5}\d{4}[A-Z]\b"),
    re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b"),
    re.compile(r"\b[A-Z]{2}\d{2} ?(?:[A-Z0-9]{4} ?){3,7}[A-Z0-9]{1,4}\b"),
    re.compile(r"\b[A-Z]\d{4}[A-Z]{2}\b"),
)
_NAMED = re.compile(
    rf"\b{_WHAT}\b(?:\s?(?:number|no|num|code|ref|reference|id|is|was|card|account|#|:|\.|,|=|my|the)){{0,4}}"
    r"\s{0,2}#?(?P<code>[A-Za-z]{0,4}[ /-]?\d[\dA-Za-z]*(?:/[A-Za-z]{1,4}(?=/)|[ /-]\d[\dA-Za-z]{0,9}){0,4}[A-Za-z]?)(?![\w])",
    re.IGNORECASE,
)

_ISSUED = re.compile(
    r"badge|collar|warrant|prison|inmate|payroll|staff|employee|docket", re.IGNORECASE
)
"""What gives numbers as short as four digits to one person."""
_LONG = re.compile(
    rf"\b{_WHAT}\b(?:\s?(?:number|no|is|was|#|:)){{0,3}}\s{{0,2}}(?P<code>[A-Z0-9]{{8,18}})(?!\w)",
    re.IGNORECASE,
)


def official(text: str) -> Iterator[Span]:
    """Numbers an office gave one person: insurance, passport, prisoner, case, card."""
    if len(_DIGIT.findall(text)) < 4:
        return
    for pattern in _OFFICIAL:
        yield from (Span(match.start(), match.end()) for match in pattern.finditer(text))
    for match in _LONG.finditer(text):
        if sum(char.isdigit() for char in match["code"]) >= 3:
            yield Span(match.start("code"), match.end("code"))
    for match in _NAMED.finditer(text):
        digits = sum(char.isdigit() for char in match["code"])
        issued = _ISSUED.match(match[0]) and not match["code"].startswith(("19", "20"))
        least = 4 if issued or any(char.isalpha() for char in match["code"]) else 5
        if digits >= least:
            yield Span(match.start("code"), match.end("code"))
