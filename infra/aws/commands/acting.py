"""What each command does: it reads the deployment, asks the cloud, and says what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from doors.headers import for_static
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_ledger import DynamoLedger
from infra.aws.bundles import DOORS, RUNTIME
from infra.aws.commands.arguments import Asked
from infra.aws.commands.beforehand import (
    head_of,
    must_be_empty,
    must_be_restorable,
    read_identity,
)
from infra.aws.commands.blueprint import blueprint_of, error_pages, stack_names
from infra.aws.commands.cloud import Clients, Refused
from infra.aws.commands.deploying import Blueprint, Deploying, Say, parameters_of
from infra.aws.commands.deployment import Deployment
from infra.aws.commands.desk_words import (
    DeskWords,
    elsewhere_than_at_the_desk,
    environment,
)
from infra.aws.commands.destroying import Ask, destroy
from infra.aws.commands.guarding import Guarding
from infra.aws.commands.halting import Halting
from infra.aws.commands.health import PressRuns, judge
from infra.aws.commands.keyrings import make
from infra.aws.commands.leftovers import Left, in_lines, left_behind, left_of_keys
from infra.aws.commands.releasing import Releasing
from infra.aws.commands.restarting import restart
from infra.aws.commands.restoring import Restoring
from infra.aws.commands.smoke import Smoke
from infra.aws.commands.stacks import Pause, Stacks
from infra.aws.commands.standing import (
    all_of,
    of_alarms,
    of_doctor,
    of_doors,
    of_keys,
    of_left,
    of_programs,
    of_queue,
    of_stacks,
)
from infra.aws.commands.visiting import Visitor
from infra.aws.emulator import Emulator

GROUND = "ground"
"""The stack of the tables."""
GUARDED = ("artifacts", GROUND, "front")
"""Stacks that nobody removes by one click."""
UNKNOWN = "https://not-known-yet.invalid"
"""The address until CloudFront has given one."""
PROGRAMS = ("api", "moderation", "press", "upkeep")
"""All that reads the tables, by their short names."""


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
    pause: Pause = time.sleep
    today: Callable[[], date] = field(default=lambda: datetime.now(UTC).date())

    def keys(self) -> None:
        """Make the keys that are not there."""
        made = make(self.clients("ssm"), self.deployment.name)
        names = ", ".join(one.name.lower() for one in made)
        said = f"Made {len(made)} keys: for {names}." if made else "All keys are there."
        self.say(said)

    def plan(self) -> None:
        """Say what a deploy would do."""
        self.deploying.plan(self.blueprint())
        if doubt := self.guarding.doubt():
            self.say(f"!! {doubt}")

    def deploy(self) -> None:
        """Put this checkout in place."""
        if doubt := self.guarding.doubt():
            raise Refused(doubt)
        self.guarding.nothing_in_the_way(self.deploying.stacks)
        if self.halting.stopped:
            raise Refused("The doors and the press are stopped. Run `resume`, then `deploy`.")
        if not (self.asked.to_try or self.asked.emulated):
            self.guarding.duties(self.desk)
        if self.guarding.keys_wanting():
            self.keys()
        self.deploying.once_up = {GROUND: self.grounded}
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
                "Programs": lambda: of_programs(self.halting),
                "Left of an earlier forum": lambda: of_left(self._in_the_way()),
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
        name, region = self.deployment.name, self.deployment.region
        names = [self.deployment.stack(one) for one in stack_names()]
        destroy(name, self.deploying.stacks, names, self.ask, self.say)
        left = in_lines(left_behind(self.clients, name, region))
        self.say(
            f"Amazon keeps these until you remove them. Each line under a name does it:\n{left}"
        )
        self.say(f"  the keys; without them no receipt works\n      {left_of_keys(name, region)}")

    def backup(self) -> None:
        """Write today's encrypted copy into a folder, and let go of those that are too old."""
        if not self.deployment.backup_to:
            raise Refused(
                "backup_to is not set in deployment.toml: a backup is locked to a public key. On "
                "another computer, `python -m moderation backup --make-identity FILE` makes one."
            )
        folder = Path(self.asked.file).absolute()
        if folder.is_file():
            raise Refused(f"{folder.name} is a file. Name a folder: each day has a file in it.")
        there = {**self.desk.environment, "HANDRAIL_BACKUPS": str(folder)}
        if replace(self.desk, environment=there).say("backup"):
            raise Refused("No backup was written: see above.")

    def restore(self) -> None:
        """Fill empty tables while nothing else looks at them; refuse before anything is stopped."""
        self._told("SiteUrl")
        must_be_empty(self.dynamo)
        path = Path(self.asked.file).absolute()
        identity = read_identity(self.asked.identity, self.say)
        head = head_of(path, identity)
        lost = ("--ledger-lost",) if self.asked.ledger_lost else ()
        if not lost:
            must_be_restorable(self.dynamo, head, self.today())
        self.restoring.fill("restore", "--identity", "-", *lost, str(path), given=identity)

    def stop(self) -> None:
        """Let nothing change the tables any more."""
        self.halting.halt()
        self.say("The doors, the press and the upkeep are stopped, until `resume`.")

    def resume(self) -> None:
        """Start again what was stopped."""
        if not self.halting.stopped:
            raise Refused("Nothing is stopped here.")
        self.restoring.resume()

    def moderation(self) -> None:
        """Run a command of the desk."""
        words = self.asked.words
        if elsewhere := elsewhere_than_at_the_desk(words):
            raise Refused(elsewhere)
        self._told("SiteUrl")
        if words[0] == "import":
            must_be_empty(self.dynamo)
            self.restoring.fill(*words)
        else:
            self._run(*words)

    @property
    def dynamo(self) -> Dynamo:
        """The deployment's tables."""
        return Dynamo(self.clients("dynamodb"), self.deployment.name)

    @property
    def halting(self) -> Halting:
        """What stops the programs, and starts them again."""
        return Halting(self.clients, self.deployment.name, PROGRAMS)

    @property
    def restoring(self) -> Restoring:
        """What fills the tables."""
        return Restoring(self.dynamo, self.halting, self.desk, self.say, self.pause)

    @property
    def guarding(self) -> Guarding:
        """What asks before a deploy begins."""
        ground = Stacks(self.clients("cloudformation"), time.sleep).state(
            self.deployment.stack(GROUND)
        )
        return Guarding(self.deployment, self.clients, bool(ground))

    @cached_property
    def deploying(self) -> Deploying:
        """The stacks, and what those that are up tell."""
        pool = parameters_of(self.deployment) | {"Runtime": RUNTIME}
        found = Deploying(
            self.deployment, self.clients, self.say, time.sleep, pool, self.asked.lose
        )
        pool["ReservePress"] = "true" if self.guarding.spare() else "false"
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
        reached = {**known, **(self.cloud.environment() if self.cloud else {})}
        return DeskWords(reached, self.asked.begun)

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

    def _in_the_way(self) -> list[Left]:
        return self.guarding.left(self.deploying.stacks)

    def grounded(self) -> None:
        """What the tables need before anybody may come."""
        DynamoLedger(self.dynamo).begin(self.today())
        if self.asked.to_try:
            self._run("close")

    def _run(self, *words: str) -> None:
        if self.desk.say(*words):
            raise Refused(f"`moderation {words[0]}` did not do it: see above.")


def command(acting: Acting) -> Callable[[], None]:
    """What was asked for."""
    name = acting.asked.command
    found: Callable[[], None] = getattr(acting, "press_now" if name == "press" else name)
    return found
