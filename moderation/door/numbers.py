"""The team's figures as a page: charts beside their tables, and nobody's name on any of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from chalice.app import Response

from doors.answers import page
from doors.charts import Bar, Chart, bar_chart
from doors.wording import in_days
from forum.figures import FEWEST_MARKS, OUTCOMES, Aged, Alarm, Figures, Month, Times
from forum.post import Act
from forum.team_numbers import TeamNumbers
from moderation.door.at_desk import AtDesk
from moderation.door.highlights import name_of

MOST_RULES = 15
"""Rules on the page: those that were wrong most often."""
LABELS = {
    Act.APPROVE: "Approved",
    Act.OFFER: "Changes suggested",
    Act.RETURN: "Returned",
    Act.DECLINE: "Declined",
    Act.ESCALATE: "Escalated",
    Act.KEEP: "Kept after a report",
    Act.TAKE_DOWN: "Taken down",
}


def show(at: AtDesk, numbers: TeamNumbers) -> Response:
    """GET /numbers: how it goes for all together."""
    figures = numbers.figures()
    return page(
        "desk/numbers.html",
        person=at.person,
        **_waiting(figures.waiting),
        times=[_times("The first look", figures.looked), _times("A decision", figures.decided)],
        usual_wait=figures.usual_wait,
        promised=in_days(figures.usual_wait),
        **_months(figures),
        **_alarms(figures.alarms),
        fewest_marks=FEWEST_MARKS,
    )


def _waiting(waiting: Sequence[Aged]) -> dict[str, Any]:
    rows = [{"label": _age(row), "number": row.number, "urgent": row.urgent} for row in waiting]
    bars = [
        Bar(_age(row), row.number, row.urgent, f"{row.number}, {row.urgent} in danger")
        if row.urgent
        else Bar(_age(row), row.number)
        for row in waiting
    ]
    return {
        "waiting": rows,
        "waiting_in_all": sum(row.number for row in waiting),
        "urgent_in_all": sum(row.urgent for row in waiting),
        "waiting_chart": bar_chart("waiting", "Posts that wait, by how long", bars),
    }


def _age(aged: Aged) -> str:
    if aged.at_most is None:
        return f"{aged.at_least} days or more"
    return "Since today" if aged.at_most == 0 else f"{aged.at_least} to {aged.at_most} days"


def _times(label: str, found: Times | None) -> dict[str, Any]:
    if found is None:
        return {"label": label, "number": 0}
    half, most = _plain(found.half), found.most
    return {"label": label, "number": found.number, "half": half, "most": most}


def _plain(days: Fraction) -> int | str:
    """Whole days, or so many and a half."""
    return int(days) if days.denominator == 1 else f"{int(days) or ''}½"


def _months(figures: Figures) -> dict[str, Any]:
    return {
        "outcomes": [LABELS[act] for act in OUTCOMES],
        "months": [
            {"month": month.month, "numbers": [month.outcomes[act] for act in OUTCOMES]}
            for month in figures.months
        ],
        "decided_in_all": sum(month.total for month in figures.months),
        "months_chart": _months_chart(figures.months),
    }


def _months_chart(months: Sequence[Month]) -> Chart | None:
    bars = [Bar(f"{date.fromisoformat(f'{m.month}-01'):%B %Y}", m.total) for m in months]
    return bar_chart("months", "Decisions, by month", bars)


def _alarms(alarms: Sequence[Alarm]) -> dict[str, Any]:
    shown = alarms[:MOST_RULES]
    shares = [(alarm.rule, alarm.share) for alarm in shown if alarm.share is not None]
    bars = [Bar(rule, share, words=_percent(share)) for rule, share in shares]
    return {
        "alarms": [
            {
                "rule": alarm.rule,
                "name": name_of(alarm.rule),
                "wrong": alarm.wrong,
                "marked": alarm.marked,
                "share": _percent(alarm.share) if alarm.share is not None else "",
            }
            for alarm in shown
        ],
        "alarms_chart": bar_chart("alarms", "False alarms among a rule’s marks", bars),
    }


def _percent(share: float) -> str:
    return f"{share:.0%}"
