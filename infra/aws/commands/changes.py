"""What a change set would do, in plain words; what would be lost is never said quietly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Does(Enum):
    """What happens to one thing."""

    ADD = "added"
    CHANGE = "changed"
    PERHAPS = "changed, perhaps replaced"
    REPLACE = "REPLACED"
    REMOVE = "removed"
    ANEW = "made anew"
    """Replaced as a matter of course: it holds nothing, and nobody knows its name."""
    LEAVE = "left behind"
    """Out of the template, and kept by Amazon: it goes on costing."""


HOLDS: Mapping[str, str] = {
    "AWS::DynamoDB::Table": "a table",
    "AWS::DynamoDB::GlobalTable": "a table",
    "AWS::S3::Bucket": "a bucket",
    "AWS::KMS::Key": "a key",
    "AWS::SSM::Parameter": "a secret",
}
"""Things that hold something nobody can make again."""
PUBLIC: Mapping[str, str] = {
    "AWS::CloudFront::Distribution": "the public address",
    "AWS::ApiGateway::RestApi": "a door's gateway",
    "AWS::Serverless::Api": "a door's gateway",
}
"""Things whose replacing changes an address."""
WORDS: Mapping[str, str] = {
    **HOLDS,
    **PUBLIC,
    "AWS::Lambda::Function": "a program",
    "AWS::Lambda::Permission": "who may start a program",
    "AWS::Lambda::EventInvokeConfig": "how often a program is tried again",
    "AWS::ApiGateway::Deployment": "a door as it answers now",
    "AWS::ApiGateway::Stage": "a door's settings",
    "AWS::Serverless::Function": "a program",
    "AWS::IAM::Role": "what a program may do",
    "AWS::IAM::Policy": "what a program may do",
    "AWS::S3::BucketPolicy": "who may read a bucket",
    "AWS::CloudFront::ResponseHeadersPolicy": "the headers of every page",
    "AWS::CloudFront::CachePolicy": "how long copies are kept",
    "AWS::CloudFront::OriginRequestPolicy": "what a door is told of a request",
    "AWS::CloudFront::OriginAccessControl": "how the public address reads the pages",
    "AWS::CloudFront::Function": "a rule for addresses",
    "AWS::CloudWatch::Alarm": "an alarm",
    "AWS::Budgets::Budget": "a letter about the bill",
    "AWS::Events::Rule": "a schedule",
    "AWS::Scheduler::Schedule": "a schedule",
    "AWS::SNS::Topic": "where alarms go",
    "AWS::SNS::Subscription": "who hears alarms",
    "AWS::Logs::LogGroup": "a log",
    "AWS::Logs::MetricFilter": "what a log is counted by",
}
ALWAYS_ANEW = frozenset({"AWS::ApiGateway::Deployment", "AWS::Lambda::Permission"})
"""Things that are replaced with every new version of what they belong to."""
STAYS: Mapping[str, frozenset[str]] = {
    "AWS::ApiGateway::RestApi": frozenset({"Body", "Tags"}),
    "AWS::ApiGateway::Stage": frozenset({"DeploymentId", "Tags"}),
    "AWS::Lambda::Function": frozenset({"Code", "Environment", "Description", "Tags"}),
    "AWS::CloudFront::Distribution": frozenset({"DistributionConfig", "Tags"}),
    "AWS::IAM::Role": frozenset({"Policies", "AssumeRolePolicyDocument", "Tags"}),
}
"""Properties with which a thing never is replaced, though a change set may leave it open."""


@dataclass(frozen=True)
class Change:
    """What happens to one thing of a stack."""

    does: Does
    thing: str
    """Its name in the template."""
    type: str
    what: tuple[str, ...] = ()
    """The properties that differ."""

    @property
    def loses(self) -> bool:
        """Whether something that holds data goes, or may go."""
        gone = self.does in (Does.REPLACE, Does.PERHAPS, Does.REMOVE)
        return gone and self.type in HOLDS

    @property
    def line(self) -> str:
        """One line for the operator."""
        kind = WORDS.get(self.type, self.type.removeprefix("AWS::").replace("::", " "))
        parts = f" ({', '.join(self.what)})" if self.what else ""
        return f"  {self.does.value:12} {self.thing}, {kind}{parts}{self._warning}"

    @property
    def _warning(self) -> str:
        if self.loses:
            return "\n      !! WHAT IT HOLDS WOULD BE LOST FOR GOOD."
        if self.does is Does.REPLACE and self.type in PUBLIC:
            return "\n      !! Its address changes. Passkeys are made for an address."
        if self.does is Does.LEAVE:
            return "\n      ! Amazon keeps it, and it goes on costing."
        return ""


def read_changes(told: Iterable[Mapping[str, Any]]) -> list[Change]:
    """The changes as CloudFormation tells them (`DescribeChangeSet`, `Changes`)."""
    changes = [_change(one["ResourceChange"]) for one in told if one.get("Type") == "Resource"]
    return sorted(changes, key=lambda change: (not change.loses, change.does.name, change.thing))


def _change(told: Mapping[str, Any]) -> Change:
    details = told.get("Details") or ()
    names = {d["Target"].get("Name") or d["Target"]["Attribute"] for d in details if "Target" in d}
    does = _known(_does(told), told["ResourceType"], names)
    differs = tuple(sorted(names)) if told["Action"] == "Modify" else ()
    return Change(does, told["LogicalResourceId"], told["ResourceType"], differs)


def _known(does: Does, kind: str, names: Collection[str]) -> Does:
    """The same, without an alarm about what is known to do no harm."""
    if kind in ALWAYS_ANEW and does in (Does.REPLACE, Does.PERHAPS):
        return Does.ANEW
    if does is Does.PERHAPS and names and STAYS.get(kind, frozenset()).issuperset(names):
        return Does.CHANGE
    return does


def _does(told: Mapping[str, Any]) -> Does:
    action, kept = told["Action"], str(told.get("PolicyAction", ""))
    if action == "Modify":
        fates = {"True": Does.REPLACE, "Conditional": Does.PERHAPS}
        return fates.get(str(told.get("Replacement", "False")), Does.CHANGE)
    if action == "Remove":
        return Does.LEAVE if kept == "Retain" else Does.REMOVE
    return Does.ADD if action in ("Add", "Import") else Does.PERHAPS


def of_new(template: Mapping[str, Any]) -> list[Change]:
    """What a stack that is not there yet would add."""
    resources = template.get("Resources", {})
    return [Change(Does.ADD, name, one["Type"]) for name, one in sorted(resources.items())]


def in_words(stack: str, changes: Sequence[Change]) -> str:
    """A stack's changes, the worst of them first."""
    if not changes:
        return f"{stack}: stays as it is."
    return "\n".join((f"{stack}:", *(change.line for change in changes)))
