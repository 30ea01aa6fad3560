"""A CA of our own with a server certificate for 127.0.0.1 and a client certificate; 2020 to 2120, no clock is asked."""

import ipaddress
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
LAST = FIRST + timedelta(days=36_500)


def make_certificates(folder):
    """Write ca.pem, server.pem/.key and client.pem/.key; give the folder."""
    ca_key, ca_name = ec.generate_private_key(ec.SECP256R1()), _name("test CA")
    key_id = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    authority = ((x509.BasicConstraints(ca=True, path_length=0), True), (usage, True), (key_id, False))
    _write(folder / "ca.pem", _signed(ca_name, ca_name, ca_key.public_key(), ca_key, authority))
    by_ca = (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_id), False)
    address = (x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
    for who in ("server", "client"):
        key = ec.generate_private_key(ec.SECP256R1())
        _write(folder / f"{who}.pem", _signed(_name(who), ca_name, key.public_key(), ca_key, (address, by_ca)))
        secret = folder / f"{who}.key"
        secret.touch(0o600)
        secret.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    return folder


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _signed(subject, issuer, public_key, ca_key, extensions):
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public_key)
        .serial_number(x509.random_serial_number()).not_valid_before(FIRST).not_valid_after(LAST)
    )  # fmt: skip
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(ca_key, hashes.SHA256())


def _write(file, certificate):
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
