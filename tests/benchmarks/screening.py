"""Measures the screening: what it finds and misses by family, and what its work costs at worst.

Run it from the root of the repository: `python -m tests.benchmarks.screening`. The holdout, where
there is one beside the development set, is only ever counted here; nothing is tuned to it.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from forum.screening import RULES, screen
from forum.screening.engine import MOST_CHARACTERS
from forum.screening.rules import Rule

SETS = Path(__file__).parents[1] / "forum"
FUZZ_SECONDS = 20.0
CUE_WORDS = (
    "I",
    "want",
    "to",
    "die",
    "kill",
    "myself",
    "tonight",
    "not",
    "never",
    "the",
    "bridge",
    "rope",
    "tablets",
    "60",
    "paracetamol",
    "my",
    "mum",
    "him",
    "going",
    "hit",
    "me",
    "he",
    "when",
    "she",
    "15",
    "years",
    "old",
    "gram",
    "of",
    "coke",
    "where",
    "can",
    "get",
    "DM",
    "call",
    "cut",
    "arms",
    "with",
    "blade",
    "weigh",
    "42",
    "kg",
)
UNITS = (
    "0",
    "07700 900 ",
    "1-",
    "+",
    "(",
    "1 2 3 4 ",
    "12/12/12 ",
    "116 123 ",
    "999999999 ",
    "one two three ",
    "oh double ",
    "k i l l ",
    "s.u.i.c.i.d.e ",
    "a ",
    "i ",
    "a.",
    "A B ",
    "@",
    "a@",
    "a@a.",
    "x at y dot ",
    "a.a.",
    "www.",
    "http://",
    "h..ps://",
    "'",
    '"',
    "(",
    "[at]",
    "«",
    "''\"",
    "u/",
    "#1234 ",
    "insta: ",
    "my insta is ",
    "zip ",
    "AB1 ",
    "A1A 1",
    "NHS number ",
    "St ",
    "The ",
    "Aa ",
    "Dr Aa ",
    "My sister Aa, ",
    "called ",
    "I grew up in ",
    "worked at ",
    "Monday night meeting at ",
    "\u200b",
    "\u0301",
    "x\u0301\u0302",
    "\u202e",
    "\ufeffa",
    "\U0001d4d0",
    "\u0430b",
    "\u4e2d",
    "\xa0",
    "ﬁ",
    "\ud800",
    "aа",
    "$",
    "*",
    "s*",
    "****",
    "$$a",
    "k*ll ",
    "aaaa",
    "sooooo ",
    "4",
    "w4nt ",
    "th1s",
    "-",
    "- ",
    "_",
    "___",
    ".",
    "...",
    ",",
    ", ",
    "\n",
    "\t",
    " ",
    "not ",
    "i am 15 ",
    "i am ",
    "a hundred and ",
    "and ",
    "twenty ",
    "twenty five thousand and ",
    "half ",
    "I want to die ",
    "kill myself ",
    "I will not be here tomorrow ",
    "he hits me ",
    "my dad hits my brother ",
    "pills ",
    "I took 60 pills, ",
    "gram of coke ",
    "where can I get benzos ",
    "better off without me ",
    "tell my kids ",
)


def measure(seconds: float = FUZZ_SECONDS) -> dict[str, object]:
    """Recall and false alarms by family on each set, ms for a story, and the worst text."""
    worst, culprit = worst_text(seconds)
    return {
        **{name: table(path) for name, path in _sets()},
        "story_600_words_ms": round(1000 * story_seconds(), 2),
        "worst_12000_characters_ms": round(1000 * worst, 1),
        "worst_text_begins": culprit[:40],
    }


def _sets() -> Iterator[tuple[str, Path]]:
    for name in ("dev", "holdout"):
        path = SETS / f"screening_{name}.jsonl"
        if path.exists():
            yield name, path


def _entries(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def wanted(entry: dict[str, object]) -> list[frozenset[str]]:
    """The rules to be found; each is one id or several that would do as well."""
    rules = entry.get("rules") or []
    assert isinstance(rules, list)
    return [frozenset([rule] if isinstance(rule, str) else rule) for rule in rules]


def table(path: Path) -> dict[str, dict[str, object]]:
    """For each family: how many sentences had something to find, the share found; false alarms."""
    rows: dict[str, list[int]] = {}
    clean, alarms, stories, marks = 0, 0, 0, 0
    for entry in _entries(path):
        found = {finding.rule for finding in screen(str(entry["text"])).found}
        for either in wanted(entry):
            row = rows.setdefault(_family(either), [0, 0])
            row[0] += 1
            row[1] += bool(either & found)
        if not entry.get("rules"):
            is_story = entry.get("kind") == "story"
            stories, marks = stories + is_story, marks + len(found) * is_story
            clean, alarms = clean + (not is_story), alarms + (bool(found) and not is_story)
    result: dict[str, dict[str, object]] = {
        family: {"to_find": all_, "recall": round(got / all_, 3)}
        for family, (all_, got) in sorted(rows.items())
    }
    to_find = sum(row[0] for row in rows.values())
    result["all"] = {
        "to_find": to_find,
        "recall": round(sum(row[1] for row in rows.values()) / max(1, to_find), 3),
    }
    result["look-alikes"] = {"sentences": clean, "false_alarms": round(alarms / max(1, clean), 3)}
    result["clean stories"] = {"stories": stories, "wrong_marks": marks}
    return result


def _family(rules: frozenset[str]) -> str:
    rule: Rule | None = RULES.get(min(rules))
    return rule.family if rule else "unknown"


def story_seconds() -> float:
    """CPU seconds for a story of 600 words, the median of nine."""
    stories = [
        str(e["text"]) for e in _entries(SETS / "screening_dev.jsonl") if e["kind"] == "story"
    ]
    text = " ".join(" ".join(stories).split()[:600])
    screen(text)
    return sorted(_seconds(text) for _ in range(9))[4]


def _seconds(text: str) -> float:
    before = time.process_time()
    screen(text)
    return time.process_time() - before


def worst_text(seconds: float) -> tuple[float, str]:
    """The slowest text of MOST_CHARACTERS that hostile generators make within the time given."""
    chance = random.Random(11)
    worst, culprit = 0.0, ""
    until = time.monotonic() + seconds
    for text in _hostile(chance):
        spent = _seconds(text)
        if spent > worst:
            again = min(spent, _seconds(text))
            worst, culprit = (again, text) if again > worst else (worst, culprit)
        if time.monotonic() > until:
            break
    return worst, culprit


def _hostile(chance: random.Random) -> Iterator[str]:
    for unit in UNITS:
        yield (unit * MOST_CHARACTERS)[:MOST_CHARACTERS]
    stories = [str(e["text"]) for e in _entries(SETS / "screening_dev.jsonl")]
    yield " ".join(stories)[:MOST_CHARACTERS]
    lines = [line for rule in RULES.values() for line in rule.lines]
    while True:
        kind = chance.randrange(5)
        if kind == 0:
            parts = chance.choices(UNITS, k=chance.randint(2, 6))
            text = "".join(parts) * (MOST_CHARACTERS // max(1, len("".join(parts))) + 1)
        elif kind == 1:
            text = " ".join(chance.choices(CUE_WORDS, k=MOST_CHARACTERS // 3))
        elif kind == 2:
            text = "".join(chance.choices(UNITS, k=MOST_CHARACTERS))
        elif kind == 3:
            words = [word for line in chance.choices(lines, k=40) for word in _literal(line)] or [
                "a"
            ]
            text = " ".join(chance.choices(words, k=MOST_CHARACTERS // 3))
        else:
            text = " ".join(chance.choices(stories, k=200))
        yield text[:MOST_CHARACTERS]


def _literal(line: str) -> list[str]:
    words = line.partition(" : ")[0].replace("|", " ").replace("_", " ").split()
    return [word for word in words if word.islower() and word.isalpha()]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(), indent=2, ensure_ascii=True) + "\n")
