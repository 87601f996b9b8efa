"""Disguises go, and are named; every character that somebody may mean stays."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.characters import on_one_line, with_plain_line_ends, without_disguises

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"

KEPT = {
    "a family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "a heart with its variation selector": "\u2764\ufe0f and \u2764\ufe0e",
    "a skin tone": "\U0001f44d\U0001f3fd",
    "the flag of Ukraine": "\U0001f1fa\U0001f1e6",
    "the flag of England": ENGLAND,
    "Persian with its joiner": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "Arabic": "\u0627\u0644\u0633\u0644\u0627\u0645 \u0639\u0644\u064a\u0643\u0645",
    "Hebrew with points": "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd",
    "Hindi with a joiner": "\u0915\u094d\u200d\u0937",
    "direction marks": "a\u200eb\u200fc\u061cd",
    "combining marks": "e\u0301 \u1eb9\u0300 Z\u0351\u036b\u0343",
    "letters that composing would change": "\u212b \u2126 \ufb01 \u1e9b\u0323 \u00e9 e\u0301",
    "Japanese, Chinese, Korean": "\u65e5\u672c\u8a9e \u4e2d\u6587 \ud55c\uad6d\uc5b4 \u1112\u1161",
    "a name with an ideographic variant": "\u845b\U000e0100",
    "tabs and line ends": "a\tb\nc",
}

GONE = {
    "\x00": "control U+0000",
    "\x1b": "control U+001B",
    "\x7f": "control U+007F",
    "\x9f": "control U+009F",
    "\xad": "soft hyphen U+00AD",
    "\u180e": "Mongolian vowel separator U+180E",
    "\u200b": "zero-width space U+200B",
    "\u202a": "bidi embedding U+202A",
    "\u202b": "bidi embedding U+202B",
    "\u202c": "bidi end U+202C",
    "\u202d": "bidi override U+202D",
    "\u202e": "bidi override U+202E",
    "\u2060": "word joiner U+2060",
    "\u2064": "invisible operator U+2064",
    "\u2066": "bidi isolate U+2066",
    "\u2069": "bidi isolate U+2069",
    "\u206f": "old format control U+206F",
    "\u3164": "Hangul filler U+3164",
    "\uffa0": "Hangul filler U+FFA0",
    "\ufeff": "zero-width no-break space U+FEFF",
    "\ufff9": "annotation mark U+FFF9",
    "\ufdd0": "noncharacter U+FDD0",
    "\uffff": "noncharacter U+FFFF",
    "\U0010fffe": "noncharacter U+10FFFE",
    chr(0xD800): "lone surrogate U+D800",
    chr(0xDFFF): "lone surrogate U+DFFF",
    "\U000e0041": "tag character U+E0041",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_what_people_write_survives_to_the_letter(text: str) -> None:
    assert without_disguises(text) == (text, {})


@pytest.mark.parametrize(("character", "name"), GONE.items(), ids=GONE.values())
def test_a_disguise_is_taken_out_and_named(character: str, name: str) -> None:
    assert without_disguises(f"so{character}ber{character}") == ("sober", {name: 2})


def test_a_word_cannot_hide_in_tag_characters_behind_a_flag() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "meetmeatnoon")
    for text in (f"\U0001f3f4{hidden}\U000e007f", f"\U0001f3f4{hidden}", f"x{hidden}\U000e007f"):
        kept, taken = without_disguises(text)
        assert kept in ("\U0001f3f4", "x")
        assert sum(taken.values()) == len(text) - 1


def test_a_real_flag_stays_whole_beside_a_disguise() -> None:
    assert without_disguises(f"{ENGLAND}\u202e{ENGLAND}\U000e007f")[0] == ENGLAND * 2


def test_taking_one_disguise_out_never_makes_another_pass() -> None:
    broken = ENGLAND.replace("\U000e0062", "\u200b\U000e0062")
    assert without_disguises(broken)[0] == "\U0001f3f4"
    assert without_disguises("\ud83d\u200b\ude00")[0] == ""


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_end_becomes_one(end: str) -> None:
    assert with_plain_line_ends(f"one{end}two{end}") == "one\ntwo\n"


def test_on_one_line_only_the_line_ends_that_people_type_are_left() -> None:
    assert on_one_line("a\x0bb\u2028c\x85d") == "a b c d"
    assert on_one_line("a\r\nb\rc") == "a\nb\nc"


@given(st.text(st.characters(codec=None)))
@settings(deadline=None, max_examples=300, derandomize=True)
def test_only_characters_that_show_nothing_are_ever_taken_out(text: str) -> None:
    kept, taken = without_disguises(text)
    assert without_disguises(kept) == (kept, {})
    assert len(text) - len(kept) == sum(taken.values())
    gone = {chr(int(name.rpartition("U+")[2], 16)) for name in taken}
    letters = {character for character in gone if unicodedata.category(character)[0] in "NPSMZ"}
    assert not letters
    assert {c for c in gone if unicodedata.category(c)[0] == "L"} <= {"\u3164", "\uffa0"}
    assert [c for c in text if c not in gone] == [c for c in kept if c not in gone]
