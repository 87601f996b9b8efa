"""Practice posts are made up, marked as they say, and every choice in them has its reasons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from forum import care, practice, texts
from forum.practice import BadPractice, Choice, PracticePost, Verdict, load, practice_posts
from tests.pages.test_content import HIGHEST_GRADE, grade, hurtful

POSTS = practice_posts()
SAFE = (Choice.APPROVE, Choice.EDIT)

every_post = pytest.mark.parametrize("post", POSTS, ids=lambda post: post.number)


def ours(post: PracticePost) -> set[Choice]:
    """What we would do ourselves."""
    return {choice for choice, one in post.answers.items() if one.verdict is Verdict.OURS}


def marks(post: PracticePost) -> set[str]:
    return set(texts.check(post.title, post.body).marks)


def test_there_are_ten_and_their_numbers_have_no_gap() -> None:
    assert [post.number for post in POSTS] == [f"{number:02}" for number in range(1, 11)]
    assert len({post.lesson for post in POSTS}) == 10


@every_post
def test_a_practice_post_says_on_its_face_that_it_is_made_up(post: PracticePost) -> None:
    assert post.title.startswith("Made up for practice: ")


@every_post
def test_screening_marks_just_the_rules_that_a_practice_post_teaches(post: PracticePost) -> None:
    assert marks(post) == set(post.teaches)


@every_post
def test_a_practice_post_is_one_that_the_form_would_take(post: PracticePost) -> None:
    text = texts.check(post.title, post.body).text
    assert text.removed == ()
    assert 50 <= len(post.body.split()) <= 200


@every_post
def test_every_choice_has_a_reason_and_leaving_a_post_to_others_is_always_right(
    post: PracticePost,
) -> None:
    assert set(post.answers) == set(Choice)
    assert post.answers[Choice.NOT_FOR_ME].verdict is Verdict.ALWAYS
    assert all(len(re.findall(r"[.?](?:\s|$)", one.why)) <= 4 for one in post.answers.values())


@every_post
def test_reasons_are_plain_and_use_no_word_that_hurts(post: PracticePost) -> None:
    said = " ".join([f"{post.lesson}.", *(one.why for one in post.answers.values())])
    assert grade(said) <= HIGHEST_GRADE
    assert not hurtful(said)


@every_post
def test_what_may_mean_danger_is_only_ever_escalated(post: PracticePost) -> None:
    if care.worrying(post.teaches):
        assert ours(post) == {Choice.ESCALATE}
        assert all(post.answers[one].verdict is Verdict.WORRY for one in (*SAFE, Choice.RETURN))


@every_post
def test_no_child_is_published(post: PracticePost) -> None:
    if care.young(post.teaches):
        assert not ours(post) & {*SAFE, Choice.RETURN}


def test_together_they_teach_every_outcome_and_every_kind_of_mark() -> None:
    assert set().union(*(ours(post) for post in POSTS)) == set(Choice) - {Choice.NOT_FOR_ME}
    taught = {rule.split("-")[0] for post in POSTS for rule in post.teaches}
    assert taught >= {"SUI", "SUB", "PII", "MIN", "HARM", "CON", "ADV"}
    assert [post for post in POSTS if not post.teaches], "that no rule marks anything says nothing"


def test_what_stands_in_for_danger_says_nothing_of_how() -> None:
    """No method, and no amount: only the wish and the goodbye are marked."""
    (post,) = [post for post in POSTS if "SUI-2" in post.teaches]
    assert marks(post) == {"SUI-1", "SUI-2"}
    assert not re.search(r"\d", post.body)


def test_the_last_one_is_light_so_that_nobody_ends_on_the_heaviest() -> None:
    assert not POSTS[-1].teaches
    assert Choice.APPROVE in ours(POSTS[-1])


# --- The loader ---------------------------------------------------------------------------


WHOLE = (practice.FOLDER / "01-the-bus-stop.toml").read_text("utf-8")


def load_one(folder: Path, text: str, name: str = "01-one.toml") -> PracticePost:
    (folder / name).write_text(text, "utf-8")
    (post,) = load(folder)
    return post


def test_a_whole_file_is_a_practice_post(tmp_path: Path) -> None:
    post = load_one(tmp_path, WHOLE, "07-one.toml")
    assert (post.number, post.lesson) == ("07", "A plain good story")
    assert post.fields.topics == ("alcohol",)
    assert post.answers[Choice.APPROVE].verdict is Verdict.OURS


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('lesson = "A plain good story"', "", "lesson: should be text"),
        ('lesson = "A plain good story"', "lesson = 3", "lesson: should be text"),
        ("Made up for practice: The", "The", "title: should begin with"),
        ('["alcohol"]\nstage', '["alcool"]\nstage', "topics: does not know 'alcool'"),
        ('["alcohol"]\nstage', "[[]]\nstage", "topics: does not know []"),
        ('["alcohol"]\nstage', '"alcohol"\nstage', "topics: should be a list"),
        ('["alcohol"]\nstage', '["alcohol", "alcohol"]\nstage', "topics: should be a list"),
        ('stage = "first-year"', 'stage = "later"', "stage: does not know 'later'"),
        ("teaches = []", 'teaches = ["PII-99"]', "teaches: does not know 'PII-99'"),
        ("teaches = []", "teaches = []\nscore = 3", "score: is no field"),
        ('"we-would"', '"perhaps"', "answers.approve.verdict: does not know 'perhaps'"),
        ('"we-would"', '"always-right"', "answers.approve.verdict: does not know"),
        ('"always-right"', '"we-would"', "answers.not-for-me.verdict: does not know"),
        ('"we-would"', '"would-worry-us"', "answers: should say 'we-would' at least once"),
        ("[answers.decline]", "[answers.refuse]", "answers.refuse: is no field"),
        ("[answers.decline]", "[answers.return.x]", "answers.return.x: is no field"),
        ("somebody tonight.", "somebody tonight", "answers.decline.why: should be a sentence"),
        ('stage = "first-year"', "stage =", "the file: cannot be read"),
    ],
)
def test_a_broken_file_is_refused_with_its_name_and_its_field(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert WHOLE.count(old) == 1
    with pytest.raises(BadPractice) as refused:
        load_one(tmp_path, WHOLE.replace(old, new))
    assert str(refused.value).startswith(f"01-one.toml: {said}")


def test_a_choice_without_an_answer_is_refused(tmp_path: Path) -> None:
    before, _, after = WHOLE.partition("[answers.decline]")
    without = before + after.partition("\n\n")[2]
    with pytest.raises(BadPractice, match=r"01-one\.toml: answers\.decline: should be a table"):
        load_one(tmp_path, without)


def test_a_file_with_no_number_in_its_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPractice, match=r"one\.toml: the file: should be called"):
        load_one(tmp_path, WHOLE, "one.toml")


def test_what_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "01-one.toml").write_bytes(b"lesson = '\xff'")
    with pytest.raises(BadPractice, match=r"01-one\.toml: the file: cannot be read"):
        load(tmp_path)
