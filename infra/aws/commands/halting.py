"""Programs that must not run are stopped, and what was reserved for each is noted in the cloud.

The note is written before the first is stopped. So whoever comes later, on whichever machine, puts
back exactly what was there, even if the one who stopped them was cut off.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from botocore.exceptions import ClientError

from infra.aws.commands.cloud import Client, Clients, Refused, code_of


@dataclass(frozen=True)
class Halting:
    """All programs of one deployment that read its tables."""

    clients: Clients
    name: str
    programs: Sequence[str]
    """Their short names."""

    @property
    def stopped(self) -> bool:
        """Whether they are stopped, or somebody was cut off while stopping them."""
        return self._noted() is not None

    def halt(self) -> None:
        """Let none of them start, until `resume`. What runs already comes to its end."""
        if self._noted() is None:
            self._note({name: self._reserved(name) for name in self._names()})
        for name in self._names():
            self._lambda.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)

    def resume(self) -> None:
        """Let them start again, each with what was reserved for it before."""
        for name, number in (self._noted() or {}).items():
            if number is None:
                self._lambda.delete_function_concurrency(FunctionName=name)
            else:
                self._lambda.put_function_concurrency(
                    FunctionName=name, ReservedConcurrentExecutions=number
                )
        if self.stopped:
            self.clients("ssm").delete_parameter(Name=self._place)

    def _names(self) -> list[str]:
        return [f"{self.name}-{program}" for program in self.programs]

    def _reserved(self, name: str) -> int | None:
        """What is reserved for a program; None for nothing."""
        try:
            told = self._lambda.get_function_concurrency(FunctionName=name)
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                raise Refused("It is not deployed yet, or not wholly: run `deploy`.") from None
            raise
        number = told.get("ReservedConcurrentExecutions")
        return None if number is None else int(number)

    def _noted(self) -> Mapping[str, int | None] | None:
        try:
            told = self.clients("ssm").get_parameter(Name=self._place)
        except ClientError as error:
            if code_of(error) == "ParameterNotFound":
                return None
            raise
        noted: dict[str, int | None] = json.loads(told["Parameter"]["Value"])
        return noted

    def _note(self, reserved: Mapping[str, int | None]) -> None:
        self.clients("ssm").put_parameter(
            Name=self._place,
            Description="Handrail: what `resume` puts back. These programs are stopped.",
            Value=json.dumps(reserved, sort_keys=True),
            Type="String",
        )

    @property
    def _place(self) -> str:
        return f"/{self.name}/stopped"

    @property
    def _lambda(self) -> Client:
        return self.clients("lambda")
