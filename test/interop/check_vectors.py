"""Holds the second implementation against test/vectors: what one side writes the other must read.

Prints each difference and a count; exit code 0 when there is none.
"""

import json
import pathlib
import sys
import types

import usher_activation as activation
import usher_client
import usher_crypto as crypto
import usher_wire as wire

VECTORS = pathlib.Path(__file__).parent.parent / "vectors"


def load(name):
    with open(VECTORS / name, encoding="utf-8") as file:
        return json.load(file)


def value_of(tree):
    """A value as it stands in JSON, with its binary parts as bytes."""
    if isinstance(tree, dict):
        return bytes.fromhex(tree["hex"])
    return [value_of(item) for item in tree] if isinstance(tree, list) else tree


def refuses(work):
    try:
        work()
    except wire.Malformed:
        return True
    return False


class Check:
    def __init__(self):
        self.count = 0
        self.differences = 0

    def __call__(self, condition, *about):
        self.count += 1
        if not condition:
            self.differences += 1
            print("different:", *about)


def check_msgpack(check):
    vectors = load("msgpack.json")
    for one in vectors["valid"]:
        data, value = bytes.fromhex(one["hex"]), value_of(one["value"])
        check(wire.pack(value) == data, "pack", one["name"])
        check(wire.unpack(data) == value, "unpack", one["name"])
    for one in vectors["invalid"]:
        check(refuses(lambda: wire.unpack(bytes.fromhex(one["hex"]))), "unpack", one["reason"])


def check_keys(check):
    vectors = load("keys.json")
    session, vendor = ({k: v for k, v in one.items() if k != "name"} for one in vectors["valid"])
    raw = {name: bytes.fromhex(text) for name, text in session.items() if name != "leaseId"}
    check(crypto.x25519_public(raw["clientSecret"]) == raw["clientKey"], "client key")
    check(crypto.x25519_public(raw["agentSecret"]) == raw["agentKey"], "agent key")
    check(crypto.x25519(raw["agentSecret"], raw["clientKey"]) == raw["shared"], "shared")
    keys = wire.session_keys(raw["clientSecret"], raw["clientKey"], raw["agentKey"])
    check(keys == (raw["requestKey"], raw["replyKey"]), "session keys")
    message, signature, key = (
        bytes.fromhex(vendor[name]) for name in ("message", "signature", "vendorKey")
    )
    check(crypto.verify(message, signature, key), "signature")
    for one in vectors["invalid"]:
        shared = crypto.x25519(raw["clientSecret"], bytes.fromhex(one["agentKey"]))
        check(shared is None, "small order", one["agentKey"])
    return raw


def check_messages(check):
    vectors = load("messages.json")
    for one in vectors["valid"]:
        fields, body = value_of(one["fields"]), bytes.fromhex(one["body"])
        check(wire.unpack(body, padded=True) == fields, "body", one["name"])
        if one["direction"] == "reply":
            check(wire.REPLIES.get(fields[0]) == one["kind"], "kind", one["name"])
            check(not refuses(lambda: wire.check_reply(one["kind"], fields[2:])), one["name"])
        elif "later" not in one["name"]:
            check(wire.encode_request(fields) == body, "padding", one["name"])
        if one["name"].startswith("refused, "):
            code = usher_client.Refused(fields[2]).code
            check(code == one["name"].removeprefix("refused, "), "code", code)
    for one in vectors["invalid"]:
        if one["direction"] == "reply":
            check(refuses(lambda: read_reply(bytes.fromhex(one["body"]))), "reply", one["reason"])


def read_reply(body):
    fields = wire.unpack(body, padded=True)
    wire.need(isinstance(fields, list) and len(fields) >= 2)
    wire.need(fields[0] in wire.REPLIES)
    wire.check_reply(wire.REPLIES[fields[0]], fields[2:])


def check_frames(check, keys):
    vectors = load("frames.json")
    for one in vectors["valid"]:
        datagram = bytes.fromhex(one["datagram"])
        if one["kind"] == "discover" and "other versions" not in one["name"]:
            fields = value_of(one["fields"])
            check(wire.build_discover(fields[0], fields[3]) == datagram, one["name"])
        if one["kind"] == "offer":
            check(wire.parse_offer(datagram)["nonce"] == value_of(one["fields"])[0], one["name"])
        if one["kind"] in ("hello", "request"):
            nonce, body = bytes.fromhex(one["nonce"]), bytes.fromhex(one["body"])
            cookie = bytes.fromhex(one["cookie"]) if "cookie" in one else None
            number = int.from_bytes(nonce[8:], "big")
            built = wire.build_sealed(
                keys["clientKey"], nonce[:8], number, body, keys["requestKey"], cookie
            )
            check(built == datagram, one["name"])
        if one["kind"] == "reply":
            kind, *_ = wire.open_reply(datagram, keys["clientKey"], keys["replyKey"])
            check(kind == "renewed", one["name"])
    for one in vectors["invalid"]:
        datagram = bytes.fromhex(one["datagram"])
        check(refuses(lambda: wire.parse_offer(datagram)), "offer", one["reason"])
        opened = lambda: wire.open_reply(datagram, keys["clientKey"], keys["replyKey"])  # noqa: E731
        check(refuses(opened), "reply", one["reason"])


def check_licenses(check):
    vectors = load("licenses.json")
    for one in vectors["valid"]:
        document = bytes.fromhex(one["document"])
        opened = activation.open_document("license", document)
        payload = value_of(one["payload"])
        check(opened["vendor"].hex() == one["signer"], "signer", one["name"])
        check(opened["pools"] == payload[9] and opened["id"] == payload[0], "fields", one["name"])
        check(crypto.sha512(document)[:32].hex() == one["hash"], "hash", one["name"])
    for one in vectors["invalid"]:
        document = bytes.fromhex(one["document"])
        check(refuses(lambda: activation.open_document("license", document)), "license", one["reason"])


def check_documents(check):
    vectors = load("documents.json")
    for one in vectors["valid"]:
        document = bytes.fromhex(one["document"])
        opened = lambda: activation.open_document(one["kind"], document)  # noqa: E731
        check(not refuses(opened), one["kind"], one["name"])
        check(crypto.sha512(document)[:32].hex() == one["hash"], "hash", one["name"])
    for one in vectors["invalid"]:
        document = bytes.fromhex(one["document"])
        opened = lambda: activation.open_document(one["kind"], document)  # noqa: E731
        check(refuses(opened), one["kind"], one["reason"])


def check_proofs(check):
    vectors = load("proofs.json")
    for one in vectors["valid"] + vectors["invalid"]:
        fault = fault_of_proof(one)
        check(fault == one.get("fault"), "proof", fault, one.get("name", one.get("reason")))
        digest = crypto.sha512(bytes.fromhex(one["proof"]))[:32].hex()
        check(digest == one["hash"], "hash", fault)


def fault_of_proof(one):
    proof, vendor_key, agent_key = (
        bytes.fromhex(one[name]) for name in ("proof", "vendorKey", "agentKey")
    )
    try:
        activation.check_proof(proof, vendor_key, agent_key, one["wall"])
    except activation.Disbelieved as fault:
        return str(fault)
    return None


def check_grants(check):
    vectors = load("grants.json")
    for one in vectors["valid"] + vectors["invalid"]:
        fault = fault_of_grant(one)
        check((fault is None) == ("fault" not in one), "grant", fault, one)


def fault_of_grant(one):
    """Why a grant is not worth its wish, in this client's words."""
    names = ("product", "seat_class", "resource", "feature", "weight", "app_version", "released")
    options = types.SimpleNamespace(**dict(zip(names, one["wish"])))
    judged = []
    try:
        for (document, pool, seats), proof in zip(one["parts"], one["proofs"]):
            keys = (bytes.fromhex(one[name]) for name in ("vendorKey", "agentKey"))
            opened = usher_client.check_license(
                bytes.fromhex(proof), value_of(document), options.product, *keys, one["wall"]
            )
            usher_client.check_part(opened, pool, options)
            judged.append((opened, pool, seats))
        usher_client.check_together(judged, options)
    except usher_client.Distrusted as fault:
        return str(fault)
    return None


def check_versions(check):
    for one in load("versions.json")["valid"]:
        covered = wire.covers((one["oldest"], one["newest"]), one["version"])
        check(covered == one["covered"], "version", one)


def check_session(check, keys):
    for i, one in enumerate(load("session.json")["valid"]):
        datagram, body = bytes.fromhex(one["datagram"]), bytes.fromhex(one["body"])
        if one["kind"] in ("hello", "request"):
            at = 68 if one["kind"] == "hello" else 52
            tail = datagram[4:12] if one["kind"] == "hello" else bytes(8)
            nonce = datagram[at - 16 : at] + tail
            opened = crypto.open_sealed(datagram[at:], nonce, keys["requestKey"])
            check(opened is not None and opened.startswith(body), "session", i)
            check(opened is not None and not any(opened[len(body) :]), "padding", i)
        if one["kind"] == "reply":
            kind, *_ = wire.open_reply(datagram, keys["clientKey"], keys["replyKey"])
            check(wire.REPLIES[wire.unpack(body)[0]] == kind, "session", i)


def main():
    check = Check()
    check_msgpack(check)
    keys = check_keys(check)
    check_messages(check)
    check_frames(check, keys)
    check_licenses(check)
    check_documents(check)
    check_proofs(check)
    check_grants(check)
    check_versions(check)
    check_session(check, keys)
    print(f"{check.count} checks, {check.differences} differences")
    return 1 if check.differences else 0


if __name__ == "__main__":
    sys.exit(main())
