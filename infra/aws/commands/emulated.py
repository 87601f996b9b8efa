"""The same words on the emulated cloud of this machine: nothing is paid, nothing is kept."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import contextmanager

from infra.aws import emulator
from infra.aws.commands.cloud import Refused
from infra.aws.commands.deploying import Say
from infra.aws.commands.deployment import ROOT, Deployment
from infra.aws.commands.visiting import Visitor

PORT = 4566
LOG = ROOT / "var" / "emulator.log"
DEPLOYMENT = Deployment(
    name="handrail",
    region=emulator.REGION,
    architecture="arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64",
)


@contextmanager
def emulated(command: str, say: Say, port: int = PORT) -> Iterator[emulator.Emulator]:
    """The emulated cloud. A deploy starts one, if none runs, and stays until Ctrl-C."""
    cloud = emulator.Emulator(port, LOG)
    if Visitor(cloud.url).get("/_ministack/health").status == 200:
        yield cloud
        return
    if command != "deploy":
        raise Refused("No emulated cloud runs here: `deploy --emulated` starts one.")
    LOG.parent.mkdir(exist_ok=True)
    say("Starting the emulated cloud ...")
    with cloud:
        yield cloud
        say("Ctrl-C stops the emulated cloud, and with it everything that was deployed there.")
        cloud.wait()


def owner(cloud: emulator.Emulator) -> dict[str, str]:
    """How boto3 speaks with it, as the account's owner."""
    return {
        "endpoint_url": cloud.url,
        "aws_access_key_id": emulator.KEY,
        "aws_secret_access_key": emulator.KEY,
    }
