"""What each command does: it reads the deployment, asks the cloud, and says what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from doors.headers import for_static
from infra.aws.bundles import DOORS, RUNTIME
from infra.aws.commands import quota
from infra.aws.commands.arguments import Asked
from infra.aws.commands.blueprint import blueprint_of, error_pages, stack_names
from infra.aws.commands.cloud import Clients, Refused
from infra.aws.commands.deploying import Blueprint, Deploying, Say, parameters_of
from infra.aws.commands.deployment import Deployment
from infra.aws.commands.desk_words import DeskWords, environment
from infra.aws.commands.destroying import Ask, destroy
from infra.aws.commands.halting import halt, resume
from infra.aws.commands.health import PressRuns, judge
from infra.aws.commands.keyrings import make, missing, place
from infra.aws.commands.releasing import Releasing
from infra.aws.commands.restarting import restart
from infra.aws.commands.smoke import Smoke
from infra.aws.commands.standing import (
    all_of,
    of_alarms,
    of_doctor,
    of_doors,
    of_keys,
    of_queue,
    of_stacks,
)
from infra.aws.commands.visiting import Visitor
from infra.aws.emulator import Emulator

GROUND = "ground"
"""The stack of the tables."""
GUARDED = ("artifacts", GROUND, "front")
"""Stacks that nobody removes by one click."""
BEFORE_OPENING = ("duties", "help lines", "moderators", "https", "messages", "second readers")
"""Checks of the doctor without which nobody may be let in."""
UNKNOWN = "https://not-known-yet.invalid"
"""The address until CloudFront has given one."""
KEPT = {
    "Table": "table",
    "TextsTable": "table",
    "ErasedTable": "table",
    "SiteBucket": "bucket",
    "ArtifactsBucket": "bucket",
}
"""What outlives its stack, by the name of what tells of it."""
PROGRAMS = ("api", "moderation", "press", "upkeep")


@dataclass
class Acting:
    """One run of the command line."""

    asked: Asked
    deployment: Deployment
    clients: Clients
    say: Say
    ask: Ask
    cloud: Emulator | None = None
    """The emulated cloud; None for Amazon's."""

    def keys(self) -> None:
        """Make the keys that are not there."""
        made = make(self.clients("ssm"), self.deployment.name, self.deployment.customer_key)
        names = ", ".join(one.name.lower() for one in made)
        self.say(f"Made: {names}." if made else "All keys are there. Nothing was changed.")

    def plan(self) -> None:
        """Say what a deploy would do."""
        self.deploying.plan(self.blueprint())
        for doubt in self._doubts():
            self.say(f"!! {doubt}")

    def deploy(self) -> None:
        """Put this checkout in place."""
        for doubt in self._doubts():
            raise Refused(doubt)
        if not (self.asked.to_try or self.asked.emulated):
            self._duties_or_refuse()
        self._keys_or_refuse()
        if self.asked.to_try:
            self.deploying.once_up = {GROUND: self._close}
        release = Releasing(self.deploying, self.judged).release(self.blueprint())
        if not self.asked.emulated:
            self.deploying.protect(GUARDED)
        self.say(f"Release {release.number} is up: {self.siteurl}")

    def status(self) -> None:
        """Say how everything stands."""
        stacks = {name: self.deployment.stack(name) for name in stack_names()}
        found = all_of(
            {
                "Stacks": lambda: of_stacks(self.deploying.stacks, stacks),
                "Keys": lambda: of_keys(self.clients("ssm"), self.deployment.name),
                "Address": lambda: of_doors(self.visitor),
                "Alarms": lambda: of_alarms(self.clients("cloudwatch"), self.deployment.name),
                "Posts": lambda: of_queue(self.desk),
                "Doctor": lambda: of_doctor(self.desk),
            }
        )
        self.say("\n".join(found.lines))
        if found.amiss:
            raise Refused("\n".join(("Amiss:", *(f"  {line}" for line in found.amiss))))

    def smoke(self) -> None:
        """Walk a post's whole way."""
        walk = Smoke(self.visitor, self.desk, self.press.run, self.say, time.sleep)
        self.say(f"All of it works. It took {walk.walk():.0f} seconds.")

    def press_now(self) -> None:
        """Run the press over everything."""
        if faults := self.press.patiently(everything=True):
            raise Refused(" ".join(faults))
        self.say("The press has looked at every page.")

    def rollback(self) -> None:
        """Go back to the release before."""
        release = Releasing(self.deploying, self.judged).back()
        self.say(f"Release {release.number} is back.")

    def restart(self) -> None:
        """Let the doors read their keys again."""
        restart(self.clients("lambda"), [f"{self.deployment.name}-{door}" for door in DOORS])
        self.say("The doors begin anew with their next visitor.")

    def protect(self) -> None:
        """Let nobody remove the forum by one click."""
        self.deploying.protect(GUARDED)
        self.say("The forum is protected.")

    def unprotect(self) -> None:
        """Allow the forum to be destroyed."""
        self.deploying.protect(GUARDED, yes=False)
        self.say("The forum is no longer protected: `destroy` would take it down.")

    def destroy(self) -> None:
        """Take it down."""
        names = [self.deployment.stack(name) for name in stack_names()]
        pool = self.deploying.pool
        left = [f"{kind} {pool[told]}" for told, kind in KEPT.items() if told in pool]
        destroy(self.deployment.name, self.deploying.stacks, names, self.ask, self.say)
        kept = "\n".join(("Amazon keeps these until you remove them by hand:", *left))
        self.say(f"{kept}\nparameters {place(self.deployment.name)}/...")

    def backup(self) -> None:
        """Write an encrypted copy."""
        self._run("backup", self.asked.file)

    def restore(self) -> None:
        """Fill empty tables while nothing else looks at them."""
        functions = [f"{self.deployment.name}-{name}" for name in PROGRAMS]
        halt(self.clients("lambda"), functions)
        self.say("The doors and the press are stopped.")
        lost = ("--ledger-lost",) if self.asked.ledger_lost else ()
        self._run("restore", "--identity", self.asked.identity, *lost, self.asked.file)
        reserved = {functions[0]: self.deployment.reserved_concurrency}
        resume(self.clients("lambda"), functions, reserved)
        self.say("The doors and the press run again.")

    def moderation(self) -> None:
        """Run a command of the desk."""
        self._run(*self.asked.words)

    @cached_property
    def deploying(self) -> Deploying:
        """The stacks, and what those that are up tell."""
        pool = parameters_of(self.deployment) | {"Runtime": RUNTIME, "ReservePress": self._spare()}
        found = Deploying(
            self.deployment, self.clients, self.say, time.sleep, pool, self.asked.lose
        )
        found.read_outputs(stack_names())
        return found

    @property
    def siteurl(self) -> str:
        """The public address; raise `Refused` while there is none."""
        return self._told("SiteUrl")

    @property
    def visitor(self) -> Visitor:
        """Somebody before the public address."""
        if self.cloud is None:
            return Visitor(self.siteurl)
        return Visitor(self.siteurl, self.cloud.url, self._told("DistributionDomain"))

    @property
    def desk(self) -> DeskWords:
        """The desk's commands, over this deployment's tables."""
        known = environment(self.deployment, self.deploying.pool.get("SiteUrl", UNKNOWN))
        return DeskWords({**known, **(self.cloud.environment() if self.cloud else {})})

    @property
    def press(self) -> PressRuns:
        """The build job."""
        return PressRuns(self.clients("lambda"), self._told("PressFunction"), time.sleep)

    def _told(self, name: str) -> str:
        if name not in self.deploying.pool:
            raise Refused("It is not deployed yet, or not wholly: run `deploy`.")
        return self.deploying.pool[name]

    def blueprint(self) -> Blueprint:
        """What this checkout would deploy."""
        self.say("Making the bundles ...")
        return blueprint_of(self.deployment)

    def judged(self) -> list[str]:
        """What is wrong with what is deployed, once the press has run."""
        self.say("Looking whether it works ...")
        for path, page in error_pages(self.deployment).items():
            self.clients("s3").put_object(
                Bucket=self._told("SiteBucket"),
                Key=path,
                Body=page,
                ContentType="text/html; charset=utf-8",
                CacheControl=dict(for_static("/", https=True))["Cache-Control"],
            )
        return judge(self.visitor, self.press, time.sleep)

    def _doubts(self) -> list[str]:
        doubt = quota.doubts(
            self.clients("lambda"), self.deployment.reserved_concurrency, self._own
        )
        return [doubt] if doubt else []

    def _spare(self) -> str:
        """Whether one more can be kept for the press; else its lease alone keeps two apart."""
        wished = self.deployment.reserved_concurrency + 1
        return "false" if quota.doubts(self.clients("lambda"), wished, self._own) else "true"

    @property
    def _own(self) -> list[str]:
        """The programs that may have something reserved already."""
        return [f"{self.deployment.name}-{name}" for name in ("api", "press")]

    def _keys_or_refuse(self) -> None:
        """Keys are made with the forum. One that is gone later must be brought back, not made."""
        wanting = missing(self.clients("ssm"), self.deployment.name)
        if not wanting:
            return
        if self.deploying.stacks.state(self.deployment.stack(GROUND)):
            raise Refused(
                f"The key for {wanting[0].name.lower()} is gone. Bring it back from where you keep "
                "it apart: a new one would make every receipt worthless."
            )
        self.keys()

    def _duties_or_refuse(self) -> None:
        if not self.deploying.stacks.state(self.deployment.stack(GROUND)):
            raise Refused(
                "Nobody can be let in yet: there is no safety lead at the desk. Begin with "
                "`deploy --to-try`, which keeps the form closed, and enrol your people."
            )
        told: Mapping[str, str] = self.desk.ask("doctor").get("checks", {})
        amiss = [f"{name}: {told[name]}" for name in BEFORE_OPENING if told.get(name)]
        if amiss:
            raise Refused("\n".join(("This forum may not be opened yet.", *amiss)))

    def _close(self) -> None:
        self._run("close")

    def _run(self, *words: str) -> None:
        if self.desk.say(*words):
            raise Refused(f"`moderation {words[0]}` did not do it: see above.")


def command(acting: Acting) -> Callable[[], None]:
    """What was asked for."""
    name = acting.asked.command
    found: Callable[[], None] = getattr(acting, "press_now" if name == "press" else name)
    return found
