"""Signatures: what was signed is what verifies, by securesystemslib and by hand."""

import base64
import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("securesystemslib", reason="the extra 'sign' is not installed")

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from conformance import signing
from conformance.certificate import ENVELOPE, FILE
from conformance.cli import main
from conformance.cli.trouble import Exit
from conformance.document import DocumentError


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """A folder with a key, a certificate and its envelope."""
    signing.create(tmp_path / "key")
    (tmp_path / FILE).write_bytes(b'{"grade": "A", "name": "\xce\xb1"}\n')
    signing.sign(tmp_path, tmp_path / "key")
    return tmp_path


def test_an_envelope_verifies_and_holds_the_very_bytes(signed: Path) -> None:
    """The payload is the file, and the key that signed is the one that verifies."""
    assert signing.verify(signed / ENVELOPE, signed / "key.pub")
    assert signing.payload(signed / ENVELOPE) == (signed / FILE).read_bytes()


def test_the_signature_is_that_of_the_specification(signed: Path) -> None:
    """Ed25519 over DSSEv1 with lengths and bytes spelt out; no library of envelopes takes part."""
    envelope = json.loads((signed / ENVELOPE).read_text())
    kind, body = envelope["payloadType"].encode(), (signed / FILE).read_bytes()
    encoded = b" ".join([b"DSSEv1", b"%d" % len(kind), kind, b"%d" % len(body), body])
    key = serialization.load_pem_public_key((signed / "key.pub").read_bytes())
    signature = base64.b64decode(envelope["signatures"][0]["sig"])
    key.verify(signature, encoded)  # type: ignore[union-attr, call-arg]  # it is an ed25519 key
    with pytest.raises(InvalidSignature):
        key.verify(signature, encoded + b" ")  # type: ignore[union-attr, call-arg]


@pytest.mark.parametrize("part", ["payload", "payloadType", "sig"])
def test_a_changed_byte_is_noticed(signed: Path, part: str) -> None:
    """In what is signed, in its type, and in the signature itself."""
    path = signed / ENVELOPE
    envelope = json.loads(path.read_text())
    place = envelope["signatures"][0] if part == "sig" else envelope
    place[part] = place[part].replace(place[part][4], "x" if place[part][4] != "x" else "y", 1)
    path.write_text(json.dumps(envelope))
    with pytest.raises(signing.SigningError):
        signing.verify(path, signed / "key.pub")


def test_another_key_does_not_verify(signed: Path) -> None:
    """Even where the envelope names that key as its own."""
    signing.create(signed / "other")
    path = signed / ENVELOPE
    envelope = json.loads(path.read_text())
    envelope["signatures"][0]["keyid"] = signing.public(signed / "other.pub").keyid
    path.write_text(json.dumps(envelope))
    with pytest.raises(signing.SigningError, match=r"is not signed by other\.pub"):
        signing.verify(path, signed / "other.pub")
    assert signing.verify(path, signed / "key.pub")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"payload": "", "payloadType": "x", "signatures": []}',
     '{"payload": "####", "payloadType": "x", "signatures": [{"keyid": "", "sig": "AA=="}]}',
     '{"payload": "A", "payloadType": "x", "signatures": [{"keyid": "", "sig": "AA=="}]}',
     '{"payload": "AAAA", "payloadType": "x", "signatures": [{"keyid": "", "sig": "A"}]}'],
)  # fmt: skip
def test_what_is_no_envelope_is_told(signed: Path, text: str) -> None:
    """A clear error, whatever the file holds."""
    (signed / ENVELOPE).write_text(text)
    with pytest.raises((DocumentError, signing.SigningError), match=r"certificate\.dsse\.json"):
        signing.verify(signed / ENVELOPE, signed / "key.pub")


def test_keys_of_another_kind_are_told(signed: Path, tmp_path: Path) -> None:
    """A public key where a private one is wanted, the other way round, and no key at all."""
    with pytest.raises(signing.SigningError, match="no private key"):
        signing.signer(signed / "key.pub")
    with pytest.raises(signing.SigningError, match="no public key"):
        signing.public(signed / "key")
    with pytest.raises(signing.SigningError, match="No such file"):
        signing.signer(tmp_path / "none")


def test_a_bad_key_is_told_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, and nothing was written; so is a key to verify by."""
    out = tmp_path / "out"
    words = ["certify", "reference", "--methods", "mean", "--out", str(out)]
    assert main([*words, "--sign", str(tmp_path / "none")]) == Exit.USAGE
    assert main(["verify", str(tmp_path), "--key", str(tmp_path / "none")]) == Exit.USAGE
    assert capsys.readouterr().err.count("No such file") == 2
    assert not out.exists()


def test_without_the_library_the_extra_is_named(
    signed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signing and verifying need it; reading what an envelope holds does not."""
    monkeypatch.setitem(sys.modules, "securesystemslib.dsse", None)
    with pytest.raises(signing.SigningError, match=r"mtl-reference\[sign\]"):
        signing.signer(signed / "key")
    with pytest.raises(signing.SigningError, match=r"mtl-reference\[sign\]"):
        signing.verify(signed / ENVELOPE, signed / "key.pub")
    assert signing.payload(signed / ENVELOPE) == (signed / FILE).read_bytes()


def test_a_key_is_never_overwritten(signed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Making a key where one is fails in a sentence; the private half is its owner's alone."""
    assert signing.main([str(signed / "key")]) == 2
    assert "never overwritten" in capsys.readouterr().err
    assert (signed / "key").stat().st_mode & 0o077 == 0
