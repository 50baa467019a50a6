"""Signatures of certificates: ed25519 in a DSSE envelope, by securesystemslib.

``python -m conformance.signing KEY`` makes a key: KEY holds the private half (PEM, PKCS #8) and
KEY.pub the public one, as ``openssl genpkey -algorithm ed25519`` and ``openssl pkey -pubout`` do.
"""

import base64
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from conformance.certificate import ENVELOPE, FILE
from conformance.document import DocumentError, checked, content

if TYPE_CHECKING:
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import (  # type: ignore[attr-defined]  # has no __all__
        CryptoSigner,
        SSlibKey,
    )

PAYLOAD_TYPE = "application/vnd.in-toto+json"
PUBLIC = ".pub"
OURS = "mtl-reference"


@final
class SigningError(ValueError):
    """A key or an envelope cannot be used; the message says why, and what to try."""


def signer(key: Path) -> "CryptoSigner":
    """The signer of a private key, so that a bad one is told before a run; SigningError."""
    serialization, keys = _library("serialization"), _library("asymmetric.ed25519")
    try:
        private = serialization.load_pem_private_key(content(key), None)
    except DocumentError as error:
        raise SigningError(str(error)) from error
    except (ValueError, TypeError, _unsupported()) as error:
        hint = "it is encrypted" if isinstance(error, TypeError) else "it is no PEM of a key"
        message = f"{key} is no private key to sign with: {hint}; make one by "
        message += f"python -m conformance.signing {key.name}"
        raise SigningError(message) from error
    if not isinstance(private, keys.Ed25519PrivateKey):
        message = f"{key} must be an ed25519 key: openssl genpkey -algorithm ed25519"
        raise SigningError(message)
    from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]  # has no __all__

    return CryptoSigner(private)


def public(key: Path) -> "SSlibKey":
    """The public key in a PEM file; SigningError."""
    serialization, keys = _library("serialization"), _library("asymmetric.ed25519")
    try:
        found = serialization.load_pem_public_key(content(key))
    except DocumentError as error:
        raise SigningError(str(error)) from error
    except (ValueError, TypeError, _unsupported()) as error:
        message = f"{key} is no public key (PEM): give the file whose name ends in {PUBLIC}"
        raise SigningError(message) from error
    if not isinstance(found, keys.Ed25519PublicKey):
        message = f"{key} must be an ed25519 key"
        raise SigningError(message)
    from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # has no __all__

    return SSlibKey.from_crypto(found)


def sign(folder: Path, key: Path) -> Path:
    """Sign the certificate in a folder: its very bytes in an envelope beside it."""
    from securesystemslib.dsse import Envelope

    envelope = Envelope((folder / FILE).read_bytes(), PAYLOAD_TYPE, {})
    envelope.sign(signer(key))
    path = folder / ENVELOPE
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(envelope.to_dict(), indent=2) + "\n", encoding="utf-8")
    draft.replace(path)
    return path


def payload(path: Path) -> bytes:
    """What an envelope holds, signed by whomever; DocumentError, SigningError."""
    try:
        return base64.b64decode(checked(path, "envelope")["payload"], validate=True)
    except ValueError as error:
        message = f"{path}: its payload is not base64 ({error})"
        raise SigningError(message) from error


def verify(path: Path, key: Path) -> str:
    """See that an envelope is signed by a key; its id, or SigningError."""
    from securesystemslib.exceptions import VerificationError

    envelope, trusted = _envelope(path), public(key)
    if envelope.payload_type != PAYLOAD_TYPE:
        message = f"{path}: the payload's type must be {PAYLOAD_TYPE}"
        raise SigningError(message)
    for signature in envelope.signatures.values():
        signature.keyid = trusted.keyid  # a hint to find the key by, and no part of what is signed
    try:
        envelope.verify([trusted], 1)
    except VerificationError as error:
        message = f"{path.name} is not signed by {key.name}, or was changed since"
        raise SigningError(message) from error
    return trusted.keyid


def _envelope(path: Path) -> "Envelope":
    _library("serialization")
    from securesystemslib.dsse import Envelope

    document = checked(path, "envelope")
    try:
        return Envelope.from_dict(document)
    except ValueError as error:
        message = f"{path}: {error}"
        raise SigningError(message) from error


def _library(name: str) -> Any:  # noqa: ANN401  (a module)
    """A module of cryptography's primitives; SigningError where the extra is not installed."""
    try:
        import_module("securesystemslib.dsse")
        return import_module(f"cryptography.hazmat.primitives.{name}")
    except ModuleNotFoundError as error:
        message = f"signatures need securesystemslib: pip install '{OURS}[sign]'"
        raise SigningError(message) from error


def _unsupported() -> type[Exception]:
    found: type[Exception] = import_module("cryptography.exceptions").UnsupportedAlgorithm
    return found


# A new key ------------------------------------------------------------------------------------


def create(place: Path) -> tuple[Path, Path]:
    """Make a key: the private half at ``place`` (for its owner alone), the public one beside it."""
    serialization, keys = _library("serialization"), _library("asymmetric.ed25519")
    private = keys.Ed25519PrivateKey.generate()
    encoding = serialization.Encoding.PEM
    secret = private.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    shown = private.public_key().public_bytes(
        encoding, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    beside = place.with_name(place.name + PUBLIC)
    for path, text, mode in ((place, secret, 0o600), (beside, shown, 0o644)):
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except OSError as error:
            message = f"{path}: {error.strerror}; a key is never overwritten"
            raise SigningError(message) from error
        with os.fdopen(handle, "wb") as file:
            file.write(text)
    return place, beside


def main(words: Sequence[str]) -> int:
    """Make the key that the command line names."""
    if len(words) != 1 or words[0].startswith("-"):
        sys.stderr.write("usage: python -m conformance.signing KEY\n")
        return 2
    try:
        private, beside = create(Path(words[0]))
    except SigningError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{private}: keep this one secret, and sign with it (--sign {private})\n")
    sys.stdout.write(f"{beside}: give this one away (verify CERTIFICATE --key {beside})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
