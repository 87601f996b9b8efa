"""The three bundles that run in the cloud, each door and the press: same house, same bytes.

A door is packed by `chalice package`, which also writes its template; the packages that it stands
on are put in here, because Chalice leaves out in silence what it thinks the cloud cannot load.
The press is no door: it is this house without the doors, with what prints.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from infra.aws.chalice_package import chalice_package
from infra.aws.packing import Contents, compiled, pack
from infra.aws.reach import reached
from infra.aws.trimming import may_be_read, slim_data, without_unread
from infra.aws.wheels import MACHINES, fetch, read_pins, unpack

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
"""Lambda's name for the Python that the bundles are made for: the one that makes them."""
DOORS = ("api", "moderation")
PRESS_ROOMS = ("forum", "doors", "editions", "site", "content", "infra", "pelicanconf.py")
PRESS_HANDLER = "infra.aws.build_job.handler"
UPKEEP_HANDLER = "infra.aws.upkeep_job.handler"
"""The press's bundle holds this too: what it does is done beside the press, by other rights."""
ENTRIES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(DOORS, ("app.py", "doors/compiled_templates/*.py")),
    "press": (
        *("infra/aws/build_job.py", "infra/aws/upkeep_job.py"),
        *("pelicanconf.py", "site/plugins/*.py"),
    ),
}
"""Patterns of the modules that are loaded by their names; of all others only what they reach."""
SERVICES: Mapping[str, tuple[str, ...]] = {
    "api": ("dynamodb", "ssm"),
    "moderation": ("dynamodb", "ssm"),
    "press": ("dynamodb", "ssm", "s3", "cloudfront", "sesv2"),
}
"""Of all that Amazon offers, what each bundle may speak to."""
REQUIREMENTS: Mapping[str, Path] = {
    **{door: ROOT / door / "requirements.txt" for door in DOORS},
    "press": ROOT / "infra" / "aws" / "press_requirements.txt",
}
"""What each stands on, all of it, each at one version."""
NEVER = (
    *("*/__pycache__/*", "*.pyc", "*.orig", "*.swp", "*~", "*/.*", ".*"),
    *("content/posts/*", "content/posts-*", "content/posts"),  # what a press wrote
)
"""Patterns of names that no bundle holds; `*` stands for slashes too."""
LEFT_OUT: Mapping[str, tuple[str, ...]] = {
    "api": ("doors/theme/static/*", "forum/practice_posts/*"),
    "moderation": ("doors/theme/static/*",),
    "press": (
        *("doors/theme/*", "infra/*", "content/practice/*"),
        *("forum/practice_posts/*", "forum/receipt_words.txt"),
    ),
}
"""Files beside the modules that no module of the bundle reads."""


class CannotBundle(Exception):
    """A bundle could not be made; the text says why."""


@dataclass(frozen=True)
class Bundle:
    """A zip for Lambda, and for a door the template that Chalice wrote, which lies beside it."""

    name: str
    path: Path
    size: int
    """Bytes."""
    sha256: str
    """Of the zip, in hex: the same house makes the same."""
    template: Path | None
    """YAML. Unless what was laid over it says otherwise, its code is the zip in the same folder."""


@dataclass(frozen=True)
class Bundles:
    """All that runs in the cloud, for one architecture."""

    architecture: str
    api: Bundle
    moderation: Bundle
    press: Bundle


def build(folder: Path, architecture: str, over: Mapping[str, str] | None = None) -> Bundles:
    """Make all three in this folder, for `arm64` or `x86_64`.

    `over` holds, by door, the text of a template (YAML) that is laid over Chalice's. Raises
    `CannotBundle`; `infra.aws.wheels.NoWheel` when a package cannot be had; and
    `infra.aws.chalice_package.ChaliceFailed`.
    """
    if architecture not in MACHINES:
        raise CannotBundle(f"Lambda knows no architecture {architecture}: {', '.join(MACHINES)}.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="handrail-bundles-") as work:
        bench = _Bench(Path(work), folder, architecture)
        bench.fetch()
        doors = {door: bench.door(door, (over or {}).get(door, "")) for door in DOORS}
        return Bundles(architecture, **doors, press=bench.press())


@dataclass(frozen=True)
class _Bench:
    """Where bundles are put together."""

    work: Path
    folder: Path
    architecture: str

    def fetch(self) -> None:
        """Lay every package that a bundle stands on into a folder of its own."""
        pins = {pin for file in REQUIREMENTS.values() for pin in read_pins(file)}
        services = {service for some in SERVICES.values() for service in some}
        wanted = partial(may_be_read, services=services)
        for pin, wheel in fetch(pins, self.work / "wheels", self.architecture).items():
            unpack(wheel, self.work / "packages" / pin, wanted)

    def door(self, door: str, over: str) -> Bundle:
        """Pack a door, and put its template beside it."""
        packed = chalice_package(door, self.work / door, self.architecture, over)
        template = self.folder / f"{door}.yaml"
        template.write_text(packed.template.replace("./deployment.zip", f"./{door}.zip"), "utf-8")
        return self._bundle(door, files_of(packed.code), template)

    def press(self) -> Bundle:
        """Pack the press."""
        house = {n: path for room in PRESS_ROOMS for n, path in files_of(ROOT / room, room).items()}
        return self._bundle("press", house, None)

    def _bundle(self, name: str, house: Contents, template: Path | None) -> Bundle:
        own = needed(_without(house, NEVER), ENTRIES[name], LEFT_OUT[name])
        contents = compiled({**self._packages(name), **own}, self.work / "compiled")
        target = self.folder / f"{name}.zip"
        sha256 = pack(contents, target)
        return Bundle(name, target, target.stat().st_size, sha256, template)

    def _packages(self, name: str) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for pin in read_pins(REQUIREMENTS[name]):
            files = files_of(self.work / "packages" / pin)
            found |= without_unread(files)
            if pin.startswith("botocore=="):
                found |= slim_data(files, SERVICES[name], self.work / f"{name}-data")
        return found


def needed(house: Contents, entries: Sequence[str], left_out: Sequence[str]) -> dict[str, Path]:
    """What the entries can load of the house's modules, and what lies beside them but this."""
    modules = {name: path for name, path in house.items() if name.endswith(".py")}
    begin = [name for name in modules if any(fnmatchcase(name, one) for one in entries)]
    beside = {name: path for name, path in house.items() if name not in modules}
    return {n: modules[n] for n in reached(modules, begin)} | _without(beside, left_out)


def files_of(place: Path, named: str = "") -> dict[str, Path]:
    """Every file in a folder, through links too, by its path after `named`; or a file alone."""
    if place.is_file():
        return {named: place}
    start = f"{named}/" if named else ""
    return {
        start + str(Path(folder, file).relative_to(place)): Path(folder, file)
        for folder, _, files in os.walk(place, followlinks=True)
        for file in files
    }


def _without(files: Contents, patterns: Sequence[str]) -> dict[str, Path]:
    return {n: p for n, p in files.items() if not any(fnmatchcase(n, one) for one in patterns)}
