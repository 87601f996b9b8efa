"""Text in, findings out: where a story may hold danger, unsafe detail or someone's identity.

Findings only route and highlight. Nothing here, and nothing that calls it, publishes, declines,
shortens or rewrites a post, and none found is no verdict.
"""

from forum.screening.engine import screen
from forum.screening.findings import Finding, Findings, Route, worst_route
from forum.screening.rules import FAMILIES, RULES, Rule

__all__ = (
    "FAMILIES", "RULES", "Finding", "Findings", "Route", "Rule", "screen", "worst_route",
)  # fmt: skip
