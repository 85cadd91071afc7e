"""The section "Cryptography" of protocol/README.md with Python's standard library alone.

Slow and not constant-time: made to prove the specification, not to ship.
"""

import hashlib
import hmac
import struct

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493


def sha512(data):
    return hashlib.sha512(data).digest()


# --- X25519 (RFC 7748) ---


def x25519(secret, public):
    """The shared secret, or None for a public key of small order."""
    k = int.from_bytes(secret, "little")
    k = (k & ~7 & ((1 << 254) - 1)) | (1 << 254)
    u = int.from_bytes(public, "little") & ((1 << 255) - 1)
    x1, x2, z2, x3, z3, swap = u % P, 1, 0, u % P, 1, 0
    for t in range(254, -1, -1):
        bit = (k >> t) & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % P, b * b % P, d * a % P, c * b % P
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, x1 * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    shared = (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")
    return None if shared == bytes(32) else shared


def x25519_public(secret):
    return x25519(secret, (9).to_bytes(32, "little"))


# --- crypto_secretbox: XSalsa20 and Poly1305 ---

SIGMA = struct.unpack("<4I", b"expand 32-byte k")


def _rotate(value, count):
    value &= 0xFFFFFFFF
    return (value << count | value >> (32 - count)) & 0xFFFFFFFF


QUARTERS = (
    (0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11),
    (0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14),
)


def _rounds(state):
    x = list(state)
    for _ in range(10):
        for a, b, c, d in QUARTERS:
            x[b] ^= _rotate(x[a] + x[d], 7)
            x[c] ^= _rotate(x[b] + x[a], 9)
            x[d] ^= _rotate(x[c] + x[b], 13)
            x[a] ^= _rotate(x[d] + x[c], 18)
    return x


def _state(key, block):
    k = struct.unpack("<8I", key)
    n = struct.unpack("<4I", block)
    return [SIGMA[0], *k[:4], SIGMA[1], *n, SIGMA[2], *k[4:], SIGMA[3]]


def _hsalsa20(key, block):
    x = _rounds(_state(key, block))
    return struct.pack("<8I", *(x[i] for i in (0, 5, 10, 15, 6, 7, 8, 9)))


def _xsalsa20(key, nonce, length):
    subkey = _hsalsa20(key, nonce[:16])
    stream = b""
    counter = 0
    while len(stream) < length:
        state = _state(subkey, nonce[16:] + struct.pack("<Q", counter))
        words = ((a + b) & 0xFFFFFFFF for a, b in zip(state, _rounds(state)))
        stream += struct.pack("<16I", *words)
        counter += 1
    return stream[:length]


def _poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    s = int.from_bytes(key[16:], "little")
    total = 0
    for i in range(0, len(message), 16):
        block = message[i : i + 16] + b"\x01"
        total = (total + int.from_bytes(block, "little")) * r % (2**130 - 5)
    return ((total + s) % 2**128).to_bytes(16, "little")


def seal(plain, nonce, key):
    stream = _xsalsa20(key, nonce, 32 + len(plain))
    sealed = bytes(a ^ b for a, b in zip(plain, stream[32:]))
    return _poly1305(stream[:32], sealed) + sealed


def open_sealed(box, nonce, key):
    """The plain bytes, or None."""
    tag, sealed = box[:16], box[16:]
    stream = _xsalsa20(key, nonce, 32 + len(sealed))
    if not hmac.compare_digest(tag, _poly1305(stream[:32], sealed)):
        return None
    return bytes(a ^ b for a, b in zip(sealed, stream[32:]))


# --- Ed25519, verification only (RFC 8032, strict) ---

D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
SMALL_ORDER = (
    0,
    1,
    2**255 - 20,
    int.from_bytes(
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
    ),
    int.from_bytes(
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"
    ),
)


def _add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _decode(encoded):
    value = int.from_bytes(encoded, "little")
    sign, y = value >> 255, value & ((1 << 255) - 1)
    if y >= P or y in SMALL_ORDER:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * ROOT % P
    if (v * x * x - u) % P:
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def _encode(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = _decode(BASE_Y.to_bytes(32, "little"))


def verify(message, signature, public):
    if len(signature) != 64 or len(public) != 32:
        return False
    s = int.from_bytes(signature[32:], "little")
    point = _decode(public)
    if s >= L or point is None:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message), "little") % L
    x, y, z, t = point
    check = _add(_multiply(s, BASE), _multiply(k, (P - x, y, z, P - t)))
    return _encode(check) == signature[:32]
