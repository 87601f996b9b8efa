"""Is this installation fit to be used? Each check is a sentence, and what to do about it.

What is amiss refuses a deploy: the command fails. What only warns does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from doors.helpline_rows import OWN, HelplinesError, Line, read
from doors.helplines import DIRECTORY, FILE
from doors.messages import FILE as MESSAGES
from doors.messages import MessagesError
from doors.messages import load as load_messages
from editions.reading import Pages, Unreadable
from forum import chain, wiring
from forum.approving import LEAST_CREW
from forum.rows import RunState, Unavailable
from forum.settings import BadSetting, Purpose, Settings
from infra.local.settings import COPY
from moderation.commands.arguments import Arguments, Failed
from moderation.commands.digest import doubts
from moderation.commands.doctor_backups import backups, ledger, machine
from moderation.commands.duties import read_duties, wanting
from moderation.commands.found import FINE, Found
from moderation.commands.helpline_checks import Standing, shown_first, standing

HOW = "Check each, then run `python -m moderation verify-helpline ID`."
Check = Callable[[Settings], Found]


def doctor(asked: Arguments) -> None:
    """Run every check; fail when one found something amiss. A warning does not fail."""
    chosen = wiring.settings()
    found = {name: _run(check, chosen) for name, check in CHECKS.items()}
    amiss = {name: words.amiss for name, words in found.items()}
    warns = {name: words.warns for name, words in found.items()}
    number = sum(bool(words) for words in amiss.values())
    content = {"fine": not number, "checks": amiss, "warnings": warns}
    asked.say(content, "\n".join(line for name in found for line in _lines(name, found[name])))
    if number:
        raise Failed(f"{number} of {len(found)} checks found something amiss.")


def _lines(name: str, found: Found) -> Iterable[str]:
    if found == FINE:
        yield f"fine   {name}"
    if found.amiss:
        yield f"amiss  {name}  {found.amiss}"
    if found.warns:
        yield f"warns  {name}  {found.warns}"


def _run(check: Check, chosen: Settings) -> Found:
    try:
        return check(chosen)
    except (BadSetting, Unavailable, HelplinesError, MessagesError, OSError) as error:
        return Found(str(error) or type(error).__name__)


def _store(chosen: Settings) -> Found:
    wiring.open_desk(chosen).counts()
    return FINE


def _keys(chosen: Settings) -> Found:
    for purpose in Purpose:
        chosen.keyring(purpose)
    return FINE


def _moderators(chosen: Settings) -> Found:
    number = len(wiring.open_people(chosen).moderators())
    if not number:
        return Found("Nobody can moderate yet: run `python -m moderation invite --first`.")
    alone = "One moderator cannot answer an appeal against their own decision: invite a second."
    return Found(warns=alone) if number == 1 else FINE


def _edition(chosen: Settings) -> Found:
    if chosen.tables:
        return FINE  # the pages lie in a bucket: `python -m infra.aws status` asks for one
    try:
        home = Pages(chosen.editions).read("index.html")
    except Unreadable:
        return Found("Its file cannot be read: `python -m moderation publish` makes it anew.")
    if home:
        return FINE
    return Found("There is no edition yet: run `python -m moderation publish`.")


def _last_run(chosen: Settings) -> Found:
    run = wiring.open_desk(chosen).last_run()
    if run is None:
        return FINE
    told = run.words.splitlines()
    words, failed = " ".join(told), run.state is RunState.FAILED
    mended = " ".join(line for line in run.mended.splitlines() if line not in told)
    return Found(f"It failed: {words}" if failed else words, mended)


def _alone(chosen: Settings) -> Found:
    if chosen.tables:
        return FINE  # nothing of the forum lies on this machine's disk
    beside = sorted(chosen.database.parent.glob(f"{chosen.database.name}*"))
    seen = [str(path) for path in open_to_others((chosen.data, *beside))]
    ours = "Only your user should: run `chmod go= PATH` for each."
    return Found(
        f"Other users of this machine can read {', '.join(seen)}. {ours}" if seen else "",
        " ".join(map(_cut_off, (path for path in beside if COPY in path.name))),
    )


def _cut_off(path: Path) -> str:
    """It only warns: while an upgrade is under way, its copy is where it should be."""
    return (
        f"{path} is a copy of the store, from an upgrade that was cut off: "
        "docs/operators-machine.md says what to do with it."
    )


def open_to_others(paths: Iterable[Path]) -> list[Path]:
    """Those of these that their group, or everybody, may read, write or enter."""
    return [path for path in paths if path.exists() and path.stat().st_mode & 0o077]


def _https(chosen: Settings) -> Found:
    plain = chosen.production and not chosen.siteurl.startswith("https://")
    return Found("HANDRAIL_SITEURL must begin with https:// in production.") if plain else FINE


def _help(chosen: Settings) -> Found:
    found = judge_help_lines(read(FILE), wiring.CLOCK.now().date())
    if found.amiss and not chosen.production:
        found = Found(warns=f"Before production: {found.amiss} {found.warns}".rstrip())
    return Found(*(f"{words} {HOW}" if words else "" for words in (found.amiss, found.warns)))


def judge_help_lines(lines: Sequence[Line], today: date) -> Found:
    """Hold the rows against what production asks of them.

    Amiss is a line of the strip that is not verified, and one of the strip, or the own line, that
    is stale: every page shows those. A check that is due only warns, and so do all other rows.
    """

    def named(words: str, among: Iterable[Line], worth: Standing) -> str:
        ids = [line.id for line in among if standing(line, today) is worth]
        return f"{words}: {', '.join(ids)}." if ids else ""

    strip = [line for line in shown_first(lines) if line.id not in (OWN, DIRECTORY)]
    own = [line for line in lines if line.id == OWN]
    directory = [line for line in lines if line.id == DIRECTORY]
    others = [line for line in lines if line not in (*strip, *own)]
    shows = any(standing(line, today) is not Standing.NEVER for line in strip)
    return Found(
        _joined(
            "" if shows else "The strip shows no help line.",
            named("Not verified", strip, Standing.NEVER),
            named("Verified over a year ago", [*strip, *own], Standing.STALE),
        ),
        _joined(
            named("Not verified, so not shown", own, Standing.NEVER),
            named("Shown although not verified", directory, Standing.NEVER),
            named("Verified over a year ago", others, Standing.STALE),
            named("To verify again", lines, Standing.DUE),
        ),
    )


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _record(chosen: Settings) -> Found:
    found = chain.check(wiring.open_record(chosen).entries())
    noting = f"Note it elsewhere: row {found.rows} has the link {found.link}."
    return Found(
        amiss=found.faults[0] if found.faults else "",
        warns=noting if chosen.production and found.link and not found.faults else "",
    )


def _second_readers(chosen: Settings) -> Found:
    crew = wiring.open_desk(chosen).crew()
    if crew >= LEAST_CREW:
        return FINE
    few = f"{crew} can read, and it takes {LEAST_CREW} where somebody may be in danger."
    waiting = wiring.open_numbers(chosen).urgent()
    if waiting:
        return Found(f"{few} Such posts wait: {waiting}. Invite more people.")
    return Found(warns=f"{few} Such posts would wait.")


def _messages(_: Settings) -> Found:
    load_messages(MESSAGES)
    return FINE


def _notices(chosen: Settings) -> Found:
    return Found(warns=doubts(chosen))


def _duties(chosen: Settings) -> Found:
    try:
        given = read_duties()
    except ValueError as error:
        return Found(f"content/duties.toml cannot be read: {error}.")
    people = wiring.open_people(chosen).moderators()
    wants = " ".join(wanting(given, people, wiring.CLOCK.now().date()))
    if not wants:
        return FINE
    found = f"{wants} Fill in content/duties.toml."
    return Found(found) if chosen.production else Found(warns=f"Before production: {found}")


CHECKS: dict[str, Check] = {
    "store": _store,
    "keys": _keys,
    "moderators": _moderators,
    "edition": _edition,
    "last press run": _last_run,
    "files": _alone,
    "https": _https,
    "help lines": _help,
    "messages": _messages,
    "notices": _notices,
    "record": _record,
    "second readers": _second_readers,
    "backups": backups,
    "ledger": ledger,
    "machine": machine,
    "duties": _duties,
}
