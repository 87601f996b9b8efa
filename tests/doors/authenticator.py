"""A security key in software: makes passkeys and signs with them, honestly unless told not to."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

Flag = AuthenticatorData.FLAG


@dataclass
class SecurityKey:
    """One passkey for one site, and a browser to carry its answers."""

    origin: str = "http://localhost:8000"
    rp_id: str = "localhost"
    verifies: bool = True
    sign_count: int = 0
    counts: bool = True
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    secret: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    user_handle: bytes = b""

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer creation options, with attestation "none"."""
        self.user_handle = websafe_decode(options["user"]["id"])
        key = ES256.from_cryptography_key(self.secret.public_key())
        made = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, key)
        data = self._authenticator_data(Flag.AT, made)
        return self._credential(
            clientDataJSON=self._client_data("webauthn.create", options["challenge"]),
            attestationObject=AttestationObject.create("none", data, {}),
        )

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer request options."""
        self.sign_count += self.counts
        client_data = self._client_data("webauthn.get", options["challenge"])
        data = self._authenticator_data(Flag(0), b"")
        signed = data + hashlib.sha256(client_data).digest()
        return self._credential(
            clientDataJSON=client_data,
            authenticatorData=data,
            signature=self.secret.sign(signed, ec.ECDSA(hashes.SHA256())),
            userHandle=self.user_handle,
        )

    def _authenticator_data(self, flags: Flag, made: bytes) -> AuthenticatorData:
        verified = Flag.UV if self.verifies else Flag(0)
        return AuthenticatorData.create(
            hashlib.sha256(self.rp_id.encode()).digest(),
            Flag.UP | verified | flags,
            self.sign_count,
            made,
        )

    def _client_data(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(kind, challenge, self.origin)

    def _credential(self, **parts: bytes) -> dict[str, Any]:
        """The JSON that a browser's `toJSON` gives."""
        name = websafe_encode(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {part: websafe_encode(value) for part, value in parts.items()},
        }


def changed(credential: dict[str, Any], **parts: str | int | None) -> dict[str, Any]:
    """A copy of a credential with other parts in its response."""
    copy: dict[str, Any] = json.loads(json.dumps(credential))
    copy["response"].update(parts)
    return copy
