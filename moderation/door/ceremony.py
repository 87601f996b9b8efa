"""The two passkey ceremonies: what a browser is asked to sign, and whether its answer is true.

What comes back is written by strangers: it is taken apart here, every failure is one `Refused`,
and nothing of it is believed before its challenge, origin, flags and signature are checked.
Source: W3C Web Authentication, sections 7.1 and 7.2.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from forum.person import Challenge, Passkey

NAME = "Handrail"
"""What a device shows beside the passkey."""
ALGORITHMS = (-7, -8, -257)
"""ES256, Ed25519 and RS256: between them, what passkeys on sale can do."""
LONGEST_ID = 1_023
"""Bytes in a credential's id, by the standard."""
LONGEST_PART = 8_192
"""Characters in any one part of an answer; real ones stay well under a thousand."""
PARTS = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")
WAIT_MS = 240_000
"""How long a browser waits for the person: less than a challenge lives."""
USUAL_PORTS = {"http": 80, "https": 443}

_VERIFIED = UserVerificationRequirement.REQUIRED


class Refused(Exception):
    """The answer is not what was asked for. Which part failed is nobody's business."""


@dataclass(frozen=True)
class Answer:
    """A credential as a browser sent it: taken apart, not yet believed."""

    challenge: bytes
    credential_id: bytes
    parts: dict[str, Any]


def origin_of(siteurl: str) -> str:
    """The origin that a browser names for pages at `siteurl`: scheme, host, unusual port."""
    parts = urlsplit(siteurl)
    if parts.port in (None, USUAL_PORTS.get(parts.scheme)):
        return f"{parts.scheme}://{parts.hostname}"
    return f"{parts.scheme}://{parts.hostname}:{parts.port}"


def creation_options(
    siteurl: str, challenge: Challenge, name: str, known: Sequence[Passkey] = ()
) -> dict[str, Any]:
    """What to ask of a device that is to make a passkey, ready for JSON.

    A device that holds one of the known passkeys says so and makes no second one.
    """
    options, _ = _server(siteurl).register_begin(
        PublicKeyCredentialUserEntity(
            id=challenge.moderator.encode("ascii"), name=name, display_name=name
        ),
        [_descriptor(passkey) for passkey in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_VERIFIED,
        challenge=challenge.value,
    )
    return {**dict(options.public_key), "timeout": WAIT_MS}


def request_options(siteurl: str, challenge: Challenge) -> dict[str, Any]:
    """What to ask of a device that is to sign in with whichever passkey it holds for us."""
    options, _ = _server(siteurl).authenticate_begin(
        user_verification=_VERIFIED, challenge=challenge.value
    )
    return {**dict(options.public_key), "timeout": WAIT_MS, "allowCredentials": []}


def read_answer(credential: object) -> Answer:
    """Take apart what a browser's `toJSON` gave; raise `Refused` if it is nothing of the kind."""
    with _refused_if_broken():
        given = _mapping(credential)
        inner = _mapping(given["response"])
        parts = {name: _text(inner[name]) for name in PARTS if inner.get(name) is not None}
        raw_id = _text(given["rawId"])
        challenge = _signed_challenge(parts["clientDataJSON"])
        whole = {"id": raw_id, "rawId": raw_id, "type": "public-key", "response": parts}
        return Answer(challenge, websafe_decode(raw_id), whole)


def enrolled(siteurl: str, challenge: Challenge, answer: Answer) -> Passkey:
    """The new passkey in a true answer to `creation_options`; raise `Refused` otherwise."""
    with _refused_if_broken():
        found = _server(siteurl).register_complete(_state(challenge), answer.parts)
        made = found.credential_data
        if made is None or made.public_key.ALGORITHM not in ALGORITHMS:
            raise Refused
        if not 0 < len(made.credential_id) <= LONGEST_ID:
            raise Refused
        key = cbor.encode(made.public_key)
        return Passkey(made.credential_id, challenge.moderator, key, found.counter)


def asserted(siteurl: str, challenge: Challenge, passkey: Passkey, answer: Answer) -> int:
    """How often the passkey has signed, if the answer is its own; raise `Refused` otherwise."""
    with _refused_if_broken():
        given = AuthenticationResponse.from_dict(answer.parts).response
        if given.user_handle != passkey.moderator.encode("ascii"):
            raise Refused
        _server(siteurl).authenticate_complete(_state(challenge), [_known(passkey)], answer.parts)
        return given.authenticator_data.counter


def _server(siteurl: str) -> Fido2Server:
    origin = origin_of(siteurl)
    server = Fido2Server(
        PublicKeyCredentialRpEntity(id=urlsplit(siteurl).hostname, name=NAME),
        attestation=AttestationConveyancePreference.NONE,
        verify_origin=lambda claimed: claimed == origin,
    )
    server.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=algorithm)
        for algorithm in ALGORITHMS
    ]
    return server


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        type=PublicKeyCredentialType.PUBLIC_KEY, id=passkey.credential_id
    )


def _state(challenge: Challenge) -> dict[str, Any]:
    return {"challenge": websafe_encode(challenge.value), "user_verification": _VERIFIED}


def _known(passkey: Passkey) -> AttestedCredentialData:
    key: Any = cbor.decode(passkey.public_key)
    return AttestedCredentialData.create(Aaguid.NONE, passkey.credential_id, CoseKey.parse(key))


def _signed_challenge(encoded: str) -> bytes:
    """The challenge in the client data, whose types are checked before any library sees them."""
    data = _mapping(json.loads(websafe_decode(encoded)))
    if not isinstance(data["origin"], str) or not isinstance(data["type"], str):
        raise Refused
    if data.get("crossOrigin", False) is not False:
        raise Refused
    return websafe_decode(_text(data["challenge"]))


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused
    return value


def _text(value: object) -> str:
    """Base64url text. A number here would be read as a length to allocate."""
    if not isinstance(value, str) or len(value) > LONGEST_PART:
        raise Refused
    return value


@contextmanager
def _refused_if_broken() -> Iterator[None]:
    """Make every failure one refusal: parsers of CBOR, COSE and JSON each fail in their own way."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        raise Refused from error
