"""Who a stretch of words is about, when it happens, and whether it is denied."""

from __future__ import annotations

from forum.screening.reading import Sentence
from forum.screening.words import is_past

CONDITIONS = frozenset(("now", "past", "yes", "no", "me", "ask"))
"""now: present or to come. past: behind the writer. yes: not denied. no: denied.
me: nobody else is its subject. ask: the sentence asks or offers.
`-NAME`: the sentence has no such name; `+NAME`: it has."""

_PRESENT = frozenset(
    (
        "am is are want wish hope have has will shall need think feel can keep going do plan see "
        "know intend mean might may must ready rather just cannot pray get find wonder dream "
        "crave considering planning thinking contemplating wanting wishing gonna looking"
    ).split()
)
_PAST_AIDS = frozenset(("was", "were", "had", "did", "could", "used", "would"))
_NOT_DENIED = frozenset(("without", "nobody", "nothing", "none"))
_REACH = 4
_BREAKS = frozenset(("but", "because", "and", "then", "if", "when", "or"))


def holds(conditions: tuple[str, ...], sentence: Sentence, first: int, past: int) -> bool:
    """Whether every condition holds for the words from `first` up to `past`."""
    return all(_holds(condition, sentence, first, past) for condition in conditions)


def _holds(condition: str, sentence: Sentence, first: int, past: int) -> bool:
    if condition[0] in "-+":
        named = not sentence.called.isdisjoint(condition[1:].split("|"))
        return named == (condition[0] == "+")
    if condition == "now":
        return not is_behind(sentence, first, past)
    if condition == "past":
        return is_behind(sentence, first, past)
    if condition == "me":
        return is_mine(sentence, first)
    return is_denied(sentence, first, past) == (condition == "no")


def _clause_start(sentence: Sentence, at: int, reach: int) -> int:
    """Back from a place to where its clause begins, at most `reach` words."""
    low = at
    while low > 0 and at - low < reach:
        if low in sentence.commas or sentence.words[low - 1].form in _BREAKS:
            break
        low -= 1
    return low


def clause(sentence: Sentence, first: int, past: int) -> tuple[int, int]:
    """The whole clause around the words, so that another clause can stand in its place."""
    low = _clause_start(sentence, first, first)
    size = len(sentence.words)
    while past < size and past not in sentence.commas and sentence.words[past].form not in _BREAKS:
        past += 1
    return low, past


def is_denied(sentence: Sentence, first: int, past: int) -> bool:
    """Whether a "not", "never" or "no longer" stands in or just before the words."""
    low = _clause_start(sentence, first, _REACH)
    return any(
        "NEG" in sentence.names[at] and sentence.words[at].form not in _NOT_DENIED
        for at in range(low, past)
    )


def is_mine(sentence: Sentence, first: int) -> bool:
    """Whether the nearest subject before the words is the writer, or there is none."""
    names = sentence.names
    if "I" in names[first]:
        return True
    for at in range(first - 1, _clause_start(sentence, first, 6) - 1, -1):
        if "I" in names[at] and sentence.words[at].form in ("i", "we"):
            return True
        if not names[at].keys().isdisjoint(("SHE", "YOU", "KIN", "PROFESSION")):
            return False
    return not {"SHE", "YOU"} & names[first].keys()


def is_behind(sentence: Sentence, first: int, past: int) -> bool:
    """Whether the words tell of a time that is over, and not only since last night."""
    called = sentence.called
    behind = _past_verb(sentence, first, past)
    if behind and "RECENT" in called and "DISTANT" not in called:
        return False
    if behind is None:
        return "DISTANT" in called
    return behind


def _past_verb(sentence: Sentence, first: int, past: int) -> bool | None:
    """Whether the first verb of the clause is past; None where no verb tells."""
    low = _clause_start(sentence, first, _REACH)
    for at in range(low, past):
        form = sentence.words[at].form
        if form in ("was", "were") and _supposed(sentence, at):
            return False
        if form in _PAST_AIDS:
            return not (form == "would" and (_wishes(sentence, at) or "if" in sentence.called))
        if form in _PRESENT:
            return False
        if is_past(form):
            return True
    return None


def _supposed(sentence: Sentence, at: int) -> bool:
    """ "if I was not here", "as though I were dead": a was that is not past."""
    return any(
        word.form in ("if", "though", "wish") for word in sentence.words[max(0, at - 3) : at]
    )


def _wishes(sentence: Sentence, at: int) -> bool:
    """ "I would like to": a wish of now, not a habit of then."""
    after = sentence.words[at + 1].form if at + 1 < len(sentence.words) else ""
    return after in ("like", "rather", "love", "prefer", "be", "do")
