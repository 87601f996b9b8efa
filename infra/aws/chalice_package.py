"""One door as `chalice package` leaves it: its own code and what the house shares, and a template.

Chalice works in a checkout made for it, where every room is a link: it leaves notes behind, and
takes along whatever the links lead to. It is given no package to put in.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("forum", "doors", "site", "content", "docs")
"""What the links in the doors lead to."""
REGION = "us-east-1"
"""Chalice wants to be told one; nothing of it is in what it writes."""
CHALICE = (sys.executable, "-c", "import sys, chalice.cli; sys.exit(chalice.cli.main())")
PAGES = {"api": "api", "moderation": "desk"}
"""Where in the theme the pages of each door are."""
COMPILING = (
    "import sys; from doors import answers as a; a.compile_templates(a.COMPILED, sys.argv[1])"
)
NOTES = shutil.ignore_patterns("deployments", "deployed", "__pycache__", "requirements.txt")


class ChaliceFailed(Exception):
    """A door could not be packed; the text is what Chalice said."""


def lay_out(tree: Path, door: str, architecture: str) -> Path:
    """A checkout that holds this door, for one architecture; where the door lies."""
    tree.mkdir()
    shutil.copytree(ROOT / door, tree / door, symlinks=True, ignore=NOTES)
    (tree / door / "requirements.txt").touch()
    for room in ROOMS:
        (tree / room).symlink_to(ROOT / room)
    settings = tree / door / ".chalice" / "config.json"
    told = json.loads(settings.read_text("utf-8")) | {"lambda_architecture": architecture}
    settings.write_text(json.dumps(told), "utf-8")
    return tree / door


@dataclass(frozen=True)
class Packed:
    """What Chalice made of a door."""

    code: Path
    """The folder of what it would have zipped."""
    template: str
    """YAML."""


def chalice_package(door: str, folder: Path, architecture: str, over: str = "") -> Packed:
    """Pack a door into a new folder; raise `ChaliceFailed`.

    `over` is a template of ours (YAML) that is laid over Chalice's.
    """
    project = lay_out(folder, door, architecture)
    out, merged = folder / "out", folder / "over.yaml"
    merged.write_text(over, "utf-8")
    merge = ["--merge-template", str(merged)] if over else []
    done = subprocess.run(
        [*CHALICE, "package", "--stage", door, "--template-format", "yaml", *merge, str(out)],
        cwd=project,
        env=_environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ChaliceFailed(f"{door}: {done.stdout}{done.stderr}".strip())
    with zipfile.ZipFile(out / "deployment.zip") as zipped:
        zipped.extractall(folder / "code")
    _compile_templates(folder / "code", PAGES[door])
    return Packed(folder / "code", (out / "sam.yaml").read_text("utf-8"))


def _compile_templates(code: Path, pages: str) -> None:
    """Let the door's own code turn its pages into Python, where it will look for them."""
    subprocess.run(
        [sys.executable, "-P", "-c", COMPILING, pages],
        env={"PYTHONPATH": str(code), "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
    )


def _environment(tree: Path) -> dict[str, str]:
    """What Chalice is told: nothing of this machine's accounts, and no settings of a forum."""
    return {
        "PATH": os.defpath,
        "AWS_DEFAULT_REGION": REGION,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(tree),
    }
