"""While tables are being filled, no door and no press may look at them."""

from __future__ import annotations

from collections.abc import Sequence

from infra.aws.commands.cloud import Client


def halt(client: Client, functions: Sequence[str]) -> None:
    """Let none of these programs start. They stay so until `resume`. `client` is Lambda's."""
    for name in functions:
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)


def resume(client: Client, functions: Sequence[str], reserved: dict[str, int]) -> None:
    """Let them start again, each with what is reserved for it."""
    for name in functions:
        if number := reserved.get(name, 0):
            client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=number)
        else:
            client.delete_function_concurrency(FunctionName=name)
