"""How the deployed forum stands, in plain words; asking changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from infra.aws.commands.cloud import Client, Refused
from infra.aws.commands.desk_words import DeskWords
from infra.aws.commands.halting import Halting
from infra.aws.commands.health import doors_ailing, front_ailing
from infra.aws.commands.keyrings import missing
from infra.aws.commands.leftovers import Left
from infra.aws.commands.stacks import SOUND, Stacks
from infra.aws.commands.visiting import Visitor

ALARMS: Mapping[str, str] = {
    "OK": "quiet",
    "ALARM": "RINGS",
    "INSUFFICIENT_DATA": "has heard nothing yet",
}
OF_A_MACHINE = ("edition", "files")
"""Checks of the doctor that look at disks: here the site is a bucket, and the store has none."""
Lines = Iterator[tuple[str, bool]]
"""Each line, and whether what it tells is as it should be."""


@dataclass(frozen=True)
class Standing:
    """What there is to say, and what of it is amiss."""

    lines: tuple[str, ...]
    amiss: tuple[str, ...]


def of_stacks(stacks: Stacks, names: Mapping[str, str]) -> Lines:
    """Each stack by its short name."""
    for short, stack in names.items():
        state = stacks.state(stack)
        words = state.lower().replace("_", " ") or "is not there"
        yield f"{short:12} {words}", state in SOUND and "ROLLBACK" not in state


def of_programs(halting: Halting) -> Lines:
    """Whether the doors and the press were stopped for a restore."""
    if halting.stopped:
        yield "The doors and the press are stopped. `resume` starts them.", False


def of_left(left: Sequence[Left]) -> Lines:
    """What an earlier forum of this name left behind."""
    for one in left:
        yield "\n".join((one.what, *(f"      {command}" for command in one.remove))), False


def of_alarms(client: Client, name: str) -> Lines:
    """Each alarm of a deployment. `client` is that of CloudWatch."""
    pages = client.get_paginator("describe_alarms")
    for page in pages.paginate(AlarmNamePrefix=f"{name}-"):
        for alarm in page["MetricAlarms"]:
            state, short = alarm["StateValue"], alarm["AlarmName"].removeprefix(f"{name}-")
            about = f". {alarm.get('AlarmDescription', '')}" if state == "ALARM" else ""
            yield f"{short}: {ALARMS[state]}{about}", state != "ALARM"


def of_keys(client: Client, name: str) -> Lines:
    """Each key that is not there. `client` is that of Parameter Store."""
    for purpose in missing(client, name):
        yield f"The key for {purpose.name.lower()} is not there.", False


def of_doors(visitor: Visitor) -> Lines:
    """Whether the public address answers."""
    found = [*doors_ailing(visitor), *front_ailing(visitor)]
    yield from ((line, False) for line in found)
    if not found:
        yield f"{visitor.siteurl} answers, and so do both doors.", True


def of_queue(desk: DeskWords) -> Lines:
    """How many posts stand where."""
    try:
        counts = desk.ask("queue")["counts"]
    except (Refused, KeyError) as error:
        yield f"The queue cannot be read: {error}", False
        return
    for one in counts:
        yield f"{one['kind']}, {one['state']}: {one['number']}", True
    if not counts:
        yield "No post is there yet.", True


def of_doctor(desk: DeskWords) -> Lines:
    """What the doctor finds, the last run of the press among it."""
    try:
        told = desk.ask("doctor")
    except Refused as error:
        yield str(error), False
        return
    for name, words in told.get("checks", {}).items():
        if words and name not in OF_A_MACHINE:
            yield f"{name}: {words}", False
    for name, words in told.get("warnings", {}).items():
        if words:
            yield f"{name}, before long: {words}", True


def all_of(parts: Mapping[str, Callable[[], Lines]]) -> Standing:
    """What is as it should be under its heading, and what is not apart: each thing once."""
    lines: list[str] = []
    amiss: list[str] = []
    for heading, ask in parts.items():
        found = list(ask())
        if fine := [f"  {line}" for line, well in found if well]:
            lines += [f"{heading}:", *fine]
        amiss += [f"{heading}: {line}" for line, well in found if not well]
    return Standing(tuple(lines), tuple(amiss))
