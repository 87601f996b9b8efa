"""Keys that the cloud keeps: each is asked for when it is needed, by whoever may have it.

The one place beside the store that speaks with AWS for a door. A door's role may read the
parameters of its own keys and no other, so they are read one by one, and each once in a process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

from forum.settings import BadSetting, Purpose


class Parameters(Mapping[str, str]):
    """Keyring by the name of its setting, from SecureStrings such as /handrail/forum/KEY_FORMS."""

    def __init__(self, path: str, client: Any = None) -> None:
        """`path` is what all names begin with, without the last stroke."""
        self._path = path
        self._client = client
        self._known: dict[str, str] = {}

    def __getitem__(self, setting: str) -> str:
        """The keyring as it is written; raise `BadSetting` when it cannot be had."""
        if setting not in self._known:
            self._known[setting] = self._read(f"{self._path}/{setting.removeprefix('HANDRAIL_')}")
        return self._known[setting]

    def __iter__(self) -> Iterator[str]:
        """The settings that can be there."""
        return (purpose.value for purpose in Purpose)

    def __len__(self) -> int:
        """How many."""
        return len(Purpose)

    def __repr__(self) -> str:
        """Never a key."""
        return f"Parameters({self._path!r})"

    def _read(self, parameter: str) -> str:
        if self._client is None:
            self._client = botocore.session.get_session().create_client("ssm")
        try:
            answer = self._client.get_parameter(Name=parameter, WithDecryption=True)
        except (BotoCoreError, ClientError):
            raise BadSetting(f"The parameter {parameter} cannot be read.") from None
        return str(answer["Parameter"]["Value"])
