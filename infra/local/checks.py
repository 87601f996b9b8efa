"""What must be so before anything is served; each that is not is one sentence for the operator."""

import errno
import importlib.util
import os
import socket
import tempfile
from typing import Final

from forum.press_store import Bell
from forum.rows import Unavailable
from forum.settings import BadSetting, Purpose
from infra.local.settings import CannotStart, Settings

_NEEDED: Final = (
    *("bleach", "brotli", "chalice", "cryptography", "fido2", "jinja2"),
    *("markdown", "nh3", "pelican", "rich", "waitress"),
)


def check_packages() -> None:
    """Raise CannotStart if a package that the house stands on is not installed."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise CannotStart(
            f"These packages are missing: {', '.join(missing)}. `make run` installs them."
        )


def prepare_folder(settings: Settings) -> None:
    """Make the data folder, readable by its owner alone, and see that it can be written."""
    try:
        settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.folder):
            pass
    except OSError as error:
        raise CannotStart(
            f"The folder {settings.folder} cannot be written to ({_why(error)}). "
            "Set HANDRAIL_DATA to a folder that can."
        ) from error


def open_store(settings: Settings) -> Bell:
    """Read every secret and open the store; return its bell, or raise CannotStart."""
    from forum import wiring  # noqa: PLC0415 - it stands on packages that are checked for first

    try:
        for purpose in Purpose:
            settings.forum.keyring(purpose)
        bell = wiring.open_bell(settings.forum)
        bell.wanted()
    except BadSetting as error:
        raise CannotStart(str(error)) from error
    except (Unavailable, OSError) as error:
        raise CannotStart(
            "The store cannot be opened. Is HANDRAIL_STORE right, and is there room on the disk?"
        ) from error
    return bell


def take_port(settings: Settings) -> socket.socket:
    """Take the port before any slow work, or raise CannotStart."""
    try:
        return bind(settings.host, settings.port)
    except socket.gaierror as error:
        raise CannotStart(f"HANDRAIL_HOST names no address: {settings.host!r}.") from error
    except OSError as error:
        raise CannotStart(_port_trouble(settings, error)) from error


def _port_trouble(settings: Settings, error: OSError) -> str:
    if error.errno != errno.EADDRINUSE:
        return f"Port {settings.port} on {settings.host} cannot be used ({_why(error)})."
    other = settings.port + 1 if settings.port < 65535 else 8000
    return (
        f"Port {settings.port} is taken by another program. "
        f"Stop that one, or choose another port: PORT={other} make run"
    )


def _why(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else type(error).__name__


def bind(host: str, port: int) -> socket.socket:
    """Take a port, or raise OSError; port 0 takes any free one."""
    family, kind, proto, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    taken = socket.socket(family, kind, proto)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
    except OSError:
        taken.close()
        raise
    return taken
