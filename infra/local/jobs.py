"""What the server asks of the press that stays beside it, and what that answers: a word a line.

No line holds anything that anybody wrote.
"""

from enum import Enum


class Job(Enum):
    """What the press is to do."""

    QUICK = "quick"
    """Print what waits, and take away what was taken back."""
    EVERYTHING = "everything"
    """The same, but look at everything there is; once a day."""
    PURGE = "purge"
    """Erase what has run out."""


class Outcome(Enum):
    """How a job went."""

    DONE = "done"
    CLEARED = "cleared"
    """Done, and something came down or changed: traces of it may lie in the store."""
    FAILED = "failed"
    OLD = "old"
    """Not begun: the code this press was started from is not what lies there now. It ends."""
