"""A forum of three small stacks, to deploy in a second what the real one does in minutes."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.aws.commands.acting import Acting
from infra.aws.commands.arguments import Asked
from infra.aws.commands.cloud import Clients
from infra.aws.commands.deploying import Blueprint, Deploying, parameters_of
from infra.aws.commands.deployment import Deployment
from infra.aws.commands.health import PressRuns
from infra.aws.commands.releasing import Releasing

REGION = "eu-west-1"
ROLE = "arn:aws:iam::000000000000:role/small"
GOOD = "def handler(event, context):\n    return {'press': 'printed'}\n"
BROKEN = "import no_such_module\n"

ARTIFACTS: Mapping[str, Any] = {
    "Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}},
    "Outputs": {"ArtifactsBucket": {"Value": {"Ref": "Bucket"}}},
}


def ground(**queue: Any) -> dict[str, Any]:
    """Wants to be told the address, which only a later stack knows."""
    return {
        "Parameters": {"SiteUrl": {"Type": "String"}, "Name": {"Type": "String"}},
        "Resources": {
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": queue},
            "Site": {
                "Type": "AWS::SSM::Parameter",
                "Properties": {
                    "Type": "String",
                    "Name": {"Fn::Sub": "/${Name}/site"},
                    "Value": {"Ref": "SiteUrl"},
                },
            },
        },
        "Outputs": {"Queue": {"Value": {"Ref": "Queue"}}},
    }


FRONT: Mapping[str, Any] = {
    "Parameters": {"Queue": {"Type": "String"}},
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"SiteUrl": {"Value": {"Fn::Sub": "https://${Topic.TopicName}"}}},
}
PRESS: Mapping[str, Any] = {
    "Parameters": {
        "Name": {"Type": "String"},
        "ArtifactsBucket": {"Type": "String"},
        "PressBundle": {"Type": "String"},
    },
    "Resources": {
        "Press": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": {"Fn::Sub": "${Name}-press"},
                "Runtime": "python3.11",
                "Handler": "press.handler",
                "Role": ROLE,
                "Code": {
                    "S3Bucket": {"Ref": "ArtifactsBucket"},
                    "S3Key": {"Ref": "PressBundle"},
                },
            },
        }
    },
    "Outputs": {"PressFunction": {"Value": {"Ref": "Press"}}},
}


def small_forum(**queue: Any) -> Blueprint:
    return Blueprint({"artifacts": ARTIFACTS, "ground": ground(**queue), "front": FRONT})


def with_press(folder: Path, code: str) -> Blueprint:
    """One whose press is this Python."""
    path = folder / "press.zip"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        zipped.writestr(zipfile.ZipInfo("press.py", (1980, 1, 1, 0, 0, 0)), code)
    path.write_bytes(packed.getvalue())
    return Blueprint({"artifacts": ARTIFACTS, "press": PRESS}, {"press": path})


@dataclass(frozen=True)
class Account:
    """An account of the emulated cloud."""

    clients: Clients

    def deploying(
        self,
        name: str,
        say: Callable[[str], None] = lambda words: None,
        may_lose: tuple[str, ...] = (),
    ) -> Deploying:
        """As a run of the command line begins: it knows nothing but the deployment."""
        chosen = Deployment(name, REGION)
        pool = parameters_of(chosen)
        return Deploying(chosen, self.clients, say, time.sleep, pool, may_lose)

    def acting(self, name: str, asked: Asked) -> Acting:
        """One run of the command line."""
        chosen = Deployment(name, REGION)
        return Acting(asked, chosen, self.clients, lambda words: None, lambda question: "")

    def releasing(self, name: str, said: list[str] | None = None) -> Releasing:
        """Judges a release by its press alone."""
        press = PressRuns(self.clients("lambda"), f"{name}-press", lambda seconds: None)
        one = self.deploying(name, [].append if said is None else said.append)
        return Releasing(one, press.patiently)

    def site_told(self, name: str) -> str:
        """The address that the ground was told."""
        told = self.clients("ssm").get_parameter(Name=f"/{name}/site")
        return str(told["Parameter"]["Value"])

    def resources(self, stack: str) -> set[str]:
        """What a stack holds, by name."""
        told = self.clients("cloudformation").list_stack_resources(StackName=stack)
        return {one["LogicalResourceId"] for one in told["StackResourceSummaries"]}
