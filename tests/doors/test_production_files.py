"""What we ship for a machine in production fits the code, and gives it as little as it needs."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from forum.settings import ROOT, Purpose, read_settings
from moderation.commands.table import COMMANDS

SHIPPED = ROOT / "infra" / "local" / "production"
UNITS = sorted(SHIPPED.glob("*.service"))


def settings() -> dict[str, str]:
    lines = (SHIPPED / "settings.env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_settings_are_ones_that_the_code_knows_and_hold_no_secret() -> None:
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text(), re.M))
    assert settings().keys() <= table
    assert {purpose.value for purpose in Purpose} <= settings().keys()
    assert not any(value for name, value in settings().items() if "KEY" in name or "TO" in name)
    chosen = read_settings(settings())
    assert chosen.production
    apart = {chosen.data, chosen.ledger, chosen.backups}
    assert len(apart) == 3
    assert not any(one != other and one.is_relative_to(other) for one in apart for other in apart)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_something_that_there_is_with_folders_that_it_may_write(unit: Path) -> None:
    text = unit.read_text("utf-8")
    (command,) = re.findall(r"^ExecStart=/opt/handrail/\.venv/bin/python -m (.+)$", text, re.M)
    module, *words = command.split()
    assert find_spec(module)
    assert module == "infra.local" or words[0] in COMMANDS
    assert str(read_settings(settings()).ledger) in text
    assert "StateDirectory=handrail\n" in text
    assert settings()["HANDRAIL_DATA"] == "/var/lib/handrail", "which is that directory"


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_exposes_little(unit: Path) -> None:
    """systemd's own measure, from 0 to 100; most services have over 90."""
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("systemd is not installed")
    command = [analyze, "security", "--offline=true", "--threshold=15", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr


@pytest.mark.parametrize("script", ["away", "handrail", "upgrade"])
def test_a_script_is_one_that_a_shell_can_read(script: str) -> None:
    path = SHIPPED / script
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["/bin/sh", "-n", str(path)], check=False).returncode == 0
