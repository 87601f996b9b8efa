"""Practice posts: made up, stored nowhere, and answered with reasons instead of a score."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from forum.post import Fields
from forum.screening import RULES
from forum.vocabulary import slugs

FOLDER = Path(__file__).with_name("practice_posts")
MADE_UP = "Made up for practice: "
"""How the title of every practice post begins."""

_NAMED = re.compile(r"(?P<number>\d\d)-[a-z-]+\.toml")
_SENTENCE = re.compile(r"\S.*[.?]", re.DOTALL)
_POST = frozenset(
    ("lesson", "title", "body", "topics", "stage", "arc", "content_notes", "teaches", "answers")
)


class Choice(Enum):
    """What a moderator could do with a post."""

    APPROVE = "approve"
    EDIT = "approve-with-edits"
    RETURN = "return"
    DECLINE = "decline"
    ESCALATE = "escalate"
    NOT_FOR_ME = "not-for-me"


class Verdict(Enum):
    """How a choice looks to people who have done this for a while."""

    OURS = "we-would"
    GREY = "could-be-right"
    WORRY = "would-worry-us"
    ALWAYS = "always-right"
    """Only ever said of leaving a post to somebody else."""


class BadPractice(ValueError):
    """A practice post that cannot be used: which file, which field, and what is wrong."""

    def __init__(self, file: str, field: str, wrong: str) -> None:
        super().__init__(f"{file}: {field}: {wrong}")


@dataclass(frozen=True)
class Answer:
    """What we think of one choice, and why, in a sentence or two."""

    verdict: Verdict
    why: str


@dataclass(frozen=True)
class PracticePost:
    """One made-up post, with an answer to every choice."""

    number: str
    """Two digits; what it is called in addresses."""
    lesson: str
    """What there is to see in it, said once a choice is made."""
    title: str
    """Says that it is made up."""
    body: str
    """As if it were typed: plain text, an empty line between paragraphs."""
    fields: Fields
    teaches: tuple[str, ...]
    """Ids of the screening rules that it teaches; screening marks each of them in its text."""
    answers: Mapping[Choice, Answer]

    @property
    def name(self) -> str:
        """What it is called where it is plain that it is made up."""
        return self.title.removeprefix(MADE_UP)


@cache
def practice_posts() -> tuple[PracticePost, ...]:
    """The forum's own practice posts in order, read once."""
    return load(FOLDER)


def load(folder: Path) -> tuple[PracticePost, ...]:
    """The practice posts of a folder, in the order of their numbers; raise `BadPractice`."""
    return tuple(_Table.open(path).post() for path in sorted(folder.glob("*.toml")))


@dataclass(frozen=True)
class _Table:
    """A table of a practice post's file; whatever is wrong with a field is said with its name."""

    file: str
    under: str
    """What the names of its fields begin with in an error."""
    fields: Mapping[str, object]

    @classmethod
    def open(cls, path: Path) -> _Table:
        """The whole file as one table."""
        try:
            return cls(path.name, "", tomllib.loads(path.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadPractice(path.name, "the file", f"cannot be read ({error})") from None

    def post(self) -> PracticePost:
        """The practice post that it holds."""
        self.only(_POST)
        return PracticePost(
            number=self._number(),
            lesson=self.text("lesson"),
            title=self._title(),
            body=self.text("body"),
            fields=Fields(
                topics=self.chosen("topics", slugs("topics")),
                stage=self.one_of("stage", slugs("stages")),
                arc=self.one_of("arc", slugs("arcs")),
                content_notes=self.chosen("content_notes", slugs("content_notes")),
            ),
            teaches=self.chosen("teaches", RULES),
            answers=self._answers(),
        )

    def only(self, known: Collection[str]) -> None:
        """Hold that no field has a name that nobody reads."""
        for name in self.fields:
            if name not in known:
                raise self._wrong(name, "is no field of a practice post")

    def text(self, name: str) -> str:
        """A field that is text and not empty."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(name, "should be text")
        return value.strip()

    def one_of(self, name: str, known: Collection[str]) -> str:
        """A field that is one word of a list."""
        value = self.text(name)
        if value not in known:
            raise self._wrong(name, f"does not know {value!r}")
        return value

    def chosen(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        """A field that is a list of words of a list, each once; it may be empty."""
        values = self.fields.get(name)
        if not isinstance(values, list) or len(values) != len(set(map(str, values))):
            raise self._wrong(name, "should be a list that names each thing once")
        for value in values:
            if not isinstance(value, str) or value not in known:
                raise self._wrong(name, f"does not know {value!r}")
        return tuple(values)

    def table(self, name: str) -> _Table:
        """A field that is a table."""
        value = self.fields.get(name)
        if not isinstance(value, dict):
            raise self._wrong(name, "should be a table")
        return _Table(self.file, f"{self.under}{name}.", value)

    def _number(self) -> str:
        named = _NAMED.fullmatch(self.file)
        if named is None:
            raise self._wrong("the file", "should be called like 01-a-few-words.toml")
        return named["number"]

    def _title(self) -> str:
        title = self.text("title")
        if not title.startswith(MADE_UP):
            raise self._wrong("title", f"should begin with {MADE_UP!r}")
        return title

    def _answers(self) -> dict[Choice, Answer]:
        answers = self.table("answers")
        answers.only({choice.value for choice in Choice})
        found = {choice: answers.table(choice.value)._answer(choice) for choice in Choice}
        if Verdict.OURS not in {answer.verdict for answer in found.values()}:
            raise self._wrong("answers", f"should say {Verdict.OURS.value!r} at least once")
        return found

    def _answer(self, choice: Choice) -> Answer:
        """One answer; leaving a post to others is always right, and nothing else is."""
        self.only({"verdict", "why"})
        always = {Verdict.ALWAYS.value}
        others = {verdict.value for verdict in Verdict} - always
        allowed = always if choice is Choice.NOT_FOR_ME else others
        verdict, why = Verdict(self.one_of("verdict", allowed)), self.text("why")
        if not _SENTENCE.fullmatch(why):
            raise self._wrong("why", "should be a sentence")
        return Answer(verdict, why)

    def _wrong(self, name: str, wrong: str) -> BadPractice:
        return BadPractice(self.file, f"{self.under}{name}", wrong)
