"""A release stays only if it works: one that does not makes way for the one before by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from infra.aws.commands.artifacts import Release
from infra.aws.commands.cloud import Refused
from infra.aws.commands.deploying import Blueprint, Deploying

Judge = Callable[[], list[str]]
"""Looks at what is deployed; what is wrong with it, in sentences."""


@dataclass(frozen=True)
class Releasing:
    """Puts releases in place, and goes back."""

    deploying: Deploying
    judge: Judge
    """Asked after everything is in place. It may run the press."""

    def release(self, blueprint: Blueprint) -> Release:
        """Put it in place and call it good; raise `Refused` if it is not, once all is as before."""
        release = self.deploying.put_up(blueprint)
        if faults := self.judge():
            self._undo(release, faults)
        good = self.deploying.artifacts().call_good(release)
        self.deploying.artifacts().forget_older(self.deploying.deployment.keep)
        return good

    def back(self) -> Release:
        """Go back to the good release before the one that stands; raise `Refused` without one."""
        releases = self.deploying.artifacts().releases()
        before = earlier(releases[0], releases) if releases else None
        if before is None:
            raise Refused("There is no release to go back to.")
        self.deploying.say(f"Going back to release {before.number}.")
        self._stand(before)
        if faults := self.judge():
            raise Refused(" ".join(("The release before does not work either.", *faults)))
        return before

    def _undo(self, release: Release, faults: list[str]) -> None:
        said = " ".join(faults)
        before = earlier(release, self.deploying.artifacts().releases())
        if before is None:
            raise Refused(
                f"Release {release.number} does not work, and there is none to go back to. {said}"
            )
        self.deploying.say(f"Release {release.number} does not work. {said}")
        self.deploying.say(f"Going back to release {before.number}.")
        self._stand(before)
        left = " ".join(self.judge())
        raise Refused(
            f"Release {release.number} did not work, so release {before.number} is back. {said}"
            + (f" That one does not work either: {left}" if left else "")
        )

    def _stand(self, release: Release) -> None:
        """Let an earlier release be the newest again: it goes under a number of its own."""
        self.deploying.go_back(release)
        self.deploying.artifacts().again(release)


def earlier(release: Release, releases: list[Release]) -> Release | None:
    """The newest good release before this one; before what it repeats, if it repeats one."""
    before = release.repeats or release.number
    others = [one for one in releases if one.good and one.number < before]
    return next((one for one in others if not one.same_as(release)), None)
