"""Run one command and tell what it took: a program that itself takes next to nothing."""

import json
import os
import subprocess
import sys
import time


def main() -> None:
    """Run what standard input asks for, and print what it took, as JSON."""
    plan = json.load(sys.stdin)
    began = time.perf_counter()
    process = subprocess.Popen(
        plan["command"], cwd=plan["folder"], env=plan["settings"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    told = {
        "status": os.waitstatus_to_exitcode(status),
        "said": said.decode("utf-8", "replace"),
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "wall_s": time.perf_counter() - began,
        "most_mb": usage.ru_maxrss / 1024,
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
