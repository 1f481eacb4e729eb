"""A customer is stored as a keyed hash, never as a telephone number, address or number.

`customer_hash` and `HASH_SQL` give the same value: the first 8 bytes of HMAC-SHA256 (RFC 2104) under
``settings.CUSTOMER_KEY``, as a signed number. PostgreSQL has SHA-256 but no HMAC without an extension, so the
SQL builds it from the two padded keys, which lie in the temporary table ``import_key`` and so in no statement.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import cache

from django.conf import settings
from django.db.backends.utils import CursorWrapper

BLOCK = 64
# A value that was hashed before: rejected rows carry it so that they can be mended without the number.
MASK = "hash:"

UPPER, LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
DIAL_SIGNS = " -()./"
TELEPHONE = re.compile(r"[0-9+ \-()./]+")
MASKED = re.compile(r"hash:[0-9a-f]{16}")


def normal_customer(value: str) -> str:
    """One spelling per customer: ``0049 (30) 12-34`` is ``+49301234``; other names ignore ASCII case."""
    value = value.strip()
    if not TELEPHONE.fullmatch(value):
        return value.translate(str.maketrans(UPPER, LOWER))
    dialled = value.translate(str.maketrans("", "", DIAL_SIGNS))
    return f"+{dialled[2:]}" if dialled.startswith("00") else dialled


NORMAL_SQL = f"""CASE WHEN translate({{text}}, '0123456789+{DIAL_SIGNS}', '') <> ''
    THEN translate({{text}}, '{UPPER}', '{LOWER}')
    WHEN left(translate({{text}}, '{DIAL_SIGNS}', ''), 2) = '00'
    THEN '+' || substr(translate({{text}}, '{DIAL_SIGNS}', ''), 3)
    ELSE NULLIF(translate({{text}}, '{DIAL_SIGNS}', ''), '') END"""

HASH_SQL = """CASE WHEN left({normal}, 5) = 'hash:' AND {normal} ~ '^hash:[0-9a-f]{{16}}$'
    THEN ('x' || substr({normal}, 6))::bit(64)::bigint
    ELSE substr(sha256((SELECT outer_key FROM import_key)
                       || sha256((SELECT inner_key FROM import_key) || convert_to({normal}, 'UTF8'))), 1, 8)::bigint
    END"""

MASK_SQL = f"'{MASK}' || lpad(to_hex({{hash}}), 16, '0')"


def customer_hash(value: str) -> int | None:
    """The number under which a customer is stored; None where the value names nobody."""
    normal = normal_customer(value)
    if not normal:
        return None
    if MASKED.fullmatch(normal):
        return int.from_bytes(bytes.fromhex(normal.removeprefix(MASK)), "big", signed=True)
    digest = hmac.digest(settings.CUSTOMER_KEY.encode(), normal.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big", signed=True)


@cache
def _padded_keys(key: str) -> tuple[bytes, bytes]:
    """The inner and the outer key of HMAC."""
    secret = key.encode()
    block = (hashlib.sha256(secret).digest() if len(secret) > BLOCK else secret).ljust(BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def lay_out_key(cursor: CursorWrapper) -> None:
    """Put the padded keys where HASH_SQL reads them, for the running transaction.

    Copied, not inserted: the server may log statements, and the data of COPY is in none.
    """
    from io import StringIO

    cursor.execute("CREATE TEMP TABLE import_key (inner_key bytea, outer_key bytea) ON COMMIT DROP")
    inner, outer = _padded_keys(settings.CUSTOMER_KEY)
    cursor.copy_expert("COPY import_key FROM STDIN", StringIO(f"\\\\x{inner.hex()}\t\\\\x{outer.hex()}\n"))
