"""Which modules of the house a bundle needs: all that its code can come to load, and no others.

What is imported when a module is loaded counts at once. What a function imports when it is called
counts once some code that counts speaks of a function by that name: so wiring, which can open
everything, brings along only what somebody there asks it for.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Part:
    """Some code of a module, what it imports, and the names that it speaks of."""

    called: str | None
    """The name of the function that it is; None for what runs whenever the module is loaded."""
    imports: frozenset[str]
    speaks_of: frozenset[str]


@dataclass
class Reach:
    """Modules by their dotted names, and how far it is known which of them are needed."""

    modules: Mapping[str, Path]
    needed: set[str] = field(default_factory=set)
    spoken: set[str] = field(default_factory=set)
    later: list[Part] = field(default_factory=list)
    """What waits for somebody to speak of it."""

    def load(self, name: str) -> None:
        """Count a module, the packages around it, and all that they load."""
        around = name.rpartition(".")[0]
        for one in (around, name) if around else (name,):
            if one in self.modules and one not in self.needed:
                self.needed.add(one)
                if one != name:
                    self.load(one)
                self._take(parts(self.modules[one].read_bytes()))

    def settle(self) -> None:
        """Count what waited, until nobody speaks of what still does."""
        while ready := [part for part in self.later if part.called in self.spoken]:
            self.later = [part for part in self.later if part not in ready]
            self._run(ready)

    def _take(self, found: Collection[Part]) -> None:
        now: list[Part] = []
        for part in found:
            (self.later if part.called else now).append(part)
        self._run(now)

    def _run(self, found: Collection[Part]) -> None:
        for part in found:
            self.spoken |= part.speaks_of
        for name in sorted({name for part in found for name in part.imports}):
            self.load(name)


def reached(files: Mapping[str, Path], entries: Collection[str]) -> set[str]:
    """Those of the files' names that are modules and that the entries, named so too, can load."""
    names = {_dotted(name): name for name in files if name.endswith(".py")}
    reach = Reach({dotted: files[name] for dotted, name in names.items()})
    for entry in entries:
        reach.load(_dotted(entry))
    reach.settle()
    return {names[dotted] for dotted in reach.needed}


def _dotted(name: str) -> str:
    module = PurePosixPath(name).with_suffix("")
    return ".".join(module.parent.parts if module.name == "__init__" else module.parts)


@cache
def parts(source: bytes) -> tuple[Part, ...]:
    """A module's code: each function that imports something alone, and all the rest in one."""
    return tuple(_parts(ast.parse(source)))


def _parts(tree: ast.Module) -> Iterator[Part]:
    lazy = list(_lazy(tree.body))
    for function in lazy:
        yield _part(function.name, list(_code(function)))
    apart = {id(node) for function in lazy for node in ast.walk(function)}
    yield _part(None, [node for node in _code(tree) if id(node) not in apart])


def _lazy(body: Collection[ast.stmt]) -> Iterator[Function]:
    """Functions and methods that import something when they are called."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _lazy(node.body)
        elif isinstance(node, Function) and not node.decorator_list and _imports_in(node):
            yield node


def _imports_in(function: Function) -> bool:
    return any(isinstance(node, ast.Import | ast.ImportFrom) for node in _code(function))


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, without what only type checkers read."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and _is_for_types(child.test)):
            yield child
            yield from _code(child)


def _is_for_types(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _part(called: str | None, nodes: Collection[ast.AST]) -> Part:
    imports = {name for node in nodes for name in _imported(node)}
    named = {node.id for node in nodes if isinstance(node, ast.Name)}
    asked = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    taken = {node.name for node in nodes if isinstance(node, ast.alias)}
    return Part(called, frozenset(imports), frozenset(named | asked | taken))


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
