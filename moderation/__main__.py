"""The operators' command line: the desk's use cases, the press, and the people, in words."""

from __future__ import annotations

import os
import sys

from forum.rows import Changed, Unavailable
from forum.settings import BadSetting
from moderation.commands.arguments import Arguments, Failed, harmless, parse
from moderation.commands.table import COMMANDS


def main(arguments: list[str]) -> int:
    """Run one command; 0 when it was done, 1 with a sentence when it was not."""
    asked = parse(arguments, COMMANDS)
    try:
        COMMANDS[asked.command].run(asked)
    except Failed as error:
        return _sorry(asked, str(error))
    except BadSetting as error:
        return _sorry(asked, str(error))
    except (Unavailable, Changed):
        return _sorry(asked, "The store cannot answer just now. Nothing was changed; try again.")
    except KeyboardInterrupt:
        return _sorry(asked, "Stopped before it was done.")
    return 0


def _sorry(asked: Arguments, sentence: str) -> int:
    if asked.json:
        asked.print({"error": sentence})
    else:
        print(harmless(sentence), file=sys.stderr)
    return 1


if __name__ == "__main__":
    os.umask(0o077)  # whatever a command writes is for this user alone
    sys.exit(main(sys.argv[1:]))
