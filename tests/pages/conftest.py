"""Posts, manifests and real Pelican builds for the tests of the pages."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "site" / "plugins"))  # where Pelican finds them

Record = dict[str, Any]


def id_of(number: int) -> str:
    """A post id that looks like the real ones and is always the same for a number."""
    digest = hashlib.sha256(str(number).encode()).digest()
    return base64.b32encode(digest).decode().lower()[:16]


def make_post(number: int = 0, **given: object) -> Record:
    """A record with sensible defaults."""
    defaults: Record = {
        "format": 1,
        "id": id_of(number),
        "kind": "story",
        "title": f"Story number {number}",
        "body": f"<p>This is how it was for me, the {number}th of us.</p>",
        "pen_name": "Quiet Heron",
        "topics": ["alcohol"],
        "stage": "first-year",
        "arc": "upward",
        "helped": ["nature"],
        "about_me": [],
        "content_notes": [],
        "to": "",
        "findable": False,
        "example": False,
    }
    return {**defaults, **given}


def canonical(record: object) -> bytes:
    """The one byte form of a record, as the press writes it."""
    text = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return (text + "\n").encode()


def places(record: Record) -> list[str]:
    """Every list that a record belongs to."""
    found = ["stories", *(f"topics/{slug}" for slug in record["topics"])]
    found += [f"helped/{slug}" for slug in record["helped"]]
    found += [f"{name}s/{record[name]}" for name in ("stage", "arc") if record[name]]
    return found


@dataclass(frozen=True)
class Up:
    """A post in its manifest: its record, its month and its place, the same in every list."""

    record: Record
    slot: int
    month: str = "2026-11"

    def line(self) -> Record:
        """Its line of the manifest."""
        return {
            "hash": hashlib.sha256(canonical(self.record)).hexdigest(),
            "id": self.record["id"],
            "month": self.month,
            "slots": dict.fromkeys(places(self.record), self.slot),
        }


def lay_out(folder: Path, ups: Iterable[Up]) -> Path:
    """Write posts and manifest as the press does; give the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    every = sorted(ups, key=lambda up: str(up.record["id"]))
    lines: list[Record] = [{"format": 1, "posts": len(every)}]
    for up in every:
        (folder / f"{up.record['id']}.json").write_bytes(canonical(up.record))
        lines.append(up.line())
    (folder / "manifest.jsonl").write_bytes(b"".join(canonical(line) for line in lines))
    return folder


@dataclass(frozen=True)
class Built:
    """What a Pelican build left: its files by address, its report and what it said."""

    folder: Path
    code: int
    said: str
    report: Record

    def addresses(self) -> set[str]:
        """Every address the folder answers."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        paths = ("/" + path.relative_to(self.folder).as_posix() for path in files)
        return {path.removesuffix("index.html") for path in paths}

    def read(self, address: str) -> str:
        """The text at an address."""
        name = address.removeprefix("/") + ("index.html" if address.endswith("/") else "")
        return (self.folder / name).read_bytes().decode()

    def pages(self) -> dict[str, str]:
        """Every HTML page by its address."""
        found = (a for a in self.addresses() if a.endswith(("/", ".html")))
        return {address: self.read(address) for address in sorted(found)}


def build(posts: Path, into: Path, *extra: str, **env: str) -> Built:
    """Run `pelican --fatal errors` as the press does, in a process of its own."""
    report = into.with_suffix(".report.json")
    command = [sys.executable, "-m", "pelican", "--fatal", "errors", "-o", str(into)]
    command += ["--log-handler", "plain", *(["-e", *extra] if extra else [])]
    given = {
        "PATH": os.environ["PATH"],
        "HANDRAIL_POSTS": str(posts),
        "HANDRAIL_REPORT": str(report),
        "HANDRAIL_SITEURL": "https://stories.example",
        **env,
    }
    done = subprocess.run(
        command, check=False, cwd=ROOT, env=given, capture_output=True, text=True, timeout=120
    )
    written = json.loads(report.read_text()) if report.exists() else {}
    return Built(into, done.returncode, done.stdout + done.stderr, written)


TROUBLE = """"Quoted" & <b>bold</b> {{ 7*7 }} {% x %} {filename}/a.md |tag| Save_as: ../../x.html"""
GONE = range(20, 40)
COUNT = 90


def many_posts() -> list[Up]:
    """Ninety posts but for a whole bucket withdrawn, some of them of special kinds."""
    special: dict[int, Record] = {
        3: {"title": TROUBLE, "body": f"<p>{'{{ 7*7 }} {filename}x Save_as: y'}</p>"},
        5: {"findable": True, "content_notes": ["self-harm", "suicide"]},
        6: {"findable": True, "example": True, "title": "An example"},
        7: {"title": "", "pen_name": "Slow River", "topics": ["grief"], "stage": "", "arc": ""},
        8: {"body": "<p>" + "one two three four five " * 400 + "</p>", "topics": []},
    }
    kept = (number for number in range(COUNT) if number not in GONE)
    return [Up(make_post(n, **special.get(n, {})), n, f"2026-{1 + n // 10:02}") for n in kept]


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One real build of many posts, shared by every test that only looks."""
    folder = tmp_path_factory.mktemp("edition")
    return build(lay_out(folder / "posts", many_posts()), folder / "site")
