"""The sections "MessagePack", "Frames", "Messages" and "The license" of protocol/README.md."""

import re

from usher_crypto import open_sealed, seal, sha512, verify, x25519

DATAGRAM_MAX = 1184
DOCUMENT_MAX = 16384
BODY_MAX = 1100


class Malformed(Exception):
    """Bytes that do not follow the page."""


# --- MessagePack ---


def pack(value):
    if value is None:
        return b"\xc0"
    if value is False or value is True:
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return _pack_uint(value)
    if isinstance(value, str):
        data = value.encode("utf-8")
        if len(data) < 32:
            return bytes([0xA0 | len(data)]) + data
        return _pack_length(len(data), 0xD9, 0xDA) + data
    if isinstance(value, bytes):
        return _pack_length(len(value), 0xC4, 0xC5) + value
    if len(value) < 16:
        head = bytes([0x90 | len(value)])
    else:
        head = b"\xdc" + len(value).to_bytes(2, "big")
    return head + b"".join(pack(item) for item in value)


def _pack_uint(value):
    if value < 0x80:
        return bytes([value])
    for head, width in ((0xCC, 1), (0xCD, 2), (0xCE, 4)):
        if value < 1 << (8 * width):
            return bytes([head]) + value.to_bytes(width, "big")
    raise ValueError("a whole number above 32 bits")


def _pack_length(length, short, long):
    if length < 256:
        return bytes([short, length])
    return bytes([long]) + length.to_bytes(2, "big")


def unpack(data, padded=False):
    """The one value of these bytes; `padded`: zero bytes may follow it."""
    reader = _Reader(data)
    value = reader.value(0)
    rest = data[reader.at :]
    if any(rest) or (rest and not padded):
        raise Malformed("bytes after the value")
    return value


class _Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0
        self.count = 0

    def take(self, length):
        if self.at + length > len(self.data):
            raise Malformed("cut short")
        self.at += length
        return self.data[self.at - length : self.at]

    def number(self, width, least):
        value = int.from_bytes(self.take(width), "big")
        if value < least:
            raise Malformed("not the shortest form")
        return value

    def text(self, length):
        try:
            text = self.take(length).decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("text that is not UTF-8") from None
        if text.startswith("\ufeff"):
            raise Malformed("text that begins with U+FEFF")
        return text

    def items(self, count, depth):
        if depth >= 8:
            raise Malformed("too deep")
        return [self.value(depth + 1) for _ in range(count)]

    def value(self, depth):
        self.count += 1
        if self.count > 4096:
            raise Malformed("too many values")
        head = self.take(1)[0]
        if head <= 0x7F:
            return head
        if 0x90 <= head <= 0x9F:
            return self.items(head & 15, depth)
        if 0xA0 <= head <= 0xBF:
            return self.text(head & 31)
        if head in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[head]
        if head == 0xC4:
            return self.take(self.number(1, 0))
        if head == 0xC5:
            return self.take(self.number(2, 256))
        if head in (0xCC, 0xCD, 0xCE):
            width, least = {0xCC: (1, 128), 0xCD: (2, 256), 0xCE: (4, 65536)}[head]
            return self.number(width, least)
        if head == 0xD9:
            return self.text(self.number(1, 32))
        if head == 0xDA:
            return self.text(self.number(2, 256))
        if head == 0xDC:
            return self.items(self.number(2, 16), depth)
        raise Malformed(f"a first byte {head:02x}")


# --- field types ---

FORBIDDEN = re.compile("[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]")


def is_uint(value, most=0xFFFFFFFF, least=0):
    return type(value) is int and least <= value <= most


def is_text(value, most, least=0):
    if not isinstance(value, str) or FORBIDDEN.search(value):
        return False
    return least <= len(value.encode("utf-16-le")) // 2 <= most


def is_bytes(value, size):
    return isinstance(value, bytes) and len(value) == size


def need(condition):
    if not condition:
        raise Malformed("a field does not fit")


# --- frames ---


def build_discover(nonce, product):
    return (b"US\x00\x01" + pack([nonce, 1, 1, product])).ljust(DATAGRAM_MAX, b"\0")


def parse_offer(datagram):
    need(4 <= len(datagram) <= DATAGRAM_MAX and datagram[:4] == b"US\x00\x02")
    fields = unpack(datagram[4:], padded=True)
    need(isinstance(fields, list) and len(fields) >= 10)
    nonce, oldest, newest, agent_key, epoch, cookie, name, version, products, more = fields[:10]
    need(is_bytes(nonce, 16) and is_bytes(agent_key, 32) and is_bytes(epoch, 8))
    need(is_bytes(cookie, 16) and is_uint(oldest, 255) and is_uint(newest, 255) and is_uint(more))
    need(is_text(name, 64) and is_text(version, 64))
    need(isinstance(products, list) and len(products) <= 256)
    for product in products:
        need(isinstance(product, list) and len(product) >= 3 and is_text(product[0], 64, 1))
        need(is_uint(product[1]) and is_uint(product[2]))
    return {
        "nonce": nonce, "oldest": oldest, "newest": newest, "agent_key": agent_key,
        "epoch": epoch, "cookie": cookie, "name": name, "version": version,
        "products": [product[:3] for product in products],
    }  # fmt: skip


LEAST_BODY = {1: 288, 2: 32, 3: 32, 4: 1056}


def encode_request(message):
    body = pack(message).ljust(LEAST_BODY[message[0]], b"\0")
    if len(body) > BODY_MAX:
        raise ValueError("a request too long for a datagram")
    return body


def session_keys(secret, client_key, agent_key):
    """The request key and the reply key."""
    shared = x25519(secret, agent_key)
    if shared is None:
        raise Malformed("an agent key of small order")
    keys = sha512(b"usher session 1\0" + shared + client_key + agent_key)
    return keys[:32], keys[32:]


def build_sealed(client_key, epoch, number, body, key, cookie=None):
    """A hello where there is a cookie, else a request."""
    nonce = epoch + number.to_bytes(8, "big")
    head = b"US\x01\x04" if cookie is None else b"US\x01\x03" + cookie
    tail = bytes(8) if cookie is None else cookie[:8]
    return head + client_key + nonce + seal(body, nonce + tail, key)


REPLIES = {1: "granted", 2: "renewed", 3: "released", 4: "piece", 5: "refused", 6: "new-epoch"}


def open_reply(datagram, client_key, key):
    """The kind, id, further fields and epoch of a reply to this session."""
    need(44 <= len(datagram) <= DATAGRAM_MAX and datagram[:4] == b"US\x01\x05")
    need(datagram[4:12] == client_key[:8])
    nonce = datagram[12:28]
    body = open_sealed(datagram[28:], nonce + bytes(8), key)
    need(body is not None)
    fields = unpack(body, padded=True)
    need(isinstance(fields, list) and len(fields) >= 2 and is_uint(fields[0]) and is_uint(fields[1]))
    kind, rest = REPLIES.get(fields[0]), fields[2:]
    need(kind is not None)
    check_reply(kind, rest)
    return kind, fields[1], rest, nonce[:8]


def check_reply(kind, rest):
    if kind == "granted":
        need(len(rest) >= 3 and is_uint(rest[0], 86400))
        need(is_text(rest[1], 64) and is_bytes(rest[2], 32))
    if kind == "renewed":
        need(len(rest) >= 1 and is_uint(rest[0], 86400))
    if kind == "piece":
        need(len(rest) >= 3 and is_uint(rest[0]) and is_uint(rest[1]))
        need(isinstance(rest[2], bytes) and len(rest[2]) <= 1024)
    if kind == "refused":
        need(len(rest) >= 3 and all(is_uint(field) for field in rest[:3]))


# --- the license ---


def open_license(document):
    """The fields of a genuine license; its signer is still to be compared with whom one trusts."""
    need(len(document) <= DOCUMENT_MAX)
    envelope = unpack(document)
    need(isinstance(envelope, list) and len(envelope) >= 2)
    need(is_text(envelope[0], 32) and is_uint(envelope[1]))
    if envelope[0] != "usher-license":
        raise Malformed("another kind of document")
    if envelope[1] > 1:
        raise Malformed("a newer format")
    need(len(envelope) == 5 and envelope[1] == 1)
    _, _, signer, payload, signature = envelope
    need(is_bytes(signer, 32) and isinstance(payload, bytes) and is_bytes(signature, 64))
    if not verify(b"usher license 1\0" + signer + payload, signature, signer):
        raise Malformed("a signature that does not fit")
    return {**parse_license(unpack(payload)), "signer": signer}


def parse_license(fields):
    need(isinstance(fields, list) and len(fields) == 12)
    (license_id, product, customer, kind, issued, starts, expires, term, pools, features,
     activation, hosts) = fields  # fmt: skip
    need(is_bytes(license_id, 16) and is_text(product, 64, 1) and is_text(customer, 128, 1))
    need(is_uint(kind, 0) and is_uint(issued) and is_uint(starts))
    need(expires is None or is_uint(expires))
    need(is_uint(term, 86400, 10))
    need(isinstance(pools, list) and 1 <= len(pools) <= 32)
    for pool in pools:
        need(isinstance(pool, list) and len(pool) == 2)
        need(is_text(pool[0], 64, 1) and is_uint(pool[1], 1_000_000))
    need(len({pool[0] for pool in pools}) == len(pools))
    need(isinstance(features, list) and len(features) <= 64)
    need(all(is_text(feature, 64, 1) for feature in features))
    need(is_uint(activation, 1) and isinstance(hosts, list) and len(hosts) == 3)
    need(is_uint(hosts[0], 1) and is_uint(hosts[1], 2) and is_uint(hosts[2], 1))
    return {
        "id": license_id, "product": product, "customer": customer, "expires": expires,
        "term": term, "pools": pools, "features": features, "activation": activation,
    }  # fmt: skip
