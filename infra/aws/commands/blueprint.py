"""What a checkout would deploy: its templates in their order, and the bundles it makes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.aws import bundles, templates
from infra.aws.chalice_package import ChaliceFailed
from infra.aws.cloudformation import read
from infra.aws.commands.cloud import Refused
from infra.aws.commands.deploying import Blueprint
from infra.aws.commands.deployment import ROOT, Deployment
from infra.aws.wheels import NoWheel

MADE = ROOT / "var" / "bundles"
"""Where bundles are made: the same checkout makes the same bytes."""


def stack_names() -> tuple[str, ...]:
    """Every stack's short name, in order."""
    return tuple(stack.name for stack in templates.STACKS)


def blueprint_of(deployment: Deployment, folder: Path = MADE) -> Blueprint:
    """Make the bundles and the templates; raise `Refused` where that cannot be done."""
    composed = templates.compose(leave_url=deployment.leave_url)
    over = {stack.name: composed[stack.name].text() for stack in templates.STACKS if stack.is_door}
    try:
        made = bundles.build(folder, deployment.architecture, over)
    except (bundles.CannotBundle, NoWheel, ChaliceFailed) as error:
        raise Refused(f"The bundles cannot be made: {error}") from None
    doors = {bundle.name: bundle.template for bundle in (made.api, made.moderation)}
    finished: dict[str, Mapping[str, Any]] = {}
    for stack in templates.STACKS:
        path = doors.get(stack.name)
        finished[stack.name] = read(path) if path else composed[stack.name].body
    paths = {bundle.name: bundle.path for bundle in (made.api, made.moderation, made.press)}
    return Blueprint(finished, paths)


def error_pages(deployment: Deployment) -> Mapping[str, bytes]:
    """The pages that CloudFront shows while a door cannot, by their place in the site's bucket."""
    return templates.error_pages(leave_url=deployment.leave_url)
