"""The operator's command line for Amazon's cloud: each command says in words what it did."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from forum.settings import BadSetting
from infra.aws.commands import deployment
from infra.aws.commands.acting import Acting, command
from infra.aws.commands.arguments import Asked, parse
from infra.aws.commands.cloud import Refused, clients, in_sentences
from infra.aws.commands.emulated import DEPLOYMENT, emulated, owner, stay


def main(given: Sequence[str]) -> int:
    """Run one command; 0 when it was done, 1 with sentences when it was not."""
    asked = parse(given)
    try:
        with in_sentences(), _where(asked) as acting:
            command(acting)()
    except (Refused, deployment.BadDeployment, BadSetting) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.", file=sys.stderr)
        return 130
    return 0


@contextmanager
def _where(asked: Asked) -> Iterator[Acting]:
    """The cloud that is spoken of."""
    if asked.emulated:
        with emulated(asked.command, _say) as cloud:
            reached = clients(DEPLOYMENT.region, **owner(cloud))
            acting = Acting(asked, DEPLOYMENT, reached, _say, input, cloud)
            yield acting
            if asked.command == "deploy":
                stay(acting.visitor, _say)
        return
    chosen = deployment.read(asked.deployment)
    yield Acting(asked, chosen, clients(chosen.region), _say, input)


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
