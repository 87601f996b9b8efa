"""The forum's own Python, as the rules read it: every module, its syntax, what it imports."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = (
    "forum",
    "doors",
    "editions",
    "api",
    "moderation",
    "infra",
    "site/plugins",
    "pelicanconf.py",
)
LOADERS = {"import_module", "__import__", "run_module", "run_path", "exec", "eval"}


@dataclass(frozen=True)
class Module:
    """One source file, under the name it is imported by."""

    name: str
    text: str
    where: str = "a test's own lines"

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of its syntax, however deep."""
        return tuple(ast.walk(ast.parse(self.text)))

    def imports(self, house: Collection[str]) -> Iterator[str]:
        """What it imports, also inside functions: modules of the house by their whole name,
        others by their package.
        """
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from (_module_in(alias.name, house) for alias in node.names)
            if isinstance(node, ast.ImportFrom):
                base = "." * node.level + (node.module or "")
                yield from (_module_in(f"{base}.{alias.name}", house) for alias in node.names)

    def loads(self) -> Iterator[str]:
        """Calls that could import by another way, as they are written."""
        for node in self.nodes:
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called.rpartition(".")[2] in LOADERS:
                    yield called

    def speaks_of(self, package: str, names: Collection[str]) -> bool:
        """Whether it takes one of these names from a package, or has an attribute called so."""
        return any(
            (isinstance(node, ast.Attribute) and node.attr in names)
            or (
                isinstance(node, ast.ImportFrom)
                and node.module == package
                and not {alias.name for alias in node.names}.isdisjoint({*names, "*"})
            )
            for node in self.nodes
        )


def _module_in(dotted: str, house: Collection[str]) -> str:
    """`forum.post.Record` is in `forum.post`; of a stranger only the package counts."""
    if dotted.startswith("."):
        return dotted
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        if ".".join(parts[:end]) in house:
            return ".".join(parts[:end])
    return parts[0]


def read_house() -> dict[str, Module]:
    """Every module of the house by name. Vendored links, `__pycache__` and the like are none."""
    found = {}
    for room in ROOMS:
        base = ROOT / room
        for path in [base] if base.is_file() else sorted(base.rglob("*.py")):
            if "vendor" not in path.parts:
                name = _name_of(path, base)
                found[name] = Module(name, path.read_text("utf-8"), str(path.relative_to(ROOT)))
    return found


def _name_of(path: Path, base: Path) -> str:
    """Plugins are a base of their own: `site` would be Python's own module of that name."""
    root = base if base.match("site/plugins") else ROOT
    parts = list(path.relative_to(root).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_standard(package: str) -> bool:
    """Whether it comes with Python."""
    return package.partition(".")[0] in sys.stdlib_module_names


HOUSE = read_house()
