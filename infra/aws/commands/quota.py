"""Concurrency that is reserved for one program is taken from all others: first see what is left."""

from __future__ import annotations

from collections.abc import Collection

from infra.aws.commands.cloud import Client

LEAST_LEFT = 100
"""Amazon leaves so many to programs that reserve none, and refuses whoever would go below."""


def doubts(client: Client, wished: int, own: Collection[str] = ()) -> str:
    """Why so many cannot be reserved; "" if they can. `own` are programs that have theirs already.

    `client` is that of Lambda.
    """
    told = client.get_account_settings()["AccountLimit"]
    limit, free = int(told["ConcurrentExecutions"]), int(told["UnreservedConcurrentExecutions"])
    free += sum(_reserved(client, name) for name in own)
    least = min(LEAST_LEFT, limit)
    if not wished or free - wished >= least:
        return ""
    most = max(0, free - least)
    return (
        f"reserved_concurrency is {wished}, and this account can reserve {most}: Amazon allows it "
        f"{limit} programs at once and keeps {least} of them free. Write "
        f"reserved_concurrency = {most}, or ask Amazon for a larger quota "
        "(Service Quotas, Lambda, Concurrent executions)."
    )


def _reserved(client: Client, name: str) -> int:
    try:
        told = client.get_function_concurrency(FunctionName=name)
    except client.exceptions.ResourceNotFoundException:
        return 0
    return int(told.get("ReservedConcurrentExecutions", 0))
