"""The same words on the emulated cloud of this machine: nothing is paid, nothing is kept."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import contextmanager

from infra.aws import emulator
from infra.aws.commands.cloud import Refused
from infra.aws.commands.deploying import Say
from infra.aws.commands.deployment import ROOT, Deployment
from infra.aws.commands.viewing import ADDRESS, server_for
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
    """The emulated cloud. A deploy starts one, if none runs, and it ends with that."""
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


def stay(visitor: Visitor, say: Say) -> None:
    """Let browsers in until Ctrl-C."""
    try:
        server = server_for(visitor)
    except OSError:
        raise Refused(f"{ADDRESS} is taken by another program: stop that one first.") from None
    say(f"Open {ADDRESS}. Ctrl-C stops the emulated cloud, with all that was deployed there.")
    with server:
        server.serve_forever()


def owner(cloud: emulator.Emulator) -> dict[str, str]:
    """How boto3 speaks with it, as the account's owner."""
    return {
        "endpoint_url": cloud.url,
        "aws_access_key_id": emulator.KEY,
        "aws_secret_access_key": emulator.KEY,
    }
