"""The site speaks of people as content/words.csv asks, wherever it speaks in its own voice."""

from __future__ import annotations

import pytest

from tests.pages.hand_written import BY_SLUG
from tests.pages.kind_words import hurtful
from tests.pages.own_copy import (
    GUIDE,
    SCRIPTS,
    TEMPLATES,
    module_text,
    own_copy,
    script_text,
    template_text,
)

OTHER_MEANINGS = {
    "moderation/commands/doctor.py": ["user", "user"],
    "moderation/commands/record.py": ["user"],
}
"""At a terminal, a user is a name that a machine knows; those who read this run one."""


def test_the_site_itself_uses_no_word_that_hurts() -> None:
    found = {where: hurtful(text) for where, text in own_copy() if hurtful(text)}
    assert found == OTHER_MEANINGS


def test_the_lint_looks_at_every_kind_of_copy_and_leaves_the_words_page_be() -> None:
    looked_at = [where for where, _ in own_copy()]
    for kind in (
        *("content/pages/", "content/resources/", "vocabulary.json/", "messages.toml/"),
        *("helplines.csv/", "groups.csv/", "docs/moderators/", "site/theme/static/js/"),
        *("site/theme/templates/api/", "site/theme/templates/desk/", "site/plugins/"),
        *("doors/", "api/door/", "moderation/door/", "forum/"),
    ):
        assert any(where.startswith(kind) for where in looked_at), kind
    assert len(looked_at) == len(set(looked_at)) > len(TEMPLATES) + len(SCRIPTS) + len(GUIDE)
    assert str(BY_SLUG["words"].path) not in "\n".join(looked_at)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He was an addict then.", ["addict"]),
        ("Recovering addicts are welcome.", ["recovering addict"]),
        ("Drug abuse and a clean life", ["drug abuse", "clean"]),
        ("She committed suicide.", ["committed suicide"]),
        ("cleaners and userland", []),
        ('Some say "clean", and some say “addict”.', []),
        ("Abuse of a child is never the child's fault.", []),
        ("Alcoholics Anonymous is for alcoholics.", ["alcoholic"]),
        ("MAT is a treatment; the mat lies at the door.", ["mat"]),
        ("When nobody has drunk, say that he is no drunk: a drunk is a label.", ["a drunk"]),
    ],
)
def test_the_lint_finds_a_planted_word_and_leaves_quoted_ones(text: str, found: list[str]) -> None:
    assert hurtful(text) == found


@pytest.mark.parametrize(
    "source",
    [
        "<h1>For addicts</h1>",
        '<img alt="An addict">',
        '<nav aria-label="Help for addicts"></nav>',
        '<meta name="description" content="For addicts.">',
        '{{ button("Help for addicts") }}',
        '{% set heading = "Help for addicts" %}',
        "{% if a %}<p>For every\naddict.</p>{% endif %}",
    ],
)
def test_a_planted_word_is_found_wherever_a_template_says_it(source: str) -> None:
    assert hurtful(template_text(source)) == ["addict"]


def test_what_a_template_does_not_say_is_left_be() -> None:
    silent = '{# For addicts. #}<p class="addict" id="addict">{{ addict }} {{ slug("addict") }}</p>'
    assert hurtful(template_text(silent)) == []


@pytest.mark.parametrize(
    "source",
    ['show("Help for addicts");', "const said = 'Addicts';", "told(`For ${one} addict`);"],
)
def test_a_planted_word_is_found_in_a_script(source: str) -> None:
    assert hurtful(script_text(source)) == ["addict"]


def test_what_a_script_does_not_say_is_left_be() -> None:
    silent = '// For addicts.\n/* For addicts. */\nconst addict = document.querySelector("addict");'
    assert hurtful(script_text(silent)) == []


@pytest.mark.parametrize(
    "source", ['SAID = "Help for addicts."', 'raise WrongError(f"{one} addict is here")']
)
def test_a_planted_word_is_found_in_a_module(source: str) -> None:
    assert hurtful(module_text(source)) == ["addict"]


def test_what_a_module_does_not_say_is_left_be() -> None:
    silent = '"""For addicts."""\nWORD = "addict"\n"""One of many addicts."""\n# For addicts.\n'
    assert hurtful(module_text(silent)) == []
