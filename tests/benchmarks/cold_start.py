"""How long a door takes to wake in the cloud, and what it costs when it is awake.

Each bundle runs in Lambda's own runtime emulator, on the emulated cloud, beside a bare Chalice app;
all of them take turns, with their compiled code and without. The emulator gives a function the
whole of a processor: what Lambda gives it is a matter of its memory.
"""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.parse import urlencode

from servers import TICK, UNLIMITED

from forum import admission
from forum.keys import Key, read_keyring, write_key
from forum.settings import Purpose
from infra.aws.bundles import DOORS, Bundles, build, files_of
from infra.aws.packing import compiled
from tests.aws.bundled import unpacked
from tests.aws.lambda_runtime import Function, machine, running
from tests.aws.test_runtime import BODY, FORM, event
from tests.store.dynamodb_given import client, create_tables, emulator

ROUNDS: Final = 5
WARM: Final = 100
"""Requests by which warm CPU is measured: the clock that counts it ticks every 10 ms."""
OLD: Final = timedelta(seconds=10)
BARE: Final = """
from chalice import Chalice, Response

app = Chalice(app_name="bare")


@app.route("/")
def index():
    return Response("<p>Hello.</p>", headers={"Content-Type": "text/html; charset=utf-8"})
"""
INIT: Final = re.compile(r"INIT REPORT\(durationMs: ([\d.]+)\)")
DONE: Final = re.compile(r"INVOKE RTDONE\(status: success, .*?duration: ([\d.]+)ms\)")

Ask = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class Woken:
    """What one function took: milliseconds, and megabytes at the most."""

    init_ms: float
    """From its start until it waits for a request."""
    first_ms: float
    """The first request after that."""
    waking_cpu_ms: float
    """Processor time of both: it bears noise best."""
    warm_cpu_ms: float
    memory_mb: float


@dataclass(frozen=True)
class Variant:
    """One function to be measured."""

    folder: Path
    settings: Mapping[str, str]
    ask: Ask
    """Makes a request, a new one each time."""
    status: int


def woken(variant: Variant, log: Path) -> Woken:
    """Start a function, let it answer once, then often."""
    with running(variant.folder, "app.app", log, variant.settings) as function:
        _answered(function, variant)
        init, first = _told(log)
        child = _child(function.emulator)
        before = _cpu(child)
        for _ in range(WARM):
            _answered(function, variant)
        return Woken(
            init_ms=init,
            first_ms=first,
            waking_cpu_ms=1000 * before,
            warm_cpu_ms=1000 * (_cpu(child) - before) / WARM,
            memory_mb=_memory(child),
        )


def _answered(function: Function, variant: Variant) -> None:
    answer = function.invoke(variant.ask())
    if answer.get("statusCode") != variant.status:
        raise RuntimeError(f"{variant.folder.name} answered {answer}")


def _told(log: Path) -> tuple[float, float]:
    """What the emulator says that the start and the first request took."""
    said = log.read_text()
    return float(INIT.findall(said)[0]), float(DONE.findall(said)[0])


def _child(pid: int) -> int:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return next(int(found) for task in tasks for found in task.read_text().split())


def _cpu(pid: int) -> float:
    """CPU seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _memory(pid: int) -> float:
    """The most memory that a process has held, in MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found.group(1)) / 1024 if found else 0.0


def _uncompiled(folder: Path) -> Path:
    """A copy of a bundle as Chalice would have made it: without compiled code."""
    copy = folder.with_name(f"{folder.name}-uncompiled")
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def _bare(folder: Path, chalice: Path) -> Path:
    """An app that does nothing, compiled like the others."""
    bare = folder / "bare"
    shutil.copytree(chalice, bare / "chalice", ignore=shutil.ignore_patterns("__pycache__"))
    (bare / "app.py").write_text(BARE)
    kept = folder / "kept"
    kept.mkdir()
    for name, path in compiled(files_of(bare), kept).items():
        (bare / name).parent.mkdir(exist_ok=True)
        if not (bare / name).exists():
            shutil.copy(path, bare / name)
    return bare


def _story(keyring: str) -> Ask:
    def ask() -> Mapping[str, Any]:
        issued = datetime.now(UTC) - OLD
        token = admission.issue(read_keyring(keyring), issued, secrets.token_bytes)
        form = {"kind": "story", "body": BODY, "consent": "yes", "token": token}
        return event("POST", "/posts", urlencode(form), **FORM)

    return ask


def _forum(name: str, keyring: str) -> dict[str, str]:
    """Make a forum's tables, and put its keys where its doors look for them; their settings."""
    create_tables(client(), name)
    for purpose in Purpose:
        key = f"/{name}/{purpose.value.removeprefix('HANDRAIL_')}"
        asked = {"Name": key, "Type": "SecureString", "Value": keyring}
        emulator().client("ssm").put_parameter(**asked)
    return {
        "HANDRAIL_ENV": "production",
        "HANDRAIL_PARAMETERS": f"/{name}",
        "HANDRAIL_SITEURL": "https://forum.example",
        "HANDRAIL_STORE": f"dynamodb://{name}",
    }


def _asking(path: str) -> Ask:
    return lambda: event("GET", path)


def _variants(made: Bundles, folder: Path) -> Iterator[tuple[str, Variant]]:
    name, keyring = f"bench{secrets.token_hex(4)}", write_key(Key("v1", secrets.token_bytes(32)))
    settings = {**emulator().environment(), **_forum(name, keyring), **UNLIMITED}
    doors = {door: unpacked(getattr(made, door)) for door in DOORS}
    yield "bare", Variant(_bare(folder, doors["api"] / "chalice"), settings, _asking("/"), 200)
    asked: Sequence[tuple[str, str, Ask, int]] = (
        ("share form", "api", _asking("/share?kind=story"), 200),
        ("share", "api", _story(keyring), 201),
        ("sign-in", "moderation", _asking("/sign-in"), 200),
    )
    plain = {door: _uncompiled(unpacked_door) for door, unpacked_door in doors.items()}
    for what, door, ask, status in asked:
        yield what, Variant(doors[door], settings, ask, status)
        yield f"{what}, not compiled", Variant(plain[door], settings, ask, status)


def measure(tell: Callable[[str], None]) -> Mapping[str, Any]:
    """Sizes of the bundles; medians and least of each figure; ratios to the bare app."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="handrail-cold-")))
        made = build(folder / "bundles", machine())
        sizes = {name: getattr(made, name).size for name in (*DOORS, "press")}
        tell(f"bytes: {sizes}")
        variants = dict(_variants(made, folder))
        rounds = [_round(variants, folder / "log") for _ in range(ROUNDS)]
    figures = {name: _figures([turn[name] for turn in rounds]) for name in variants}
    for name, found in figures.items():
        tell(f"{name}: {found}")
    ratios = {
        name: round(
            median(turn[name].waking_cpu_ms / turn["bare"].waking_cpu_ms for turn in rounds), 2
        )
        for name in variants
    }
    tell(f"waking, times the bare app's: {ratios}")
    return {"bytes": sizes, "figures": figures, "times_bare": ratios}


def _round(variants: Mapping[str, Variant], log: Path) -> dict[str, Woken]:
    return {name: woken(variant, log) for name, variant in variants.items()}


def _figures(found: Sequence[Woken]) -> dict[str, tuple[float, float]]:
    """The least and the median of each figure."""
    columns = {name: [asdict(one)[name] for one in found] for name in asdict(found[0])}
    return {n: (round(min(each), 2), round(median(each), 2)) for n, each in columns.items()}
