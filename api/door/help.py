"""Help lines for programs: every JSON answer to a submission carries them too."""

from __future__ import annotations

from typing import Any

from doors.answers import help_lines


def help_for_programs() -> dict[str, Any]:
    """The help strip as JSON."""
    lines = help_lines()
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
            for line in lines.strip
        ],
        "verified": not lines.unverified,
    }
