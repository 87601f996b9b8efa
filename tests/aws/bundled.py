"""The bundles for this machine, made once for all test processes; and those made elsewhere."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.aws.bundles import ROOT, Bundle, Bundles, build
from tests.aws.lambda_runtime import machine

NAMES = ("api", "moderation", "press")
HERE, OTHER = machine(), {"x86_64": "arm64", "arm64": "x86_64"}[machine()]
"""This machine's architecture, and the one it cannot run."""
ROOMS = ("api", "content", "docs", "doors", "editions", "forum", "infra", "moderation", "site")
NEW = "2031-01-01 12:00:00"
ELSEWHERE = """
import pickle, sys
from pathlib import Path
from infra.aws import bundles
made = bundles.build(Path("out"), sys.argv[1], {"api": Path("over.yaml").read_text()})
Path("ready.pickle").write_bytes(pickle.dumps((str(bundles.ROOT), made)))
"""


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """A folder of this run of the tests, the same for each of its processes."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def bundled(factory: pytest.TempPathFactory) -> Bundles:
    """The bundles for this machine."""
    folder = shared_folder(factory) / "bundles"
    folder.mkdir(exist_ok=True)
    ready = folder / "ready.pickle"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            ready.write_bytes(pickle.dumps(build(folder, HERE)))
    made: Bundles = pickle.loads(ready.read_bytes())
    return made


def bundled_elsewhere(folder: Path, architecture: str, over: str) -> Bundles:
    """Bundles from a copy of the house in another place, where every file is new.

    `over` is laid over the visitors' template.
    """
    copy = folder / "a house of its own"
    skip = shutil.ignore_patterns("__pycache__", "deployments", "posts")
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, symlinks=True, ignore=skip)
    shutil.copy(ROOT / "pelicanconf.py", copy)
    (copy / "over.yaml").write_text(over)
    subprocess.run(["find", copy, "-type", "f", "-exec", "touch", "-d", NEW, "{}", "+"], check=True)
    made = subprocess.run(
        [sys.executable, "-B", "-c", ELSEWHERE, architecture],
        cwd=copy,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", ""), "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    root, bundles = pickle.loads((copy / "ready.pickle").read_bytes())
    assert root == str(copy)
    return Bundles(architecture, **{name: _placed(getattr(bundles, name), copy) for name in NAMES})


def _placed(bundle: Bundle, copy: Path) -> Bundle:
    template = bundle.template and copy / bundle.template
    return Bundle(bundle.name, copy / bundle.path, bundle.size, bundle.sha256, template)


def unpacked(bundle: Bundle) -> Path:
    """The bundle as Lambda lays it out, beside its zip."""
    folder = bundle.path.with_suffix("")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            with zipfile.ZipFile(bundle.path) as packed:
                packed.extractall(folder)
    return folder


def contents(bundle: Bundle) -> Mapping[str, bytes]:
    """Every file of a bundle, by its name."""
    with zipfile.ZipFile(bundle.path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}
