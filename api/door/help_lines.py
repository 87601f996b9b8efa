"""Help for programs: every JSON answer of this door to a person's request carries it too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from doors.answers import Headers, as_json, help_lines


def with_help(
    content: Mapping[str, Any], status: int = 200, headers: Headers | None = None
) -> Response:
    """JSON, with someone to talk to beside whatever else it says."""
    return as_json({**content, "help": help_lines().for_programs()}, status, headers)
