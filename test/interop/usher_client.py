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
import unicodedata

import usher_activation as activation
import usher_wire as wire
from usher_crypto import sha512, x25519_public

REFUSALS = {
    1: "no-license", 2: "no-seat", 3: "no-class", 4: "no-feature", 5: "not-activated",
    6: "license-pending", 7: "license-expired", 8: "virtual-host", 9: "container-host",
    10: "unknown-host", 11: "not-held", 12: "disconnected", 13: "license-removed",
    14: "store-failing", 15: "busy", 16: "no-document", 17: "bad-request", 18: "no-match",
    19: "license-superseded", 20: "standalone-only", 21: "not-assigned", 22: "excluded",
    23: "limit-reached", 24: "reserved", 25: "no-version", 26: "no-maintenance",
    27: "version-needed", 28: "no-resource", 29: "resource-needed", 30: "too-heavy",
    31: "seats-reduced", 32: "idle", 33: "recalled", 34: "trial-ended", 35: "borrow-forbidden",
    36: "borrow-too-long", 37: "borrow-limit", 38: "queue-full", 39: "no-meter",
    40: "meter-empty", 41: "draw-conflict", 42: "roster-full", 43: "borrowed",
    44: "faulty-rules", 45: "clock-refused", 46: "holding-off",
    47: "store-damaged", 48: "wrong-host", 49: "activation-ended", 50: "license-suspended",
    51: "license-revoked", 52: "license-returned", 53: "license-invalid",
    58: "site-child",
}  # fmt: skip


def clock():
    """Monotonic, and going on while the computer sleeps, where the system has such a clock."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def say(step, **fields):
    print(json.dumps({"step": step, **fields}), flush=True)


class Refused(Exception):
    def __init__(self, number, in_use=0, seats=0):
        super().__init__(number)
        self.number, self.in_use, self.seats = number, in_use, seats
        self.code = REFUSALS.get(number, "bad-request")


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
        self.holds = False
        self.believed_until = 0

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

    def ask(self, number, *fields, answers):
        """The answer's kind and fields, and when the request was first sent."""
        self.id += 1
        body = wire.encode_request([number, self.id, *fields])
        first_sent = clock()
        return *self.insist(body, answers), first_sent

    def insist(self, body, answers):
        """Sends until an answer comes: its kind and fields."""
        for wait in (0.1, 0.2, 0.4, 0.8, 0.8, 0.8):
            self.send(body)
            reply = self.await_reply(body, answers, time.monotonic() + wait)
            if reply is not None:
                self.known = True
                return reply
            self.known = False
        raise Silent

    def acquire(self, wish, wait):
        """The fields of the grant and when it was first asked for; waits in the queue if told to."""
        ticket = None
        while True:
            kind, rest, first_sent = self.ask(1, wish, wait, ticket, answers=("granted", "queued"))
            if kind == "granted":
                return rest, first_sent
            ticket = ticket_of(rest)
            while not rest[1]:
                # Should the agent start anew it knows the old place by that.
                body = wire.encode_request([1, self.id, wish, wait, ticket])
                say("queued", ahead=rest[0])
                until = time.monotonic() + max(1, 0.3 * rest[2])
                _, rest = self.await_reply(body, ("queued",), until) or self.insist(
                    body, ("queued",)
                )
                ticket = ticket_of(rest)
            # Its turn: acquire with a new id, so that the term counts from that.

    def send(self, body):
        self.number += 1
        cookie = None if self.known else self.offer["cookie"]
        datagram = wire.build_sealed(
            self.client_key, self.epoch, self.number, body, self.request_key, cookie
        )
        self.socket.sendto(datagram, self.agent)

    def await_reply(self, body, answers, until):
        """The kind and fields of an answer."""
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
            if reply_id == 0 and kind == "ending" and self.holds:
                # Unasked: the time that is left counts from now.
                self.believed_until = min(self.believed_until, clock() + rest[0])
            if kind == "refused" and (reply_id == self.id or (reply_id == 0 and self.holds)):
                raise Refused(*rest[:3])
            if reply_id != self.id:
                continue
            if kind == "new-epoch":
                self.epoch = epoch
                self.send(body)
            if kind in answers:
                return kind, rest
        return None

    def fetch(self, digest):
        proof = b""
        total = None
        while total is None or len(proof) < total:
            _, (size, offset, piece, *_), _ = self.ask(
                4, digest, len(proof), answers=("piece",)
            )
            if offset != len(proof) or not piece or size > activation.PROOF_MAX:
                raise Distrusted("a piece that does not fit")
            if total not in (None, size):
                raise Distrusted("a total that changed")
            total = size
            proof += piece
        return proof


def check_license(proof, digest, product, vendor_key, agent_key, wall):
    if sha512(proof)[:32] != digest:
        raise Distrusted("another document than the one granted")
    try:
        opened = activation.check_proof(proof, vendor_key, agent_key, wall)
    except activation.Disbelieved as fault:
        raise Distrusted(str(fault)) from fault
    if opened["product"] != product:
        raise Distrusted("another product")
    return opened


def check_part(opened, pool, options):
    """Whether a genuine license is worth the part that it is shown for."""
    kind = opened["type"]
    if kind == wire.STANDALONE or (kind == wire.SERVER) != (pool is None):
        raise Distrusted("a pool that does not fit the type")
    if pool is not None:
        if pool >= len(opened["pools"]):
            raise Distrusted("a pool that the license has not")
        if opened["pools"][pool][0] not in (options.seat_class, "generic"):
            raise Distrusted("another class")
    resource = opened["resource"]
    if not (options.resource is not None and resource == "*") and fold(resource) != fold(
        options.resource
    ):
        raise Distrusted("another resource")
    if not wire.covers(opened["versions"], options.app_version):
        raise Distrusted("another version")
    until = opened["maintenance"]
    if until is not None and (options.released is None or options.released >= until):
        raise Distrusted("a version after the maintenance")


def check_together(judged, options):
    """What all parts must be together, each a license, a pool and seats."""
    pooled = [(opened, seats) for opened, pool, seats in judged if pool is not None]
    if not judged or (pooled and sum(seats for _, seats in pooled) < options.weight):
        raise Distrusted("fewer seats than asked for")
    wanted = set(options.feature)
    for opened, pool, _ in judged:
        if pool is None:
            wanted -= set(opened["features"])
    if wanted and not (pooled and all(wanted <= set(opened["features"]) for opened, _ in pooled)):
        raise Distrusted("a feature that is not covered")


def ticket_of(queued):
    """What a queued says of our place; None from an agent that gives no tickets."""
    return queued[3] if len(queued) > 3 else None


def fold(name):
    if name is None:
        return None
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())


def prove(session, parts, options, vendor_key):
    """Fetches and checks every part of a grant: its licenses."""
    proofs = {}
    judged = []
    for digest, pool, seats, *_ in parts:
        if digest not in proofs:
            proofs[digest] = session.fetch(digest)
        opened = check_license(
            proofs[digest], digest, options.product, vendor_key, session.offer["agent_key"],
            time.time(),
        )
        check_part(opened, pool, options)
        judged.append((opened, pool, seats))
    check_together(judged, options)
    return [opened for opened, *_ in judged]


def hold(session, options, vendor_key):
    holder = [user_name(), socket.gethostname()[:128], os.getpid(), "usher_client.py"]
    wish = [options.product, options.seat_class, options.resource, options.feature,
            options.weight, options.app_version, options.released, holder]  # fmt: skip
    (term, overdraft, parts, *_), sent = session.acquire(wish, options.wait)
    session.believed_until = sent + term
    shown = [{"document": part[0].hex(), "pool": part[1], "seats": part[2]} for part in parts]
    say("acquired", term=term, overdraft=overdraft, parts=shown)
    try:
        licenses = prove(session, parts, options, vendor_key)
    except Distrusted:
        session.ask(3, answers=("released",))
        raise
    if clock() >= session.believed_until:
        raise Silent
    session.holds = True
    say("verified", customer=licenses[0]["customer"], seats=sum(part[2] for part in parts))
    try:
        for _ in range(options.renewals):
            renew(session)
        # Each line is a renewal, the end of them the release.
        for _ in sys.stdin if options.hold else ():
            renew(session)
    finally:
        # Also when the seat was taken back: the release is the acknowledgement.
        session.holds = False
        session.ask(3, answers=("released",))
    say("released")


def renew(session):
    kind, rest, sent = session.ask(2, 0, answers=("renewed", "ending"))
    if kind == "ending":
        session.believed_until = min(session.believed_until, sent + rest[0])
        say("ending", term=rest[0], code=REFUSALS.get(rest[1], "bad-request"))
        return
    session.believed_until = max(session.believed_until, sent + rest[0])
    say("renewed", term=rest[0], left=round(session.believed_until - clock()))


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
    parser.add_argument("--resource")
    parser.add_argument("--weight", type=int, default=1)
    parser.add_argument("--app-version")
    parser.add_argument("--released", type=int, help="seconds since 1970")
    parser.add_argument("--wait", action="store_true", help="in the queue, when no seat is free")
    parser.add_argument("--feature", action="append", default=[])
    parser.add_argument("--address", action="append", help="default: 127.255.255.255, 127.0.0.1")
    parser.add_argument("--hold", action="store_true", help="renew with each line that comes in, release at the end")
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
