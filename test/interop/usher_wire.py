"""The sections "MessagePack", "Frames", "Messages" and "The license" of protocol/README.md."""

import re

from usher_crypto import open_sealed, seal, sha512, x25519

DATAGRAM_MAX = 1184
DOCUMENT_MAX = 16384
BODY_MAX = 1100


class Malformed(Exception):
    """Bytes that do not follow the page."""


class NewerFormat(Malformed):
    """A document of a later version than this reads."""


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


class Fields:
    """The fields of an array, one after the other. More may follow those that are read."""

    def __init__(self, values):
        need(isinstance(values, list))
        self.values = values
        self.at = 0

    def take(self):
        need(self.at < len(self.values))
        self.at += 1
        return self.values[self.at - 1]

    def uint(self, most=0xFFFFFFFF, least=0):
        value = self.take()
        need(is_uint(value, most, least))
        return value

    def flag(self):
        value = self.take()
        need(isinstance(value, bool))
        return value

    def text(self, most, least=0):
        value = self.take()
        need(is_text(value, most, least))
        return value

    def bytes_up_to(self, most):
        value = self.take()
        need(isinstance(value, bytes) and len(value) <= most)
        return value

    def optional(self, check):
        value = self.take()
        if value is not None:
            check(value)
        return value

    def appended(self, check):
        """A field of a later minor version, which a sender may leave out."""
        return self.optional(check) if self.at < len(self.values) else None

    def each(self, most, check):
        values = self.take()
        need(isinstance(values, list) and len(values) <= most)
        for value in values:
            check(value)
        return values

    def end(self):
        """Nothing follows: in documents nothing may."""
        need(self.at == len(self.values))


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


LEAST_BODY = {1: 416, 2: 32, 3: 32, 4: 1056, 5: 416, 6: 1056, 7: 416, 8: 1056}


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


REPLIES = {
    1: "granted", 2: "renewed", 3: "released", 4: "piece", 5: "refused", 6: "new-epoch",
    7: "ending", 8: "queued", 9: "free", 10: "resources", 11: "drawn", 12: "borrowed",
}  # fmt: skip


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


TERM_MAX = 86_400


def check_reply(kind, rest):
    fields = Fields(rest)
    if kind == "granted":
        fields.uint(TERM_MAX)
        fields.flag()
        fields.each(8, check_part)
        fields.appended(check_ticket)
        fields.appended(lambda within: need(is_uint(within, TERM_MAX)))
    elif kind == "renewed":
        fields.uint(TERM_MAX)
    elif kind == "piece":
        fields.uint()
        fields.uint()
        fields.bytes_up_to(1024)
    elif kind == "refused":
        fields.uint()
        fields.uint()
        fields.uint()
    elif kind == "ending":
        fields.uint(TERM_MAX)
        fields.uint()
    elif kind == "queued":
        fields.uint()
        fields.flag()
        fields.uint(TERM_MAX)
        fields.appended(check_ticket)
    elif kind == "free":
        fields.uint()
        fields.uint()
        fields.flag()
    elif kind == "resources":
        fields.uint()
        fields.uint()
        fields.each(256, check_resource)
    elif kind == "drawn":
        fields.uint()
        fields.each(8, lambda document: need(is_bytes(document, 32)))
    elif kind == "borrowed":
        fields.bytes_up_to(1024)


def check_part(part):
    fields = Fields(part)
    need(is_bytes(fields.take(), 32))
    fields.optional(lambda pool: need(is_uint(pool, 31)))
    fields.uint(SEATS_MAX)


def check_ticket(ticket):
    need(isinstance(ticket, bytes) and len(ticket) <= 64)


def check_resource(resource):
    fields = Fields(resource)
    fields.text(64, 1)
    fields.uint()
    fields.uint()


# --- the license ---


FLOATING, NAMED, SERVER, STANDALONE = range(4)
SEATS_MAX = 1_000_000


def parse_license(payload, version=1):
    fields = Fields(payload)
    opened = {}
    opened["id"] = fields.take()
    need(is_bytes(opened["id"], 16))
    opened["type"] = fields.uint(3)
    opened["product"] = fields.text(64, 1)
    opened["customer"] = fields.text(128, 1)
    opened["issued"] = fields.uint()
    opened["starts"] = fields.uint()
    opened["expires"] = fields.optional(lambda date: need(is_uint(date)))
    trial = fields.optional(lambda length: need(is_uint(length, least=1)))
    opened["term"] = fields.uint(86400, 10)
    opened["pools"] = fields.each(32, check_pool)
    fields.uint(2)  # counting
    opened["features"] = fields.each(64, lambda feature: need(is_text(feature, 64, 1)))
    opened["versions"] = fields.take()
    check_versions(opened["versions"])
    opened["maintenance"] = fields.optional(lambda date: need(is_uint(date)))
    opened["resource"] = fields.optional(lambda name: need(is_text(name, 64, 1)))
    opened["meters"] = fields.each(32, check_meter)
    borrow = fields.optional(check_borrow)
    supersedes = fields.each(32, lambda other: need(is_bytes(other, 16)))
    opened["activation"] = fields.optional(check_activation)
    check_hosts(fields.take())
    host_code = fields.optional(lambda code: need(isinstance(code, bytes) and len(code) <= 145))
    opened["children"] = check_children(fields.take()) if version == 2 else None
    fields.end()
    has_seats = opened["type"] in (FLOATING, NAMED)
    need(has_seats == bool(opened["pools"]))
    need(has_seats or borrow is None)
    need(opened["type"] != STANDALONE or host_code is not None)
    need_distinct([pool[0] for pool in opened["pools"]])
    need_distinct([meter[0] for meter in opened["meters"]])
    need_distinct([*supersedes, opened["id"]])
    if opened["children"] is not None:
        need(has_seats and opened["activation"] is not None and trial is None)
    return opened


def check_children(children):
    fields = Fields(children)
    fields.uint(1000, 1)
    fields.uint(4, 1)
    fields.end()
    return children


def need_distinct(names):
    need(len(set(names)) == len(names))


def check_pool(pool):
    fields = Fields(pool)
    fields.text(64, 1)
    fields.uint(SEATS_MAX)
    fields.uint(SEATS_MAX)
    fields.each(64, check_stage)
    fields.end()


def check_stage(stage):
    fields = Fields(stage)
    start = fields.uint()
    fields.optional(lambda until: need(is_uint(until) and until > start))
    fields.uint(SEATS_MAX)
    fields.end()


def check_versions(versions):
    fields = Fields(versions)
    for _ in range(2):
        fields.optional(lambda text: need(is_text(text, 64, 1) and parse_version(text) is not None))
    fields.end()


def check_meter(meter):
    fields = Fields(meter)
    fields.text(64, 1)
    fields.uint()
    fields.end()


def check_borrow(borrow):
    fields = Fields(borrow)
    fields.uint(SEATS_MAX, 1)
    fields.uint(least=1)
    fields.end()


def check_activation(terms):
    fields = Fields(terms)
    fields.uint(1000, 1)
    fields.optional(check_emergency)
    fields.optional(check_refresh)
    fields.optional(check_master)
    fields.end()


def check_emergency(emergency):
    fields = Fields(emergency)
    fields.uint(432_000, 1)
    fields.uint(least=1)
    fields.end()


def check_refresh(refresh):
    fields = Fields(refresh)
    fields.uint(least=1)
    fields.uint()
    fields.end()


def check_master(url):
    need(is_text(url, 200, 1) and re.fullmatch("https?://[!-~]+", url) is not None)


def check_hosts(hosts):
    fields = Fields(hosts)
    for most in (1, 2, 1):
        fields.uint(most)
    fields.end()


# --- versions of applications ---


def parse_version(text):
    """The numbers of a version, or None."""
    parts = re.split("[-+]", re.sub("^[vV]", "", text), maxsplit=1)[0].split(".")
    if len(parts) > 6 or not all(re.fullmatch("[0-9]{1,9}", part) for part in parts):
        return None
    return [int(part) for part in parts]


def covers(versions, text):
    oldest, newest = versions
    if oldest is None and newest is None:
        return True
    version = None if text is None else parse_version(text)
    if version is None:
        return False
    if oldest is not None and padded(version) < padded(parse_version(oldest)):
        return False
    if newest is None:
        return True
    most = parse_version(newest)
    return padded(version[: len(most)]) <= padded(most)


def padded(numbers):
    return numbers + [0] * (6 - len(numbers))
