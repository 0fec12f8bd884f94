"""What a TLS connection shows of its other end: version, cipher suite, certificates, and whether these verify.

Owns the reading of OpenSSL's connection. Never decides whether a connection may be used: that is done before, by Scrapy's context
factory, unless a person has switched it off for a site (``fetch.verify_tls``).
"""

from __future__ import annotations

from ipaddress import ip_address

from OpenSSL import SSL, crypto
from service_identity import CertificateError, VerificationError
from service_identity.pyopenssl import verify_hostname, verify_ip_address

from crawler.fetch.attempt import TlsSession
from crawler.fetch.ciphers import registered


class Verifier:
    """Says why certificates do not verify, for connections that were made without verifying them.

    Trusts what verified connections trust: the system's authorities, or those of SSL_CERT_FILE and SSL_CERT_DIR.
    """

    def __init__(self) -> None:
        self._context = SSL.Context(SSL.TLS_CLIENT_METHOD)  # which owns the store
        self._context.set_default_verify_paths()

    def problem(self, connection: SSL.Connection, host: str) -> str | None:
        """Why the certificates do not stand for ``host`` (a name in its ASCII form, or an address); None if they do."""
        chain = connection.get_peer_cert_chain() or []
        if not chain:
            return "no certificate was shown"
        store = self._context.get_cert_store()
        assert store is not None
        try:
            crypto.X509StoreContext(store, chain[0], chain[1:]).verify_certificate()
        except crypto.X509StoreContextError as error:
            return str(error)
        try:
            (verify_ip_address if _is_address(host) else verify_hostname)(connection, host)
        except (VerificationError, CertificateError, ValueError):
            return f"the certificate is not for {host}"
        return None


def session(connection: SSL.Connection, host: str, verifier: Verifier | None) -> TlsSession:
    """Describe a connection whose handshake is done; without a verifier its certificates have been verified already."""
    return TlsSession(
        version=connection.get_protocol_version_name(),
        cipher_suite=registered(connection.get_cipher_name() or "") or None,
        certificates=tuple(
            crypto.dump_certificate(crypto.FILETYPE_ASN1, each) for each in connection.get_peer_cert_chain() or ()
        ),
        problem=verifier.problem(connection, host) if verifier else None,
    )


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
