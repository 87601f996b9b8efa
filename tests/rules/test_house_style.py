"""The house style, as far as it can be counted: short functions and files, plain names."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator

import pytest

from tests.rules.house import HOUSE, Module

Function = ast.FunctionDef | ast.AsyncFunctionDef
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common"}
APPS = ("api.app", "moderation.app")


def functions() -> Iterator[tuple[Module, Function]]:
    for module in HOUSE.values():
        for node in module.nodes:
            if isinstance(node, Function):
                yield module, node


def lines_of(function: Function) -> int:
    """From `def` to the last line, its docstring included."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def share_within(sizes: list[int], limit: int) -> float:
    return sum(size <= limit for size in sizes) / len(sizes)


def test_half_of_the_functions_fit_in_eight_lines_and_none_needs_fifty() -> None:
    sizes = [lines_of(function) for _, function in functions()]
    assert statistics.median(sizes) <= 8
    assert share_within(sizes, 25) >= 0.9
    over = {f"{m.where} {f.name}": lines_of(f) for m, f in functions() if lines_of(f) > 50}
    assert over == {}


def test_nine_files_in_ten_fit_in_250_lines_and_none_needs_four_hundred() -> None:
    sizes = {module.where: module.text.count("\n") for module in HOUSE.values()}
    assert share_within(list(sizes.values()), 250) >= 0.9
    assert {where: size for where, size in sizes.items() if size > 400} == {}


@pytest.mark.parametrize("name", APPS)
def test_a_doors_app_is_routes_and_little_else(name: str) -> None:
    assert HOUSE[name].text.count("\n") <= 200


def test_every_module_begins_with_a_sentence_that_says_its_law() -> None:
    silent = [
        module.where
        for module in HOUSE.values()
        if not re.match(r"\S.*[.:?]($|\n)", _first_sentence(module), re.DOTALL)
    ]
    assert silent == []


def _first_sentence(module: Module) -> str:
    return (ast.get_docstring(ast.parse(module.text)) or "").partition("\n\n")[0]


def test_every_public_function_and_class_says_what_it_is_for() -> None:
    """Methods too, save those whose name is Python's own, and functions inside functions."""
    silent = [
        f"{module.where} {node.name}"
        for module in HOUSE.values()
        for node in _public(ast.parse(module.text))
        if not ast.get_docstring(node)
    ]
    assert silent == []


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[Function | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def test_no_name_could_be_anybodys() -> None:
    named = {
        f"{module.where} {node.name}": node.name
        for module in HOUSE.values()
        for node in module.nodes
        if isinstance(node, Function | ast.ClassDef)
    }
    named |= {module.where: module.name for module in HOUSE.values()}
    assert [where for where, name in named.items() if words_in(name) & EMPTY_NAMES] == []
    assert [m.where for m in HOUSE.values() if "data" in words_in(m.name)] == []


def words_in(name: str) -> set[str]:
    """`MessageManager` and `message_manager` both speak of a manager."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return set(re.split(r"[._]", apart.lower()))


def test_the_counting_counts() -> None:
    long = "def f():\n" + "    x = 1\n" * 50
    (function,) = (n for n in Module("long", long).nodes if isinstance(n, Function))
    assert lines_of(function) == 51
    assert words_in("forum.MessageManager_x") == {"forum", "message", "manager", "x"}
