"""Names of TLS cipher suites: from OpenSSL's own, which it hands out, to the registered ones, which WARC-Cipher-Suite bears.

Pure. Source: IANA's registry "TLS Cipher Suites"; iipc/warc-specifications#86 for the field.
"""

from __future__ import annotations

import re

_NAME = re.compile(
    r"(?:(?P<exchange>(?:ECDHE|DHE)-(?:RSA|ECDSA|DSS))-)?"
    r"(?P<cipher>AES|CAMELLIA|ARIA|CHACHA20-POLY1305)(?P<bits>128|256)?"
    r"(?:-(?P<mode>GCM|CCM8|CCM|CBC))?(?:-(?P<hash>SHA\d*))?"
)


def registered(name: str) -> str:
    """Registered name of a suite: ``ECDHE-RSA-AES128-SHA`` is ``TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA``.

    Those of TLS 1.3 have one name, which is given back, as is a name that follows no rule: of a suite without certificate or
    without cipher, which no web server is asked for.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return name
    exchange, cipher, bits, mode, digest = match.group("exchange", "cipher", "bits", "mode", "hash")
    parts = [cipher.replace("-", "_")]
    if cipher == "CHACHA20-POLY1305":
        parts.append(digest or "SHA256")
    else:
        parts += [bits or "", {None: "CBC", "CCM8": "CCM_8"}.get(mode, mode)]
        parts += [digest] if digest else []
    return f"TLS_{(exchange or 'RSA').replace('-', '_')}_WITH_{'_'.join(parts)}"
