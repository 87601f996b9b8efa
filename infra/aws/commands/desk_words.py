"""The desk's own commands, over the cloud's tables: the same words as on one machine.

Where they tell the operator what to run, they name the command that speaks of the cloud.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from infra.aws.commands.cloud import Refused
from infra.aws.commands.deployment import ROOT, Deployment
from infra.aws.commands.keyrings import place

ENV = "/usr/bin/env"
BEGUN = re.compile(r"(python -m moderation) ([a-z][a-z-]*)")
"""How the desk names one of its commands."""
LOCAL = re.compile(r"python -m moderation backup --make-identity")
HERE: Mapping[str, str] = {"publish": "press", "backup": "backup", "restore": "restore"}
"""Commands of the desk that the cloud has its own of."""
INSTEAD: Mapping[str, str] = {
    "publish": "The press runs in the cloud: `press` runs it now.",
    "backup": "Here it is `backup FOLDER`: it keeps seven days' copies, and no older one.",
    "restore": "Here it is `restore FILE --identity FILE`: it stops the doors and the press first.",
}


def environment(deployment: Deployment, siteurl: str) -> dict[str, str]:
    """What makes `python -m moderation` speak of a deployment: the keys' place, and no key."""
    return {
        "HANDRAIL_ENV": "production",
        "HANDRAIL_STORE": f"dynamodb://{deployment.name}",
        "HANDRAIL_SITEURL": siteurl,
        "HANDRAIL_PARAMETERS": place(deployment.name),
        "HANDRAIL_NOTIFY": "off",
        "HANDRAIL_BACKUP_TO": ",".join(deployment.backup_to),
        "AWS_REGION": deployment.region,
        "AWS_DEFAULT_REGION": deployment.region,
    }


@dataclass(frozen=True)
class DeskWords:
    """Runs commands of the desk."""

    environment: Mapping[str, str]

    begun: str = "python -m infra.aws"
    """How the operator begins a command of the cloud's."""

    def say(self, *words: str, given: str | None = None) -> int:
        """Run one as if it had been typed; its status. `given` is what it reads."""
        with subprocess.Popen(
            self._line(words),
            cwd=ROOT,
            stdin=None if given is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as running:
            said = [(running.stdout, sys.stdout), (running.stderr, sys.stderr)]
            threads = [threading.Thread(target=self._pass_on, args=both) for both in said]
            for thread in threads:
                thread.start()
            if running.stdin:
                with suppress(BrokenPipeError), running.stdin as stdin:
                    stdin.write(given or "")
            for thread in threads:
                thread.join()
        return running.returncode

    def _pass_on(self, said: IO[str], to: IO[str]) -> None:
        for line in said:
            to.write(in_the_cloud(line, self.begun))
            to.flush()

    def ask(self, *words: str) -> Mapping[str, Any]:
        """Run one, and what it tells programs, also when it fails; raise `Refused` if nothing."""
        done = subprocess.run(
            self._line((*words, "--json")), cwd=ROOT, check=False, capture_output=True, text=True
        )
        lines = done.stdout.splitlines()
        try:
            return dict(json.loads(in_the_cloud(lines[0], self.begun)))
        except (IndexError, ValueError):
            last = (done.stderr.splitlines() or ["It said nothing."])[-1]
            raise Refused(f"`moderation {words[0]}` could not be run. {last}") from None

    def _line(self, words: tuple[str, ...]) -> list[str]:
        set_to = [f"{name}={value}" for name, value in self.environment.items()]
        return [ENV, *set_to, sys.executable, "-m", "moderation", *words]


def in_the_cloud(words: str, begun: str) -> str:
    """Words of the desk, with commands that speak of the cloud: typed as they came, they would
    speak of a forum on the operator's own machine.
    """

    def named(found: re.Match[str]) -> str:
        if LOCAL.match(words, found.start()):
            return found[0]  # an identity is made on a computer that deploys nothing
        instead = HERE.get(found[2])
        return f"{begun} {instead}" if instead else f"{begun} moderation {found[2]}"

    return BEGUN.sub(named, words)


def elsewhere_than_at_the_desk(words: Sequence[str]) -> str:
    """What to run instead of a command that has no place here; "" for every other."""
    if not words:
        return "Name a command of the desk, such as `moderation queue`."
    if words[0] == "backup" and "--make-identity" in words:
        return ""
    return INSTEAD.get(words[0], "")
