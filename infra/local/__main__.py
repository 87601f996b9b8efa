"""``python -m infra.local``: the forum on this machine, or one sentence and status 1."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - older Pythons get a sentence, not a traceback
    sys.exit("handrail: Python 3.11 or newer is needed, and this is " + sys.version.split()[0])

from infra.local.settings import CannotStart
from infra.local.start import say, start


def main() -> int:
    """Start, and return the exit status."""
    try:
        start()
    except CannotStart as trouble:
        print(f"handrail: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("Handrail has stopped.")
    return 0


os.umask(0o077)  # whatever is written here, and by the children, is for this user alone
sys.exit(main())
