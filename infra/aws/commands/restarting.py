"""A program that runs keeps the keys that it read: only one that begins anew reads them again."""

from __future__ import annotations

from collections.abc import Sequence

from infra.aws.commands.cloud import Client

MARK = " "
"""What a description ends in after every other restart: any change makes programs begin anew."""


def restart(client: Client, functions: Sequence[str]) -> None:
    """Let these programs begin anew with their next request. `client` is that of Lambda."""
    for name in functions:
        words = client.get_function_configuration(FunctionName=name).get("Description", "")
        other = words[: -len(MARK)] if words.endswith(MARK) else words + MARK
        client.update_function_configuration(FunctionName=name, Description=other)
