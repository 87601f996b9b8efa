"""The press that stays beside the server, as the server starts it, and what each job takes."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from publish_cost import Cost
from publish_house import House
from servers import ROOT, end

from infra.local.jobs import Job, Outcome
from infra.local.warm import COMMAND

NANO = 1e-9


@dataclass(frozen=True)
class Staying:
    """The process. Of its CPU Linux tells the nanoseconds, thread by thread."""

    process: subprocess.Popen[bytes]

    def do(self, job: Job) -> Cost:
        """Have it do a job; what that took. Raises `RuntimeError` if it could not."""
        os.sync()
        told, said = cast(IO[bytes], self.process.stdin), cast(IO[bytes], self.process.stdout)
        cpu, wall = self._cpu(), time.perf_counter()
        told.write(f"{job.value}\n".encode("ascii"))
        told.flush()
        answer = said.readline().decode("ascii").strip()
        cost = Cost(self._cpu() - cpu, time.perf_counter() - wall, self._most_mb())
        if answer not in (Outcome.DONE.value, Outcome.CLEARED.value):
            raise RuntimeError(f"the press answered {answer!r} when told {job.value!r}")
        return cost

    def _cpu(self) -> float:
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) * NANO

    def _most_mb(self) -> float:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        (line,) = (line for line in lines if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024


@contextmanager
def staying(house: House) -> Iterator[Staying]:
    """The press of a house, for as long as the block."""
    process = subprocess.Popen(
        COMMAND,
        cwd=ROOT,
        env=house.settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield Staying(process)
    finally:
        end(process)
