"""Parameters are filled by name: from the deployment, and from what earlier stacks tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.aws.commands.cloud import Refused

UNKNOWN_YET: Mapping[str, str] = {"SiteUrl": "https://not-known-yet.invalid"}
"""What an earlier stack wants of a later one: it is told in a second round."""


def filled(stack: str, template: Mapping[str, Any], pool: Mapping[str, str]) -> dict[str, str]:
    """A value for every parameter of a template that has no default, and for those that are known.

    Raises `Refused` for one that nobody gives a value.
    """
    asked: Mapping[str, Mapping[str, Any]] = template.get("Parameters", {})
    known = {**UNKNOWN_YET, **pool}
    wanting = [name for name, terms in asked.items() if "Default" not in terms]
    missing = sorted(set(wanting) - known.keys())
    if missing:
        raise Refused(f"The template of {stack} asks for {missing[0]}, and nobody tells it.")
    return {name: known[name] for name in asked if name in known}


def code_in(template: Mapping[str, Any], bucket: str, key: str) -> dict[str, Any]:
    """A door's template whose programs are read from the bundle that lies there."""
    resources = dict(template["Resources"])
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Serverless::Function":
            there = {"CodeUri": {"Bucket": bucket, "Key": key}}
            resources[name] = {**resource, "Properties": {**resource["Properties"], **there}}
    return {**template, "Resources": resources}
