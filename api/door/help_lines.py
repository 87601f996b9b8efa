"""Help lines for programs: every JSON answer to a submission carries them too."""

from __future__ import annotations

from typing import Any

from doors.answers import help_lines


def help_for_programs() -> dict[str, Any]:
    """The help strip as JSON; the directory is a website and stands in it whatever is verified."""
    lines = help_lines()
    shown = (*lines.strip, *((lines.own,) if lines.own else ()), lines.directory)
    return {
        "emergency": lines.emergency,
        "lines": [
            {
                "name": line.name,
                "country": line.country,
                "phone": line.phone,
                "sms_to": line.sms_to,
                "sms_word": line.sms_word,
                "hours": line.hours,
                "url": line.url,
            }
            for line in shown
        ],
        "verified": not lines.unverified,
    }
