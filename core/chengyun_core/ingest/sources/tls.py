"""TLS contexts of the sources: version 1.2 or newer, keys only its owner can read."""

import ssl
from pathlib import Path

from chengyun_core.model.failure import Trouble
from chengyun_core.wire import secret_file


def of_client(code: str, ca_file: str, certificate_file: str = "", key_file: str = "") -> ssl.SSLContext:
    """Return the context of one who calls; raise Trouble `code` (file, reason) for files that cannot be used."""
    try:
        context = ssl.create_default_context(cafile=ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if certificate_file:
            context.load_cert_chain(certificate_file, key_file or None)
    except OSError as fault:  # ssl.SSLError is one: unreadable and unusable files alike
        raise Trouble(code, file=ca_file, reason=str(fault)) from fault
    return context


def of_server(code: str, certificate_file: str, key_file: str, client_ca_file: str = "") -> ssl.SSLContext:
    """Return the context of one who is called; raise Trouble for files that cannot be used or keys others can read."""
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        key = Path(key_file or certificate_file)
        secret_file.expect_private(key, key.stat())
        context.load_cert_chain(certificate_file, key_file or None)
        if client_ca_file:
            context.load_verify_locations(client_ca_file)
            context.verify_mode = ssl.CERT_REQUIRED
    except OSError as fault:
        raise Trouble(code, file=certificate_file, reason=str(fault)) from fault
    return context
