"""Which language a text is written in, as far as its commonest words and its script can tell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

ENGLISH = "en"
UNKNOWN = "und"
_WORD = re.compile(r"[^\W\d_]+")
_COMMON: dict[str, frozenset[str]] = {
    ENGLISH: frozenset(
        "the and to of a i in it is was that my for you with on he she me they have be at not but so "
        "this we are had when do am from his her what all no if or as up out there just been one their "
        "will who has them him how did get got about would your by an can were im dont ive u like know "
        "go now more want because then after time back day could never still don didn can isn wasn ll ve re".split()
    ),
    "es": frozenset("de la que el en y los se del las un por con una su para es al lo como mas pero sus le ya o este si porque esta entre cuando muy sin sobre tambien me hasta hay donde quien desde todo nos durante mi yo no estoy fue era tengo ser".split()),
    "fr": frozenset("de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont la avec mais je me mon ma tu nous vous elle suis ai etait ete tout bien sans cette comme si mes jour leur c j d l n qu".split()),
    "de": frozenset("der die und in den von zu das mit sich des auf fur ist im dem nicht ein eine als auch es an er hat aus bei ich war mein meine mich mir habe du wir sie so nach nur noch wie wenn aber dann oder einen einem".split()),
    "pt": frozenset("de a o que e do da em um para com nao uma os no se na por mais as dos como mas foi ao ele das tem seu sua ou ser quando muito nos ja eu meu minha estou isso me estava era fui".split()),
    "it": frozenset("di e il la che in un a per e una sono mi non si da con ho come io ma ti le lo piu o del della mia mio ha era se quando anche questo cosa gli al dei nel tutto".split()),
    "nl": frozenset("de het een en van ik te dat die in is niet zijn op aan met als voor er maar om hem dan zou of wat mijn men dit zo door over ze zich bij ook tot je mij uit was nog naar geen heb".split()),
    "pl": frozenset("i w nie sie na ze do to jest jak o co z za po ale czy mnie tak tego ja bylo mi juz dla przez tylko jestem moje bylem ten tym od".split()),
    "sv": frozenset("och i att det som en pa ar av for med till den har de inte om ett jag men var sig fran vi sa kan min nar mig hade".split()),
    "tr": frozenset("bir ve bu da de ne icin ben cok ama gibi daha mi o var benim sen kadar degil olarak sonra".split()),
    "id": frozenset("yang dan di dengan untuk tidak ini itu dari saya dalam akan pada juga ke karena ada aku sudah bisa".split()),
    "tl": frozenset("ang ng sa na mga ako ko hindi ay si at kung lang para siya pero ito naman po".split()),
    "sw": frozenset("na ya wa kwa ni katika la za mimi yangu sana lakini hii kuwa yake siku".split()),
    "cy": frozenset("yn y a i o ar ac mae oedd fy am gan wedi ei bod ond dw roedd hi fi".split()),
    "hi": frozenset("hai ka ki ke mein se ko nahi aur main hoon tha bhi kya mujhe mera meri par ye toh ho raha".split()),
    "af": frozenset("die en van in is nie het ek dit my was vir met om te op sy maar hulle jy wat".split()),
}  # fmt: skip
FEW = 6
"""With fewer words a sentence tells nothing of its language."""


def of(sentences: Iterable[str]) -> tuple[str, bool]:
    """The language most words are in, and whether (almost) all of them are English."""
    counts: dict[str, int] = {}
    foreign = 0
    for sentence in sentences:
        words = [_bare(word) for word in _WORD.findall(sentence)]
        language = _of(words)
        counts[language] = counts.get(language, 0) + len(words)
        foreign += len(words) if language not in (ENGLISH, UNKNOWN) else 0
    told = {language: count for language, count in counts.items() if language != UNKNOWN}
    total = sum(counts.values())
    best = max(told, key=lambda one: told[one]) if told else ENGLISH
    return best, foreign < 8 or foreign * 20 < total


def _bare(word: str) -> str:
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.lower())
    return "".join(one for one in apart if not unicodedata.combining(one))


def _of(words: list[str]) -> str:
    if not words:
        return UNKNOWN
    if sum(not word.isascii() for word in words) * 2 > len(words):
        return _script(words)
    if len(words) < FEW:
        return UNKNOWN
    english = sum(word in _COMMON[ENGLISH] for word in words)
    if english * 4 >= len(words):
        return ENGLISH
    scores = {
        language: sum(word in common for word in words) for language, common in _COMMON.items()
    }
    best = max(scores, key=lambda language: (scores[language], language == ENGLISH))
    if scores[best] > scores[ENGLISH] + 1 and scores[best] * 5 >= len(words):
        return best
    return ENGLISH if scores[ENGLISH] * 8 >= len(words) else UNKNOWN


_SCRIPTS = {"CYRILLIC": "ru", "ARABIC": "ar", "HEBREW": "he", "DEVANAGARI": "hi", "CJK": "zh"}
_SCRIPTS |= {"HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "GREEK": "el", "THAI": "th"}
_SCRIPTS |= {"BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "GUJARATI": "gu", "GURMUKHI": "pa"}


def _script(words: list[str]) -> str:
    char = next((char for word in words for char in word if not char.isascii()), "")
    name = unicodedata.name(char, "UNKNOWN").split()[0]
    return _SCRIPTS.get(name, "mul")
