"""A deployment goes stack by stack, and a run that was cut off anywhere is finished by the next.

Nothing is remembered on the operator's machine: what is done is seen in the cloud. What would lose
data is refused until the operator names it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.aws.commands.artifacts import Artifacts, Release, bundle_key
from infra.aws.commands.changes import in_words, of_new
from infra.aws.commands.cloud import Clients, Refused
from infra.aws.commands.deployment import Deployment
from infra.aws.commands.pool import code_in, filled
from infra.aws.commands.stacks import Pause, Planned, Stacks, Wish, body_of

FIRST = "artifacts"
"""The stack with the bucket that everything else is read from."""
BUCKET = "ArtifactsBucket"
"""What it calls that bucket, and what a template calls it that reads from it."""

Say = Callable[[str], None]
Template = Mapping[str, Any]


@dataclass(frozen=True)
class Blueprint:
    """What a deployment is made of."""

    templates: Mapping[str, Template]
    """By the stack's short name, in the order in which they are put up; `artifacts` first."""
    bundles: Mapping[str, Path] = field(default_factory=dict)
    """By name: a door's programs are read from the one of its name."""


@dataclass
class Deploying:
    """The stacks of one deployment."""

    deployment: Deployment
    clients: Clients
    say: Say
    pause: Pause
    pool: dict[str, str]
    """Parameters by name; what stacks tell is added as they come up."""
    may_lose: Collection[str] = ()
    """Things that hold data and may go, by name: the operator said so."""
    once_up: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    """What is to be done as soon as a stack is up, by its short name."""

    def __post_init__(self) -> None:
        self.stacks = Stacks(self.clients("cloudformation"), self.pause, self._put_template)

    def plan(self, blueprint: Blueprint) -> list[Planned]:
        """Say what a deployment would do, and leave nothing behind but what a look needs."""
        found = []
        self.read_outputs(blueprint.templates)
        for name, template in self._finished(blueprint).items():
            stack = self.deployment.stack(name)
            if not self.stacks.state(stack):
                self.say(in_words(f"{stack} (new)", of_new(template)))
                continue
            planned = self.stacks.plan(self._wish(name, template))
            found.append(planned)
            self.say(in_words(stack, planned.changes))
            self.stacks.drop(planned)
        return found

    def put_up(self, blueprint: Blueprint) -> Release:
        """Put everything in place as this blueprint says; the release that it is now."""
        self._apply(FIRST, blueprint.templates[FIRST])
        self.read_outputs(blueprint.templates)
        artifacts, templates = self.artifacts(), self._finished(blueprint)
        keys = {name: artifacts.put_bundle(name, path) for name, path in blueprint.bundles.items()}
        kept = {name: artifacts.put_template(body_of(one)) for name, one in templates.items()}
        release = artifacts.begin(keys, kept)
        self._rounds(templates)
        return release

    def go_back(self, release: Release) -> None:
        """Put everything in place as it was in an earlier release."""
        self.read_outputs(release.templates)
        artifacts = self.artifacts()
        self.pool |= bundle_parameters(release.bundles)
        self._rounds({name: artifacts.template(key) for name, key in release.templates.items()})

    def artifacts(self) -> Artifacts:
        """The bucket of what was deployed; raise `Refused` where nothing ever was."""
        if BUCKET not in self.pool:
            self.pool |= self.stacks.outputs(self.deployment.stack(FIRST))
        if BUCKET not in self.pool:
            raise Refused(f"Nothing called {self.deployment.name} is deployed here yet.")
        return Artifacts(self.clients("s3"), self.pool[BUCKET])

    def protect(self, names: Collection[str], yes: bool = True) -> None:
        """Let nobody remove these stacks by one click, or let them."""
        for name in names:
            if self.stacks.state(self.deployment.stack(name)):
                self.stacks.protect(self.deployment.stack(name), yes)

    def _rounds(self, templates: Mapping[str, Template]) -> None:
        """Every stack in order; once more those that were told what was not known yet."""
        told: dict[str, Mapping[str, str]] = {}
        for _ in range(2):
            for name, template in templates.items():
                wish = self._wish(name, template)
                if told.get(name) != wish.parameters:
                    told[name] = wish.parameters
                    self._apply(name, template)

    def _apply(self, name: str, template: Template) -> None:
        wish = self._wish(name, template)
        planned = self.stacks.plan(wish)
        self._refuse_loss(planned)
        if planned.id:
            self.say(in_words(wish.stack, planned.changes))
            self.stacks.carry_out(planned)
            self.say(f"{wish.stack} is up to date.")
        else:
            self.say(f"{wish.stack} is as it should be.")
        self._learn(wish.stack)
        self.once_up.get(name, _nothing)()

    def _refuse_loss(self, planned: Planned) -> None:
        lost = [change for change in planned.changes if change.loses]
        named = [change.thing for change in lost if change.thing not in self.may_lose]
        if not named:
            return
        self.say(in_words(planned.stack, lost))
        self.stacks.drop(planned)
        raise Refused(
            f"Nothing was changed in {planned.stack}: what {named[0]} holds would be lost for "
            f"good. Make a backup. If you mean it, say so with --lose {named[0]}."
        )

    def _finished(self, blueprint: Blueprint) -> dict[str, Template]:
        """The templates, reading their programs from where the bundles lie, or will."""
        keys = {name: bundle_key(name, path) for name, path in blueprint.bundles.items()}
        self.pool |= bundle_parameters(keys)
        if BUCKET not in self.pool:
            return dict(blueprint.templates)
        return {
            name: code_in(template, self.pool[BUCKET], keys[name]) if name in keys else template
            for name, template in blueprint.templates.items()
        }

    def _wish(self, name: str, template: Template) -> Wish:
        stack = self.deployment.stack(name)
        return Wish(stack, template, filled(stack, template, self.pool))

    def read_outputs(self, names: Collection[str]) -> None:
        """Take over what these stacks tell, as far as they are there."""
        for name in names:
            self._learn(self.deployment.stack(name))

    def _learn(self, stack: str) -> None:
        """Take over what a stack tells."""
        self.pool |= self.stacks.outputs(stack)

    def _put_template(self, body: str) -> str:
        artifacts = self.artifacts()
        return artifacts.address(artifacts.put_template(body))


def _nothing() -> None:
    """What there is to do after most stacks."""


def bundle_parameters(keys: Mapping[str, str]) -> dict[str, str]:
    """The parameters that name bundles, such as `PressBundle`."""
    return {f"{name.capitalize()}Bundle": key for name, key in keys.items()}


def parameters_of(deployment: Deployment) -> dict[str, str]:
    """What templates may ask of a deployment, by the names of their parameters."""
    given = {
        "Name": deployment.name,
        "DomainName": deployment.domain,
        "CertificateArn": deployment.certificate,
        "Email": deployment.email,
        "Budget": str(deployment.budget),
        "ReservedConcurrency": str(deployment.reserved_concurrency),
        "CustomerKeyArn": deployment.customer_key,
        "Architecture": deployment.architecture,
        "Notify": f"ses:{','.join(deployment.notify)}" if deployment.notify else "",
        "NotifyFrom": deployment.notify_from,
        "LeaveUrl": deployment.leave_url,
        "SiteUrl": f"https://{deployment.domain}" if deployment.domain else "",
    }
    return {name: value for name, value in given.items() if value}
