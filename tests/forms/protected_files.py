"""Workbooks protected with a password in the ways that no library writes; salts are fixed, bytes repeat.

[MS-OFFCRYPTO] 2.3.4.5 ff. (standard encryption), 2.3.5 and 2.3.6 (RC4), 2.3.7 (XOR obfuscation); [MS-XLS] 2.2.10
(which bytes of a .xls), 2.4.117 (FilePass).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from hashlib import md5, sha1

import olefile
from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted

EXCELS_OWN = "VelvetSweatshop"
SALT = bytes(range(16))
VERIFIER = b"sixteen bytes of"
BOF, BOUND_SHEET, FILE_PASS, WRITE_ACCESS = 0x0809, 0x0085, 0x002F, 0x005C
PLAIN = {BOF, FILE_PASS, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138}
"""Records that are never encrypted: also UsrExcl, FileLock, InterfaceHdr, RRDInfo, RRDHead."""
BLOCK = 1024
PROVIDER = "Microsoft Enhanced RSA and AES Cryptographic Provider"

Encrypt = Callable[[int, int, bytes], bytes]
"""(place of a record's content in the stream, bytes of it left plain, the others) → the others, encrypted."""


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _number(value: int) -> bytes:
    return struct.pack("<I", value)


# A .xls: its stream keeps its size, so that it can be put back into the compound file.


def _protected_xls(plain: bytes, file_pass: bytes, encrypt: Encrypt) -> bytes:
    """FilePass after the first record, at the expense of WriteAccess (a name, in 112 bytes), then all encrypted."""
    file = io.BytesIO(plain)
    with olefile.OleFileIO(file, write_mode=True) as compound:
        records = _records(compound.openstream("Workbook").read())
        name = next(place for place, (kind, _) in enumerate(records) if kind == WRITE_ACCESS)
        records[name] = (WRITE_ACCESS, records[name][1][4 + len(file_pass) :])
        records.insert(1, (FILE_PASS, file_pass))
        stream = b""
        for kind, content in records:
            left = len(content) if kind in PLAIN else 4 if kind == BOUND_SHEET else 0
            stream += struct.pack("<HH", kind, len(content)) + content[:left]
            stream += encrypt(len(stream) - left, left, content[left:])
        compound.write_stream("Workbook", stream)
    return file.getvalue()


def _records(stream: bytes) -> list[tuple[int, bytes]]:
    records, place = [], 0
    while place < len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        records.append((kind, stream[place + 4 : place + 4 + size]))
        place += 4 + size
    return records


def xls_xor(plain: bytes, password: str) -> bytes:
    """As Excel 95 and older readers wanted it. The key of another password than Excel's own is made up."""
    key = (0xB359 if password == EXCELS_OWN else 0x1234).to_bytes(2, "little")
    fill = bytes.fromhex("bbffffbaffffb98000be0f00bf0f00")
    mixed = [byte ^ key[n % 2] for n, byte in enumerate((password.encode("ascii") + fill)[:16])]
    array = [(byte >> 1 | byte << 7) & 0xFF for byte in mixed]
    verifier = 0
    for byte in reversed(bytes([len(password)]) + password.encode("ascii")):
        verifier = (verifier >> 14 & 1 | verifier << 1 & 0x7FFF) ^ byte
    file_pass = struct.pack("<H2sH", 0, key, verifier ^ 0xCE4B)

    def encrypt(place: int, left: int, content: bytes) -> bytes:
        first = place + left + len(content) + left
        rotated = ((byte << 5 | byte >> 3) & 0xFF for byte in content)
        return bytes(byte ^ array[(first + n) % 16] for n, byte in enumerate(rotated))

    return _protected_xls(plain, file_pass, encrypt)


def xls_rc4(plain: bytes, password: str) -> bytes:
    """As Excel 97 to 2003 protect by default: 40 bits."""
    middle = md5((md5(_utf16(password)).digest()[:5] + SALT) * 16).digest()[:5]

    def key(block: int) -> bytes:
        return md5(middle + _number(block)).digest()

    verified = _rc4(key(0), VERIFIER + md5(VERIFIER).digest())
    file_pass = struct.pack("<HHH", 1, 1, 1) + SALT + verified
    return _protected_xls(plain, file_pass, _by_blocks(key))


def xls_rc4_cryptoapi(plain: bytes, password: str) -> bytes:
    """As Excel 2007 and later protect a .xls: 128 bits."""
    first = sha1(SALT + _utf16(password)).digest()

    def key(block: int) -> bytes:
        return sha1(first + _number(block)).digest()[:16]

    verified = _rc4(key(0), VERIFIER + sha1(VERIFIER).digest())
    header = struct.pack("<8I", 4, 0, 0x6801, 0x8004, 128, 1, 0, 0) + _utf16("\0")  # no name of a provider: no room
    file_pass = struct.pack("<HHHII", 1, 4, 2, 4, len(header)) + header
    file_pass += _number(16) + SALT + verified[:16] + _number(20) + verified[16:]
    return _protected_xls(plain, file_pass, _by_blocks(key))


def _rc4(key: bytes, content: bytes) -> bytes:
    return Cipher(ARC4(key), mode=None).encryptor().update(content)


def _by_blocks(key: Callable[[int], bytes]) -> Encrypt:
    """A new key for each block of the stream; what stays plain uses up the key's bytes as well."""

    def encrypt(place: int, left: int, content: bytes) -> bytes:
        start = place + left
        blocks = range(start // BLOCK, (start + len(content)) // BLOCK + 1)
        stream = b"".join(_rc4(key(block), bytes(BLOCK)) for block in blocks)[start % BLOCK :]
        return bytes(one ^ other for one, other in zip(content, stream, strict=False))

    return encrypt


# A .xlsx in a compound file.


def xlsx_standard(plain: bytes, password: str) -> bytes:
    """As Excel 2007 protects: AES-128."""
    digest = sha1(SALT + _utf16(password)).digest()
    for turn in range(50_000):
        digest = sha1(_number(turn) + digest).digest()
    digest = sha1(digest + _number(0)).digest()
    key = sha1(bytes(byte ^ 0x36 for byte in digest.ljust(64, b"\0"))).digest()[:16]
    verified = _aes(key, VERIFIER), _aes(key, sha1(VERIFIER).digest().ljust(32, b"\0"))
    header = struct.pack("<8I", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + _utf16(f"{PROVIDER}\0")
    information = struct.pack("<HHII", 3, 2, 0x24, len(header)) + header
    information += _number(16) + SALT + verified[0] + _number(20) + verified[1]
    filled = plain.ljust(4096, b"\0")  # smaller streams are kept in another way, which the container's writer has not
    package = struct.pack("<Q", len(plain)) + _aes(key, filled + bytes(-len(filled) % 16))
    file = io.BytesIO()
    ECMA376Encrypted(package, information).write_to(file)
    return file.getvalue()


def _aes(key: bytes, content: bytes) -> bytes:
    return Cipher(AES(key), ECB()).encryptor().update(content)
