"""A stack is changed by change sets alone, and from whatever state an interruption left it in."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.aws.commands.changes import Change, read_changes
from infra.aws.commands.cloud import Client, Refused

NOTHING = ("didn't contain changes", "No updates are to be performed")
"""How CloudFormation says that all is as it should be."""
RIGHTS = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
EMPTY = "REVIEW_IN_PROGRESS"
"""A stack that was only ever looked at."""
STILLBORN = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED")
"""Only by removing it can such a stack be made anew."""
STUCK = "UPDATE_ROLLBACK_FAILED"
SOUND = (
    *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"),
    "IMPORT_ROLLBACK_COMPLETE",
)
LONGEST = 45 * 60.0
"""Seconds that a stack may take: a distribution reaches the whole world."""
SENT_ALONG = 51_200
"""Bytes up to which a template is sent along; a larger one lies in a bucket."""

Pause = Callable[[float], None]
Put = Callable[[str], str]
"""Puts a large template where CloudFormation reads it; its address."""


@dataclass(frozen=True)
class Wish:
    """A stack as it is to be."""

    stack: str
    template: Mapping[str, Any]
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Planned:
    """What would become of a stack. `id` is "" when nothing would."""

    stack: str
    id: str
    changes: Sequence[Change]
    new: bool


def body_of(template: Mapping[str, Any]) -> str:
    """A template as it is sent and kept: the same one is the same bytes."""
    return json.dumps(template, separators=(",", ":"), sort_keys=True)


class Stacks:
    """The stacks of one account and region."""

    def __init__(self, client: Client, pause: Pause, put: Put | None = None) -> None:
        """`pause` waits some seconds; `put` takes templates that are too large to be sent along."""
        self._cloud = client
        self._pause = pause
        self._put = put

    def state(self, stack: str) -> str:
        """Its state in CloudFormation's words; "" if there is none."""
        told = self._told(stack)
        return str(told["StackStatus"]) if told else ""

    def outputs(self, stack: str) -> dict[str, str]:
        """What it tells of itself."""
        told = self._told(stack) or {}
        return {one["OutputKey"]: one["OutputValue"] for one in told.get("Outputs", ())}

    def protected(self, stack: str) -> bool:
        """Whether nobody can remove it by one click."""
        return bool((self._told(stack) or {}).get("EnableTerminationProtection"))

    def protect(self, stack: str, yes: bool = True) -> None:
        """Let nobody remove it by one click, or let them."""
        if self.protected(stack) is not yes:
            self._cloud.update_termination_protection(
                StackName=stack, EnableTerminationProtection=yes
            )

    def plan(self, wish: Wish) -> Planned:
        """What would have to happen; the change set waits until it is carried out or dropped."""
        state = self._settled(wish.stack)
        new = state in ("", EMPTY)
        asked = {
            "StackName": wish.stack,
            "ChangeSetName": f"deploy-{secrets.token_hex(6)}",
            "ChangeSetType": "CREATE" if new else "UPDATE",
            "Parameters": [
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in sorted(wish.parameters.items())
            ],
            "Capabilities": list(RIGHTS),
            **self._template(wish),
        }
        change_set = self._cloud.create_change_set(**asked)["Id"]
        return self._read(wish.stack, change_set, new)

    def carry_out(self, planned: Planned) -> None:
        """Do it, and wait until it is done; raise `Refused` with the reasons."""
        if not planned.id:
            return
        before = self._stamp(planned.stack)
        self._cloud.execute_change_set(StackName=planned.stack, ChangeSetName=planned.id)
        self._wait(lambda: self._stamp(planned.stack) != before, planned.stack)
        state = self._rested(planned.stack)
        if state not in SOUND or "ROLLBACK" in state:
            why = "; ".join(self._reasons(planned.stack)) or state
            raise Refused(f"{planned.stack} could not be changed, and is as before: {why}")

    def drop(self, planned: Planned) -> None:
        """Leave nothing of a plan behind."""
        if planned.id:
            self._cloud.delete_change_set(StackName=planned.stack, ChangeSetName=planned.id)
        if planned.new and self.state(planned.stack) == EMPTY:
            self.remove(planned.stack)

    def remove(self, stack: str) -> None:
        """Remove it, and wait until it is gone; raise `Refused` if something of it stays."""
        if not self.state(stack):
            return
        self._cloud.delete_stack(StackName=stack)
        self._wait(lambda: self.state(stack) in ("", "DELETE_FAILED"), stack)
        if self.state(stack):
            why = "; ".join(self._reasons(stack))
            raise Refused(f"{stack} could not be removed: {why}")

    def _settled(self, stack: str) -> str:
        """Its state, once an earlier run's work has ended and what it left behind is gone."""
        state = self._rested(stack)
        if state in STILLBORN:
            self.protect(stack, yes=False)
            self.remove(stack)
            return ""
        if state == STUCK:
            self._cloud.continue_update_rollback(StackName=stack)
            state = self._rested(stack)
        if state == EMPTY:
            self._forget(stack)
        return state

    def _forget(self, stack: str) -> None:
        """Drop change sets that an interrupted run left: they would never be carried out."""
        for one in self._cloud.list_change_sets(StackName=stack)["Summaries"]:
            self._cloud.delete_change_set(StackName=stack, ChangeSetName=one["ChangeSetId"])

    def _rested(self, stack: str) -> str:
        """Its state once nothing of it is in progress."""
        self._wait(lambda: not _busy(self.state(stack)), stack)
        return self.state(stack)

    def _wait(self, done: Callable[[], bool], stack: str) -> None:
        waited = 0.0
        while not done():
            if waited >= LONGEST:
                raise Refused(f"{stack} is still at it ({self.state(stack)}). Try again later.")
            seconds = min(5.0, 0.1 + waited / 4)
            self._pause(seconds)
            waited += seconds

    def _stamp(self, stack: str) -> tuple[object, ...]:
        """What differs once a change has begun; Amazon may take a moment over that."""
        told = self._told(stack) or {}
        return told.get("StackStatus"), told.get("LastUpdatedTime")

    def _read(self, stack: str, change_set: str, new: bool) -> Planned:
        asked = {"StackName": stack, "ChangeSetName": change_set}
        told: dict[str, Any] = {}

        def looked_at() -> bool:
            told.update(self._cloud.describe_change_set(**asked))
            return told["Status"] not in ("CREATE_PENDING", "CREATE_IN_PROGRESS")

        self._wait(looked_at, stack)
        if told["Status"] == "CREATE_COMPLETE":
            return Planned(stack, change_set, read_changes(self._all_changes(told, asked)), new)
        self._cloud.delete_change_set(**asked)
        reason = told.get("StatusReason", "")
        if any(words in reason for words in NOTHING):
            return Planned(stack, "", (), new=False)
        raise Refused(f"{stack} cannot be planned: {reason or told['Status']}")

    def _all_changes(self, told: dict[str, Any], asked: Mapping[str, str]) -> list[dict[str, Any]]:
        found = list(told.get("Changes", ()))
        while told.get("NextToken"):
            told = self._cloud.describe_change_set(**asked, NextToken=told["NextToken"])
            found += told.get("Changes", ())
        return found

    def _reasons(self, stack: str) -> list[str]:
        """What failed in its last change, the first cause first."""
        events = self._cloud.describe_stack_events(StackName=stack)["StackEvents"]
        failed = [
            f"{one['LogicalResourceId']}: {one['ResourceStatusReason']}"
            for one in events
            if one["ResourceStatus"].endswith("_FAILED") and one.get("ResourceStatusReason")
        ]
        return failed[::-1][:3]

    def _told(self, stack: str) -> dict[str, Any] | None:
        try:
            (told,) = self._cloud.describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return dict(told) if told["StackStatus"] != "DELETE_COMPLETE" else None

    def _template(self, wish: Wish) -> dict[str, str]:
        body = body_of(wish.template)
        if len(body.encode()) <= SENT_ALONG or self._put is None:
            return {"TemplateBody": body}
        return {"TemplateURL": self._put(body)}


def _busy(state: str) -> bool:
    return state.endswith("_IN_PROGRESS") and state != EMPTY
