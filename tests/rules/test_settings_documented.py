"""Every setting that the code reads is in the table of docs/settings.md, and no other is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from tests.rules.house import HOUSE, ROOT, Module

SETTING = re.compile(r"HANDRAIL_[A-Z_]+|PORT")
ROW = re.compile(r"^\| *`([A-Z_]+)` *\|", re.MULTILINE)


def read_by(modules: Iterable[Module]) -> set[str]:
    """Whatever is spelled like a setting, whole: as a key, a default or a member's value."""
    return {
        node.value
        for module in modules
        for node in module.nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and SETTING.fullmatch(node.value)
    }


def test_the_table_of_settings_is_what_the_code_reads() -> None:
    table = ROW.findall((ROOT / "docs" / "settings.md").read_text("utf-8"))
    assert len(table) == len(set(table)), "a setting stands twice"
    assert set(table) == read_by(HOUSE.values())


def test_a_setting_nobody_wrote_down_would_be_found() -> None:
    lines = "environ.get('HANDRAIL_SECRET_DOOR')\n'Set HANDRAIL_DATA to a folder.'\n"
    assert read_by([Module("x", lines)]) == {"HANDRAIL_SECRET_DOOR"}
