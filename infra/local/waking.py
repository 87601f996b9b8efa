"""What the worker beside the server waits on: woken when somebody has acted, stopped for good."""

import threading
import time
from typing import Final

_FOREVER: Final = threading.TIMEOUT_MAX


class Waking:
    """Shared by the threads that answer and the one that presses."""

    def __init__(self) -> None:
        """Nobody has acted, and nothing is to stop."""
        self._told = threading.Condition()
        self._woken = False
        self._stopped = False

    def wake(self) -> None:
        """Somebody has acted: whoever waits with `until_woken` goes on at once."""
        with self._told:
            self._woken = True
            self._told.notify_all()

    def stop(self) -> None:
        """End every wait, now and later."""
        with self._told:
            self._stopped = True
            self._told.notify_all()

    @property
    def stopped(self) -> bool:
        """Whether all is to stop."""
        return self._stopped

    def wait(self, seconds: float = _FOREVER, *, until_woken: bool = False) -> bool:
        """Wait so long, in seconds, or until stopped, or woken if asked for; whether to stop."""
        until = time.monotonic() + seconds
        with self._told:
            while not (self._stopped or (until_woken and self._woken)):
                left = until - time.monotonic()
                if left <= 0:
                    break
                self._told.wait(min(left, _FOREVER))
            if until_woken:
                self._woken = False
            return self._stopped
