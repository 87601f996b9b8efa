"""Is there a way back? What `doctor` asks of backups, and of the ledger that must outlive them."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from forum import wiring
from forum.settings import Settings
from infra.local.settings import CannotStart, read
from moderation.commands.backup_files import BACKUP_DAYS, dated
from moderation.commands.found import FINE, Found

LOOPBACK = ("127.0.0.1", "::1", "localhost")
FRESH_DAYS = 1
"""Days after which the newest backup is too old: one is made each night."""


def backups(chosen: Settings) -> Found:
    """Whether there is a backup of today or yesterday, that only the operators can open."""
    if chosen.tables:
        return FINE  # the cloud's own: `python -m infra.aws status`
    trouble = _recipients(chosen) or _newest(chosen, wiring.CLOCK.now().date())
    if trouble and not chosen.production:
        return Found(warns=f"Before production: {trouble}")
    return Found(trouble)


def _recipients(chosen: Settings) -> str:
    if not chosen.backup_to:
        return "HANDRAIL_BACKUP_TO is not set, so there are no backups."
    from forum.lockbox import BadRecipient, read_recipient  # noqa: PLC0415 - no other command needs it

    try:
        for written in chosen.backup_to:
            read_recipient(written)
    except BadRecipient:
        return "HANDRAIL_BACKUP_TO must be public keys that begin with age1."
    return ""


def _newest(chosen: Settings, today: date) -> str:
    if chosen.backups is None:
        return "HANDRAIL_BACKUPS is not set, so nobody can tell whether there are backups."
    days = sorted(dated(chosen.backups)) if chosen.backups.is_dir() else []
    if not days or (today - days[-1]).days > FRESH_DAYS:
        last = f"The newest backup is of {days[-1]}" if days else "There is no backup yet"
        return f"{last}: run `python -m moderation backup`, and see why its timer did not."
    if (today - days[0]).days > BACKUP_DAYS:
        return f"A backup of {days[0]} is still kept: people were told {BACKUP_DAYS} days."
    return ""


def ledger(chosen: Settings) -> Found:
    """Whether what was erased is written down, in another place than what it names."""
    if chosen.tables:
        return FINE
    waiting = wiring.open_ledger(chosen).unwritten()
    where = wiring.ledger_folder(chosen)
    if waiting or not os.access(where, os.W_OK | os.X_OK):
        return Found(
            f"The ledger of erasures cannot be written, and {waiting} wait: see who owns {where}. "
            "Taking something back works all the same."
        )
    if chosen.backups and _within(where, chosen.backups):
        return Found("The ledger of erasures lies among the backups: give it a place of its own.")
    together = where.stat().st_dev == chosen.database.stat().st_dev
    if chosen.production and together:
        return Found(
            warns="The ledger of erasures lies on the same disk as the database: "
            "if that breaks, no backup can be brought back safely. Set HANDRAIL_LEDGER."
        )
    return FINE


def _within(folder: Path, other: Path) -> bool:
    return folder.resolve().is_relative_to(other.resolve())


def machine(chosen: Settings) -> Found:
    """Whether it runs as it should in production: behind a proxy, under a name, as nobody much."""
    if not chosen.production or chosen.tables:
        return FINE
    try:
        listens = read().host
    except CannotStart as error:
        return Found(str(error))
    name = urlsplit(chosen.siteurl).hostname or ""
    named = "." in name and not name.replace(".", "").isdigit()
    warns = (
        "" if listens in LOOPBACK else f"Others reach {listens} without TLS: unset HANDRAIL_HOST.",
        "" if os.geteuid() else "This runs as root. Run it under the forum's own account.",
    )
    return Found(
        "" if named else "HANDRAIL_SITEURL must be the name that readers use.",
        " ".join(words for words in warns if words),
    )
