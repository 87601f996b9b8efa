"""The desk's own commands, over the cloud's tables: the same words as on one machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.aws.commands.cloud import Refused
from infra.aws.commands.deployment import ROOT, Deployment
from infra.aws.commands.keyrings import place

ENV = "/usr/bin/env"


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

    def say(self, *words: str) -> int:
        """Run one as if it had been typed; its status."""
        return subprocess.run(self._line(words), cwd=ROOT, check=False).returncode

    def ask(self, *words: str) -> Mapping[str, Any]:
        """Run one, and what it tells programs, also when it fails; raise `Refused` if nothing."""
        done = subprocess.run(
            self._line((*words, "--json")), cwd=ROOT, check=False, capture_output=True, text=True
        )
        lines = done.stdout.splitlines()
        try:
            return dict(json.loads(lines[0]))
        except (IndexError, ValueError):
            last = (done.stderr.splitlines() or ["It said nothing."])[-1]
            raise Refused(f"`moderation {words[0]}` could not be run. {last}") from None

    def _line(self, words: tuple[str, ...]) -> list[str]:
        set_to = [f"{name}={value}" for name, value in self.environment.items()]
        return [ENV, *set_to, sys.executable, "-m", "moderation", *words]
