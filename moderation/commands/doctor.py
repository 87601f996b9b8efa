"""Is this installation fit to be used? Each check is a sentence, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from doors.helplines import load
from forum import wiring
from forum.rows import RunState, Unavailable
from forum.settings import ROOT, BadSetting, Purpose, Settings
from moderation.commands.arguments import Arguments, Failed

Check = Callable[[Settings], str]
"""A sentence when something is amiss, else nothing."""


def doctor(asked: Arguments) -> None:
    """Run every check; fail when one found something."""
    chosen = wiring.settings()
    found = {name: _run(check, chosen) for name, check in CHECKS.items()}
    amiss = {name: words for name, words in found.items() if words}
    lines = [
        f"{'amiss' if words else 'fine '}  {name}  {words}".rstrip()
        for name, words in found.items()
    ]
    asked.say({"fine": not amiss, "checks": found}, "\n".join(lines))
    if amiss:
        raise Failed(f"{len(amiss)} of {len(found)} checks found something amiss.")


def _run(check: Check, chosen: Settings) -> str:
    try:
        return check(chosen)
    except (BadSetting, Unavailable, OSError) as error:
        return str(error) or type(error).__name__


def _store(chosen: Settings) -> str:
    wiring.open_desk(chosen).counts()
    return ""


def _keys(chosen: Settings) -> str:
    for purpose in Purpose:
        chosen.keyring(purpose)
    return ""


def _moderators(chosen: Settings) -> str:
    enrolled = wiring.open_people(chosen).moderators()
    return "" if enrolled else "Nobody can moderate yet: run `python -m moderation invite --first`."


def _edition(chosen: Settings) -> str:
    there = (chosen.current / "index.html").is_file()
    return "" if there else "There is no edition yet: run `python -m moderation publish`."


def _last_run(chosen: Settings) -> str:
    run = wiring.open_desk(chosen).last_run()
    if run is None:
        return ""
    words = run.words.replace("\n", " ")
    return f"It failed: {words}" if run.state is RunState.FAILED else words


def _alone(chosen: Settings) -> str:
    beside = chosen.database.parent.glob(f"{chosen.database.name}*")
    seen = [str(path) for path in open_to_others((chosen.data, *beside))]
    ours = "Only your user should: run `chmod go= PATH` for each."
    return f"Other users of this machine can read {', '.join(seen)}. {ours}" if seen else ""


def open_to_others(paths: Iterable[Path]) -> list[Path]:
    """Those of these that their group, or everybody, may read, write or enter."""
    return [path for path in paths if path.exists() and path.stat().st_mode & 0o077]


def _https(chosen: Settings) -> str:
    plain = chosen.production and not chosen.siteurl.startswith("https://")
    return "HANDRAIL_SITEURL must begin with https:// in production." if plain else ""


def _help(chosen: Settings) -> str:
    lines = load(ROOT / "content" / "helplines.csv", production=True)
    if chosen.production and not lines.strip:
        return "No help line has been verified, so the strip shows none."
    return ""


CHECKS: dict[str, Check] = {
    "store": _store,
    "keys": _keys,
    "moderators": _moderators,
    "edition": _edition,
    "last press run": _last_run,
    "files": _alone,
    "https": _https,
    "help lines": _help,
}
