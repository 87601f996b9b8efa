"""Measures the sanitizer at its worst: hostile texts of 12,000 characters, in CPU seconds.

Run it from the root of the repository: `python -m tests.benchmarks.hostile`.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count, product

from forum.sanitize import MOST_CHARACTERS, TooTangled, sanitize

ALLOWED = ("p", "em", "strong", "blockquote", "ul", "ol", "li")

# Each of these, over and over, fills a whole text.
UNITS = (
    *("<", ">", "&", '"', "'", "/", "\n", "\t", " ", "\r\n", "\r", "\x00", "\x0b", "\x85"),
    *("&lt;", "&amp;", "&#60;", "&#x3c", "&nbsp;", "&CounterClockwiseContourIntegral;", "&#"),
    *("<3", "< ", "</", "<!", "<!--", "<!---->", "<![CDATA[", "<?", "<a", "<p", "<p ", "<em a"),
    *("<br>", "<br/>", "<br />x", "x<br>", "x\n", "x\n\n", "x \n \n", "\n x", " x", "& ", "<x>"),
    *("\u202e", "\u200b", "\u200b<", "\u200d", "\ufeffx", "\ud800", "\udfffx", "\ufdd0"),
    *("\u0301", "x\u0301", "\u064a\u200c", "\u05d0", "\u4e2d", "\u3000", "\u3000x", "\xa0"),
    *("\U0001f3f4", "\U000e0067", "\U0001f3f4\U000e0067", "\U0001f468\u200d", "\ufe0f"),
    *("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "{{7*7}}"),
    *("<script>", "</script>", "<svg>", "<math>", "<style>", "<template>", "<textarea>"),
    *("<div>", "<div>x", "<table><tr><td>", "<b><i>", "<b>x", "<font color=1>", "<a href=x>"),
    *("<p a=1>", "<em a=1>x", "<li a=1>", "<p/>", "<em/>", "</p>x", "</em>x", "</li>", "</ul>x"),
    *("<em>x\n\n", "<strong>x<br>", "<em><strong>x</em>", "<em><p>", "<em></p>", "<p>x<em>"),
    *("<ul><li>", "<ul>x", "<ol><ul>x", "<li>x", "<ul><li>x</ul>", "<ul></ul>", "<li>&"),
    *("<blockquote>", "<blockquote>x", "<blockquote>x</blockquote>", "<blockquote><ul>x"),
    *("<really>", "<really ", "<a friend>", "<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "<a " + " " * 299),
    *("javascript:", "[x](javascript:alert(1))", "Save_as: x.html\n", "{filename}x.md "),
)


def patterns(length: int = MOST_CHARACTERS) -> dict[str, str]:
    """Give at least 100 hostile texts by name, each of just that many characters."""
    texts = {f"{unit!r} again and again": _filled(unit, length) for unit in UNITS}
    for opener, closer in product(ALLOWED, ALLOWED):
        crossed = f"<{opener}>x</{closer}>"
        texts[f"{crossed} again and again"] = _filled(crossed, length)
        texts[f"{crossed} within the most tags"] = _filled(crossed.ljust(42, "<"), length)
        halves = f"<{opener}>x" * 290 + f"</{closer}>x" * 290
        texts[f"290 <{opener}>, then 290 </{closer}>"] = halves.ljust(length, "<")
    for name, piece in _counted().items():
        texts[name] = "".join(_until(length, piece)).ljust(length, "x")
    return {name: text[:length] for name, text in texts.items()}


def _filled(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def _counted() -> dict[str, Callable[[int], str]]:
    """Give texts whose pieces all differ, so that no cache and no limit on repeats can help."""
    return {
        "em with its own attribute, then text": lambda n: f"<em a{n}=1>x",
        "em with its own attribute, then p": lambda n: f"<em {n}=1><p>",
        "its own entity": lambda n: f"&#{n};&x{n};",
        "its own made-up tag": lambda n: f"<x{n}>",
        "half within the most tags, half signs": lambda n: "<li>x" if n < 550 else "&",
        "marks within the most tags, then lines": lambda n: "<em>x" if n < 590 else "x\n",
        "paragraphs within the most tags, then <": lambda n: "<p>x" if n < 590 else "<",
        "lists within the depth, then lines": lambda n: "<ul>" if n < 4 else "<3\n",
    }


def _until(length: int, piece: Callable[[int], str]) -> Iterator[str]:
    for number in count():
        if length <= 0:
            return
        part = piece(number)
        length -= len(part)
        yield part


def story(characters: int) -> str:
    """Give a harmless story of that many characters, as most people write."""
    paragraph = (
        "The first week I slept on my sister's couch & counted hours. It got easier, slowly.\n"
        'She said "one day at a time" \u2013 I laughed, then I tried it. <3\n\n'
    )
    return _filled(paragraph, characters)


def _cpu_seconds(text: str) -> tuple[float, int]:
    """Give the CPU seconds of one text and the length of its result; -1 where it was refused."""
    start = time.process_time()
    try:
        length = len(sanitize(text).html)
    except TooTangled:
        length = -1
    return time.process_time() - start, length


def _benign_ms(characters: int, rounds: int = 25) -> float:
    text = story(characters)
    return min(_cpu_seconds(text)[0] for _ in range(rounds)) * 1000


def measure() -> dict[str, float | int | str]:
    """Run every pattern and two harmless stories; give the figures."""
    texts = patterns()
    _cpu_seconds(story(1_200))
    seen = {name: _cpu_seconds(text) for name, text in texts.items()}
    slowest = max(seen, key=lambda name: seen[name][0])
    longest = max(seen, key=lambda name: seen[name][1])
    return {
        "patterns": len(texts),
        "refused": sum(length < 0 for _, length in seen.values()),
        "worst_cpu_s": round(seen[slowest][0], 4),
        "worst_cpu_pattern": slowest,
        "worst_ratio": round(seen[longest][1] / MOST_CHARACTERS, 4),
        "worst_ratio_pattern": longest,
        "story_1200_cpu_ms": round(_benign_ms(1_200), 3),
        "story_5000_cpu_ms": round(_benign_ms(5_000), 3),
    }


def main() -> None:
    """Print the figures as JSON."""
    json.dump(measure(), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
