"""One table of response headers: what this machine sends is what the cloud will send.

Standard library only, and nothing of the forum, so that the local server, the doors and the
templates for the cloud can all read it. Paths are the addresses a browser sees, such as
``/stories/``, ``/theme/css/site.css`` or ``/api/share``.

The one request header that decides what an answer is, Accept, is read here too.
"""

from pathlib import PurePosixPath
from typing import Final

Header = tuple[str, str]
Headers = tuple[Header, ...]

# Nothing inline, nothing from elsewhere, no frames: a page can load only what this site holds.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

# Browsers print a warning for a feature they do not know, so this holds what they do know,
# and interest-cohort, which older Chromium browsers obey.
_SWITCHED_OFF: Final = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "clipboard-write",
    "compute-pressure",
    "digital-credentials-get",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "interest-cohort",
    "keyboard-map",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
# Passkeys: only the moderators' door asks for one.
_PASSKEYS: Final = ("publickey-credentials-create", "publickey-credentials-get")


def _permissions(passkeys: str) -> str:
    off = [f"{feature}=()" for feature in _SWITCHED_OFF]
    return ", ".join([*off, *(f"{feature}={passkeys}" for feature in _PASSKEYS)])


_EVERYWHERE: Final[Headers] = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)

STATIC: Final[Headers] = (*_EVERYWHERE, ("Permissions-Policy", _permissions("()")))
DOOR: Final[Headers] = (*STATIC, ("X-Robots-Tag", "noindex"))
MODERATION: Final[Headers] = (
    *_EVERYWHERE,
    ("Permissions-Policy", _permissions("(self)")),
    ("X-Robots-Tag", "noindex"),
)

# Two years; browsers' preload lists ask for at least one.
_HTTPS_ONLY: Final[Headers] = (
    ("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),
)

# A page is asked for again each time, so that a withdrawn story does not live on in a cache.
PAGE_CACHE: Final = "public, max-age=0, must-revalidate"
THEME_CACHE: Final = "public, max-age=3600"
# A font is shown only where it has come in time; another one has another name.
FONT_CACHE: Final = "public, max-age=31536000, immutable"
DOOR_CACHE: Final = "no-store"

_CONTENT_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".webmanifest": "application/manifest+json; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}


def asks_for_json(accept: str) -> bool:
    """Say whether an Accept header asks for JSON and not for a page."""
    kinds = {part.split(";")[0].strip().lower() for part in accept.split(",")}
    return "application/json" in kinds and "text/html" not in kinds


def content_type(path: str) -> str:
    """Return the Content-Type of a static path; a path that ends in ``/`` is a page."""
    if path.endswith("/"):
        return _CONTENT_TYPES[".html"]
    if path.endswith(".atom.xml"):
        return "application/atom+xml; charset=utf-8"
    return _CONTENT_TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")


def for_static(path: str, *, https: bool = False) -> Headers:
    """Return every header of a static answer but its ETag; `https` says how readers reach us."""
    own = (("Content-Type", content_type(path)), ("Cache-Control", _cache_of(path)))
    return (*own, *STATIC, *(_HTTPS_ONLY if https else ()))


def _cache_of(path: str) -> str:
    if path.startswith("/theme/fonts/"):
        return FONT_CACHE
    return THEME_CACHE if path.startswith("/theme/") else PAGE_CACHE


def for_door(path: str, *, https: bool = False) -> Headers:
    """Return the headers of a door's answer; ``/moderation`` alone may ask for a passkey."""
    moderation = path == "/moderation" or path.startswith("/moderation/")
    table = MODERATION if moderation else DOOR
    return (("Cache-Control", DOOR_CACHE), *table, *(_HTTPS_ONLY if https else ()))


def complete(answered: Headers, table: Headers) -> Headers:
    """Join what a door answered with the table.

    The table wins, save for Cache-Control: a door may say for itself how long its page keeps.
    """
    said = {name.lower() for name, _ in answered}
    kept = "cache-control"
    added = tuple(h for h in table if h[0].lower() != kept or kept not in said)
    ruled = {name.lower() for name, _ in table} - {kept}
    return (*(h for h in answered if h[0].lower() not in ruled), *added)
