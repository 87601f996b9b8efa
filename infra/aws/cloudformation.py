"""CloudFormation's way of writing YAML: short tags are read as the long words they stand for.

What is written out again has the long words alone, which every reader of YAML or JSON understands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FILL = "Fill"
"""Our own tag: what stands behind it is put in by `filled`."""
_WITHOUT_PREFIX = ("Ref", "Condition", FILL)


class _Loader(yaml.SafeLoader):
    """Reads plain values and tags, and can make no object of ours."""


def _long(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    value = _value(loader, node)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in _WITHOUT_PREFIX else f"Fn::{tag}": value}


def _value(loader: _Loader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]  # there is no fourth


_Loader.add_multi_constructor("!", _long)


class _Dumper(yaml.SafeDumper):
    """Writes every value out where it stands."""

    def ignore_aliases(self, data: Any) -> bool:
        """CloudFormation reads no anchors."""
        return True


@dataclass(frozen=True)
class Template:
    """What CloudFormation makes a stack of; a door's is laid over what `chalice package` writes."""

    name: str
    body: Mapping[str, Any]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of what it wants to be told."""
        return tuple(self.body.get("Parameters", ()))

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of what it tells the stacks after it."""
        return tuple(self.body.get("Outputs", ()))

    def text(self) -> str:
        """The template as YAML, with no tag in it."""
        return yaml.dump(dict(self.body), Dumper=_Dumper, sort_keys=False, width=100)


def read(path: Path) -> dict[str, Any]:
    """A template as it is written by hand; raises `yaml.YAMLError`."""
    found = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader of ours
    return dict(found)


def filled(body: Any, fillings: Mapping[str, Any]) -> Any:
    """The same with each `!Fill NAME` replaced; raises `KeyError` for a name that nobody knows."""
    if isinstance(body, dict):
        if body.keys() == {FILL}:
            return fillings[body[FILL]]
        return {name: filled(value, fillings) for name, value in body.items()}
    if isinstance(body, list):
        return [filled(value, fillings) for value in body]
    return body
