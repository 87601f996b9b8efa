"""What stands around a story: proposed by its author and by screening, decided by a moderator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from forum.post import Fields, Post
from forum.screening import RULES
from forum.vocabulary import slugs

NOTES_BY_FAMILY = {
    "suicide": ("suicide",),
    "self-harm": ("self-harm",),
    "eating": ("eating",),
    "harm": ("violence",),
}
NOTES_BY_RULE = {
    "SUB-2": ("alcohol",),
    **dict.fromkeys(("SUB-1", "SUB-3", "SUB-4", "SUB-7", "SUB-8", "SUB-9"), ("drugs",)),
}
"""Rules of the one family that has more than one note."""
HELP_BY_FAMILY = {
    "suicide": ("suicide",),
    "self-harm": ("distress",),
    "eating": ("eating",),
    "harm": ("distress",),
    "substance": ("substance",),
    "age": ("youth",),
}
HELP_BY_TOPIC = {
    **dict.fromkeys(("alcohol", "opioids", "stimulants", "cannabis", "gambling"), "substance"),
    "eating": "eating",
    "self-harm": "distress",
}
LISTS = ("topics", "content_notes", "help")
"""Fields of which a moderator may choose several."""
SINGLE = {"stage": "stages", "arc": "arcs"}
"""Fields of which they may choose one, and the vocabulary list it comes from."""


class NotOnTheList(Exception):
    """A word that no list has, or more than one where one can be chosen. Nothing was changed."""


@dataclass(frozen=True)
class Proposal:
    """What screening and the author's own topics suggest, beside what the author chose."""

    content_notes: tuple[str, ...]
    help: tuple[str, ...]


def proposal(post: Post) -> Proposal:
    """Content notes and help blocks that might fit; a person decides."""
    families = {RULES[mark].family for mark in post.marks if mark in RULES}
    notes = [note for family in families for note in NOTES_BY_FAMILY.get(family, ())]
    notes += [note for mark in post.marks for note in NOTES_BY_RULE.get(mark, ())]
    help = [block for family in families for block in HELP_BY_FAMILY.get(family, ())]
    help += [HELP_BY_TOPIC[topic] for topic in post.fields.topics if topic in HELP_BY_TOPIC]
    return Proposal(_new(notes, post.fields.content_notes), _new(help, post.fields.help))


def curated(fields: Fields, chosen: Mapping[str, Sequence[str]]) -> Fields:
    """The fields as a moderator leaves them; what only the author can say stays.

    `chosen` has every field that a moderator decides, by its name. Raises `NotOnTheList`.
    """
    several = {name: tuple(sorted({*chosen.get(name, ())} - {""})) for name in LISTS}
    single = {name: [one for one in chosen.get(name, ()) if one] for name in SINGLE}
    for name, words in {**several, **single}.items():
        had = getattr(fields, name)
        before = {had} if isinstance(had, str) else set(had)  # a word that was retired since stays
        if not set(words) <= slugs(SINGLE.get(name, name)) | before:
            raise NotOnTheList(name)
        if name in SINGLE and len(words) > 1:
            raise NotOnTheList(name)
    one = {name: next(iter(words), "") for name, words in single.items()}
    return replace(
        fields,
        topics=several["topics"],
        content_notes=several["content_notes"],
        help=several["help"],
        stage=one["stage"],
        arc=one["arc"],
    )


def _new(proposed: Iterable[str], chosen: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(proposed) - set(chosen)))
