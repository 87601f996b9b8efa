"""The checkers that `make test-long` installs, and how they are run: what they say is the find."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PINNED = ROOT / "tests" / "long" / "tools"
INSTALLED = ROOT / ".bench" / "tools"
HOW = "not installed; run: sh tests/long/tools/install.sh"
PATIENCE = 300
"""Seconds that one run may take."""


def printed_by(*command: str | Path, may_find: bool = True) -> str:
    """What a program says; with `may_find` it may end with a status other than 0."""
    lock = INSTALLED / "installed.json"
    assert lock.is_file(), HOW
    assert lock.read_bytes() == (PINNED / "package-lock.json").read_bytes(), HOW
    env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "NO_COLOR": "1"}
    env |= {"CHROME_PATH": "/usr/bin/chromium"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, env=env, check=False
    )
    assert may_find or done.returncode == 0, done.stderr
    return done.stdout + (done.stderr if done.returncode else "")


def by_node(package: str, script: str, *words: str | Path) -> str:
    """What a program of an installed package says."""
    return printed_by("node", INSTALLED / "node_modules" / package / script, *words)


def by_nu(*words: str | Path) -> str:
    """What the Nu checker says; nothing, where all is well."""
    jar = INSTALLED / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    return printed_by("java", "-jar", jar, "--format", "gnu", "--stdout", *words)
