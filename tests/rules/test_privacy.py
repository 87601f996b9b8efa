"""Nothing that a person sent reaches a log or a terminal: whole rooms have no way to write one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.rules.house import HOUSE, Module

LOGGERS = {"doors.logs", "story_pages.generator", "infra.local.building"}
"""The one place that logs for the doors; the build, which names files it set aside; and what looks
on while the build runs, so that an error ends it."""

PRINTERS = {
    "moderation.__main__",
    "moderation.commands.arguments",
    "moderation.commands.backups",  # asks for an identity that nobody typed yet
    "moderation.commands.helplines",
    "moderation.commands.progress",
    "moderation.commands.staying",
    *("infra.aws.__main__", "infra.aws.costs", "infra.aws.emulator"),
    "infra.aws.commands.desk_words",  # passes on what the desk's commands say
    "infra.local.__main__",
    "infra.local.away",
    "infra.local.start",
    "infra.local.upgrade",
}
"""What speaks to an operator at a terminal. It speaks when asked, never of a request."""

CALLS = {"debug", "info", "warning", "error", "exception", "critical", "log", "warn"}
STREAMS = {"stdout", "stderr", "__stdout__", "__stderr__"}
WRITING = {"print_exc", "print_exception", "print_stack", "pprint"}
BY_HAND = ("infra.words", "infra.screening")
"""Scripts that make lists. Nothing that serves ever loads them."""


def logging_calls(module: Module) -> Iterator[str]:
    """Imports of `logging` and calls that could be a logger's, Chalice's own among them."""
    if "logging" in set(module.imports(HOUSE)):
        yield "import logging"
    for node in module.nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CALLS
        ):
            yield ast.unparse(node)


def printing(module: Module) -> Iterator[str]:
    """Every use of `print`, and of the streams behind it."""
    for node in module.nodes:
        if isinstance(node, ast.Name) and node.id in ("print", "breakpoint"):
            yield node.id
        if isinstance(node, ast.Attribute) and (
            node.attr in WRITING or (node.attr in STREAMS and ast.unparse(node.value) == "sys")
        ):
            yield ast.unparse(node)


def serves(name: str) -> bool:
    return not name.startswith(BY_HAND)


def test_only_one_place_logs_and_the_build_beside_it() -> None:
    assert {name for name in HOUSE if serves(name) and list(logging_calls(HOUSE[name]))} == LOGGERS


def test_only_the_command_line_prints() -> None:
    found = {name for name, module in HOUSE.items() if list(printing(module))}
    assert {name for name in found if serves(name)} == PRINTERS


def test_what_the_doors_log_is_words_of_our_own() -> None:
    """Each logging call takes constants, an error for its class and line, and nothing else."""
    allowed = {"exc_info", "capture", "level", "format"}
    for node in HOUSE["doors.logs"].nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("logging."):
            strange = [k.arg for k in node.keywords if k.arg not in allowed]
            assert strange == [], ast.unparse(node)


def test_both_doors_and_the_server_quieten_their_process_first() -> None:
    for name in ("api.app", "moderation.app", "infra.local.start"):
        called = [ast.unparse(n.func) for n in HOUSE[name].nodes if isinstance(n, ast.Call)]
        assert any(call.endswith("quieten") for call in called), name


def test_no_debug_mode_is_ever_on() -> None:
    for name in ("api.app", "moderation.app"):
        assert "app.debug = False" in HOUSE[name].text
    for module in HOUSE.values():
        assert "debug = True" not in module.text
        assert "debug=True" not in module.text


@pytest.mark.parametrize(
    "line",
    [
        "import logging",
        "from logging import getLogger",
        "def f():\n    import logging as quiet",
        "app.log.error(request.raw_body)",
        "log.warning('%s', title)",
        "warnings.warn(body)",
    ],
)
def test_a_logging_call_is_caught(line: str) -> None:
    assert list(logging_calls(Module("api.app", line)))


@pytest.mark.parametrize(
    "line",
    [
        "print(body)",
        "show = print",
        "sys.stderr.write(body)",
        "traceback.print_exc()",
        "breakpoint()",
    ],
)
def test_a_print_is_caught(line: str) -> None:
    assert list(printing(Module("api.app", line)))
