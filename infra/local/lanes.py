"""A lane of threads for each door and one for readers' pages, so that no crowd delays another.

A page with help must come at once, however many stories arrive or however long a disk takes; and
so must the taking back of one, so what a receipt opens has a lane of its own; looking a story over,
which reads every word and stores nothing, has one too. One thread for a lane
is quickest: Python runs one at a time, so more of them mostly hand the turn to and fro
(docs/benchmarks.md has the figures).
"""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from waitress.channel import HTTPChannel
from waitress.task import Task, ThreadedTaskDispatcher

PAGES: Final = ""
"""The lane of every address that is not a door's."""
THREADS: Final = {"/api": 1, "/api/preview": 1, "/api/receipt": 1, "/moderation": 1, PAGES: 2}


class Lanes(ThreadedTaskDispatcher):
    """Hands each request to the threads of its lane; it stands where waitress has one crowd."""

    def __init__(self, threads: Mapping[str, int]) -> None:
        """Start the threads of each lane, by the first part of its addresses."""
        super().__init__()
        self._lanes = {lane: ThreadedTaskDispatcher() for lane in threads}
        for lane, dispatcher in self._lanes.items():
            dispatcher.set_thread_count(threads[lane])

    def add_task(self, task: Task) -> None:
        """Put the next request of a connection into its lane; what comes is the connection."""
        request = cast(HTTPChannel, task).requests[0]
        path: str = getattr(request, "path", "")  # a head that could not be read has none
        self._lanes[self._lane(path.split("/"))].add_task(task)

    def _lane(self, parts: Sequence[str]) -> str:
        """The lane with the longest beginning of these parts of an address."""
        beginnings = ("/".join(parts[:end]) for end in (3, 2))
        return next((lane for lane in beginnings if lane in self._lanes), PAGES)

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        """Stop all threads; each lane may take `timeout` seconds to finish what it does."""
        stopped = [lane.shutdown(cancel_pending, timeout) for lane in self._lanes.values()]
        return any(stopped)
