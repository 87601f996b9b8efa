"""What the privacy page says of the cloud, where no other test shows it."""

from __future__ import annotations

from infra.aws.templates import compose

WEEK = 7


def test_words_cannot_be_had_back_and_the_rest_for_a_week_at_most() -> None:
    tables = {
        name: one["Properties"].get("PointInTimeRecoverySpecification", {})
        for name, one in compose()["ground"].body["Resources"].items()
        if one["Type"] == "AWS::DynamoDB::Table"
    }
    recovered = {n: s for n, s in tables.items() if s.get("PointInTimeRecoveryEnabled")}
    assert len(tables) == 3
    assert len(recovered) == 1
    assert not any("text" in name.lower() for name in recovered)
    assert all(one["RecoveryPeriodInDays"] <= WEEK for one in recovered.values())
