"""The weights of screening are those that its development set teaches, to the byte."""

from pathlib import Path

from infra.screening import weigh_words


def test_the_weights_are_those_learned_from_the_development_set(tmp_path: Path) -> None:
    learned = tmp_path / "weights.txt"
    weigh_words.write(learned, weigh_words.columns(weigh_words.read(weigh_words.DEVELOPMENT)))
    assert learned.read_text("utf-8") == weigh_words.WEIGHTS.read_text("utf-8")
