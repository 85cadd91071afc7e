"""A second client, written from protocol/README.md alone, to prove that the page says enough.

It finds an agent on this computer, acquires a seat, fetches and checks the license, renews,
releases, and prints one JSON line for each step. Exit code 0: done; 1: refused; 3: no agent.
"""

import argparse
import base64
import getpass
import json
import os
import socket
import sys
import time

import usher_wire as wire
from usher_crypto import sha512, x25519_public

REFUSALS = {
    1: "no-license", 2: "no-seat", 3: "no-class", 4: "no-feature", 5: "not-activated",
    6: "license-pending", 7: "license-expired", 8: "virtual-host", 9: "container-host",
    10: "unknown-host", 11: "not-held", 12: "disconnected", 13: "license-removed",
    14: "store-failing", 15: "busy", 16: "no-document", 17: "bad-request", 18: "no-match",
}  # fmt: skip
DAY = 86_400


def clock():
    """Monotonic, and going on while the computer sleeps, where the system has such a clock."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def say(step, **fields):
    print(json.dumps({"step": step, **fields}), flush=True)


class Refused(Exception):
    def __init__(self, rest):
        super().__init__(rest)
        self.number, self.in_use, self.seats = rest[:3]
        self.code = REFUSALS.get(self.number, "bad-request")


class Silent(Exception):
    """Nobody answered."""


class Distrusted(Exception):
    """The agent shows no license that the vendor signed for this product."""


class Session:
    def __init__(self, addresses, port):
        self.targets = [(address, port) for address in addresses]
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self.secret = os.urandom(32)
        self.client_key = x25519_public(self.secret)
        self.number = 0
        self.id = 0
        self.known = False

    def hear(self, until):
        """The next datagram and where it came from, or None when the time is up."""
        self.socket.settimeout(max(0.001, until - time.monotonic()))
        try:
            return self.socket.recvfrom(2048)
        except (TimeoutError, ConnectionError):
            return None

    def discover(self, product):
        nonce = os.urandom(16)
        datagram = wire.build_discover(nonce, product)
        for wait in (0.1, 0.2, 0.4, 0.8, 1, 1):
            for target in self.targets:
                try:
                    self.socket.sendto(datagram, target)
                except OSError:
                    pass
            until = time.monotonic() + wait
            while time.monotonic() < until:
                heard = self.hear(until)
                if heard is not None and self.take_offer(heard, nonce):
                    return
        raise Silent

    def take_offer(self, heard, nonce):
        try:
            offer = wire.parse_offer(heard[0])
        except wire.Malformed:
            return False
        if offer["nonce"] != nonce or not offer["oldest"] <= 1 <= offer["newest"]:
            return False
        self.offer, self.agent, self.epoch = offer, heard[1], offer["epoch"]
        self.request_key, self.reply_key = wire.session_keys(
            self.secret, self.client_key, offer["agent_key"]
        )
        return True

    def ask(self, number, *fields, answer):
        """The fields of the answer and when the request was first sent."""
        self.id += 1
        body = wire.encode_request([number, self.id, *fields])
        first_sent = clock()
        for wait in (0.1, 0.2, 0.4, 0.8, 0.8, 0.8):
            self.send(body)
            reply = self.await_reply(body, answer, time.monotonic() + wait)
            if reply is not None:
                self.known = True
                return reply, first_sent
            self.known = False
        raise Silent

    def send(self, body):
        self.number += 1
        cookie = None if self.known else self.offer["cookie"]
        datagram = wire.build_sealed(
            self.client_key, self.epoch, self.number, body, self.request_key, cookie
        )
        self.socket.sendto(datagram, self.agent)

    def await_reply(self, body, answer, until):
        while time.monotonic() < until:
            heard = self.hear(until)
            if heard is None:
                continue
            try:
                kind, reply_id, rest, epoch = wire.open_reply(
                    heard[0], self.client_key, self.reply_key
                )
            except wire.Malformed:
                continue
            if kind == "refused" and reply_id in (self.id, 0):
                raise Refused(rest)
            if reply_id != self.id:
                continue
            if kind == "new-epoch":
                self.epoch = epoch
                self.send(body)
            if kind == answer:
                return rest
        return None

    def fetch(self, digest):
        document = b""
        total = None
        while total is None or len(document) < total:
            (size, offset, piece, *_), _ = self.ask(4, digest, len(document), answer="piece")
            if offset != len(document) or not piece or size > wire.DOCUMENT_MAX:
                raise Distrusted("a piece that does not fit")
            if total not in (None, size):
                raise Distrusted("a total that changed")
            total = size
            document += piece
        return document


def check_license(document, digest, product, vendor_key):
    if sha512(document)[:32] != digest:
        raise Distrusted("another document than the one granted")
    try:
        opened = wire.open_license(document)
    except wire.Malformed as fault:
        raise Distrusted(str(fault)) from fault
    if opened["signer"] != vendor_key:
        raise Distrusted("another vendor")
    if opened["product"] != product:
        raise Distrusted("another product")
    if opened["activation"] != 1:
        raise Distrusted("an activation that cannot be shown")
    if opened["expires"] is not None and time.time() > opened["expires"] + DAY:
        raise Distrusted("expired")
    return opened


def hold(session, options, vendor_key):
    holder = [user_name(), socket.gethostname()[:128], os.getpid(), "usher_client.py"]
    request = (options.product, options.seat_class, options.feature, holder)
    (term, seat_class, digest, *_), sent = session.ask(1, *request, answer="granted")
    believed_until = sent + term
    say("acquired", term=term, **{"class": seat_class}, document=digest.hex())
    try:
        document = session.fetch(digest)
        opened = check_license(document, digest, options.product, vendor_key)
    except Distrusted:
        session.ask(3, answer="released")
        raise
    if clock() >= believed_until:
        raise Silent
    say("verified", customer=opened["customer"], seats=sum(n for _, n in opened["pools"]))
    for _ in range(options.renewals):
        (term, *_), sent = session.ask(2, answer="renewed")
        believed_until = max(believed_until, sent + term)
        say("renewed", term=term, left=round(believed_until - clock()))
    if options.hold:
        sys.stdin.readline()
    session.ask(3, answer="released")
    say("released")


def user_name():
    try:
        return getpass.getuser()[:128]
    except (KeyError, OSError):
        return ""


def parse_options():
    parser = argparse.ArgumentParser(description="Usher's second client.")
    parser.add_argument("--port", type=int, default=24711)
    parser.add_argument("--product", required=True)
    parser.add_argument("--vendor-key", required=True, help="32 bytes of base64")
    parser.add_argument("--renewals", type=int, default=1)
    parser.add_argument("--class", dest="seat_class")
    parser.add_argument("--feature", action="append", default=[])
    parser.add_argument("--address", action="append", help="default: 127.255.255.255, 127.0.0.1")
    parser.add_argument("--hold", action="store_true", help="release when a line comes in")
    return parser.parse_args()


def main():
    options = parse_options()
    key = options.vendor_key.rstrip("=")
    vendor_key = base64.b64decode(key + "=" * (-len(key) % 4))
    session = Session(options.address or ["127.255.255.255", "127.0.0.1"], options.port)
    try:
        session.discover(options.product)
        offer = session.offer
        say("discovered", name=offer["name"], version=offer["version"], products=offer["products"],
            address=session.agent[0])  # fmt: skip
        hold(session, options, vendor_key)
    except Refused as refused:
        say("refused", code=refused.code, number=refused.number, inUse=refused.in_use,
            seats=refused.seats)  # fmt: skip
        return 1
    except Distrusted as fault:
        say("distrusted", reason=str(fault))
        return 1
    except Silent:
        say("no-answer")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
