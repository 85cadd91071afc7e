"""Certificates, activations and proofs, written from protocol/README.md alone."""

import usher_child
import usher_wire as wire
from usher_crypto import sha512, verify
from usher_wire import Fields, Malformed, is_bytes, is_text, is_uint, need

DAY = 86_400
PROOF_MAX = 32_768
RESPONSE_MAX = 61_440
LICENSES, ACTIVATIONS, STANDINGS = 1, 2, 4

# The newest format version of each kind that has had more than one.
NEWEST = {"license": 2}

# What a certified key needs to be certified for; other kinds are never signed with one.
USES = {
    "license": LICENSES,
    "activation": ACTIVATIONS,
    "response": ACTIVATIONS,
    "standing": STANDINGS,
}


class Disbelieved(Exception):
    """A proof that is worth nothing; its text is the fault."""


class CertificateFault(Malformed):
    """What a certificate does not allow."""


def open_envelope(kind, document):
    """The key that signed, its certificate or None, and the payload's fields."""
    most = RESPONSE_MAX if kind == "response" else wire.DOCUMENT_MAX
    need(len(document) <= most)
    envelope = wire.unpack(document)
    need(isinstance(envelope, list) and len(envelope) >= 2)
    need(is_text(envelope[0], 32) and is_uint(envelope[1]))
    if envelope[0] != f"usher-{kind}":
        raise Malformed("another kind of document")
    if envelope[1] > NEWEST.get(kind, 1):
        raise wire.NewerFormat("a newer format")
    need(len(envelope) == 5 and envelope[1] >= 1)
    _, version, signer, payload, signature = envelope
    need(isinstance(signer, bytes) and isinstance(payload, bytes) and is_bytes(signature, 64))
    certificate = None
    key = signer
    if len(signer) != 32:
        need(kind in USES and len(signer) <= 256)
        certificate = open_certificate(signer)
        key = certificate["key"]
    if not verify(f"usher {kind} {version}".encode() + b"\0" + signer + payload, signature, key):
        raise Malformed("a signature that does not fit")
    return key, certificate, wire.unpack(payload), version


def open_document(kind, document):
    """The fields by name, with `signer`, and `vendor` (the root key) and `certificate`."""
    key, certificate, payload, version = open_envelope(kind, document)
    opened = wire.parse_license(payload, version) if kind == "license" else PARSERS[kind](payload)
    opened["signer"] = key
    opened["certificate"] = certificate
    opened["vendor"] = key if certificate is None else certificate["vendor"]
    if certificate is not None:
        if not certificate["uses"] & USES[kind]:
            raise CertificateFault("certificate-use")
        if not certificate["starts"] <= opened["issued"] < certificate["ends"]:
            raise CertificateFault("certificate-date")
    if kind == "activation" and opened["emergency"]:
        need(certificate is None and opened["signing_key"] == key)
    return opened


def take_bytes(fields, size):
    value = fields.take()
    need(is_bytes(value, size))
    return value


def parse_certificate(payload):
    fields = Fields(payload)
    opened = {"key": take_bytes(fields, 32), "uses": fields.uint(7, 1)}
    opened["starts"], opened["ends"] = fields.uint(), fields.uint()
    fields.uint()  # number
    fields.end()
    need(opened["starts"] < opened["ends"])
    return opened


def open_certificate(document):
    key, _, payload, _ = open_envelope("certificate", document)
    return {**parse_certificate(payload), "vendor": key}


def parse_revocations(payload):
    fields = Fields(payload)
    fields.uint()  # issued
    opened = {"number": fields.uint()}
    opened["keys"] = fields.each(64, lambda key: need(is_bytes(key, 32)))
    fields.end()
    return opened


def parse_activation(payload):
    fields = Fields(payload)
    opened = {"license": take_bytes(fields, 16), "license_hash": take_bytes(fields, 32)}
    opened["signing_key"], opened["agent_key"] = take_bytes(fields, 32), take_bytes(fields, 32)
    fields.bytes_up_to(145)  # host
    number, issued = fields.uint(), fields.uint()
    until = fields.optional(lambda date: need(is_uint(date) and date > issued))
    nonce = fields.optional(lambda value: need(is_bytes(value, 16)))
    emergency = fields.uint(1) == 1
    fields.end()
    need((number == 0 and until is not None and nonce is None) if emergency else number > 0)
    return {**opened, "issued": issued, "until": until, "emergency": emergency}


def parse_request(payload):
    fields = Fields(payload)
    take_bytes(fields, 32)  # agent key
    fields.bytes_up_to(145)  # host
    wanted = fields.each(32, check_wanted)
    take_bytes(fields, 16)  # nonce
    fields.uint()  # number
    fields.uint()  # made
    fields.text(64)  # version
    fields.text(128)  # host name
    fields.uint(2)  # kind
    fields.end()
    need(wanted)
    wire.need_distinct([license_id for license_id, _ in wanted])
    return {"wanted": wanted}


def check_wanted(wanted):
    fields = Fields(wanted)
    take_bytes(fields, 16)
    take_bytes(fields, 32)
    fields.end()


def parse_response(payload):
    fields = Fields(payload)
    opened = {"nonce": take_bytes(fields, 16), "agent": take_bytes(fields, 32)}
    opened["issued"] = fields.uint()
    opened["documents"] = fields.each(
        64, lambda one: need(isinstance(one, bytes) and len(one) <= wire.DOCUMENT_MAX)
    )
    fields.each(32, check_refusal)
    fields.end()
    return opened


def check_refusal(refusal):
    fields = Fields(refusal)
    take_bytes(fields, 16)
    fields.uint(9)
    fields.text(256, 1)
    fields.end()


def parse_standing(payload):
    fields = Fields(payload)
    take_bytes(fields, 16)
    fields.uint(least=1)  # number
    state = fields.uint(3)
    agent = fields.optional(lambda key: need(is_bytes(key, 32)))
    issued = fields.uint()
    fields.text(256)
    fields.end()
    need((state == 3) == (agent is not None))
    return {"state": state, "issued": issued}


def parse_receipt(payload):
    fields = Fields(payload)
    take_bytes(fields, 16)
    take_bytes(fields, 32)
    take_bytes(fields, 16)
    fields.uint()
    fields.end()
    return {}


PARSERS = {
    "certificate": parse_certificate,
    "revocations": parse_revocations,
    "activation": parse_activation,
    "request": parse_request,
    "response": parse_response,
    "standing": parse_standing,
    "receipt": parse_receipt,
    "child": usher_child.parse_child,
}


# --- the proof ---


def believe(condition, fault):
    if not condition:
        raise Disbelieved(fault)


def open_shown(kind, document):
    try:
        return open_document(kind, document)
    except CertificateFault as fault:
        raise Disbelieved(str(fault)) from fault
    except wire.NewerFormat as fault:
        raise Disbelieved("newer-format") from fault
    except Malformed as fault:
        raise Disbelieved("forged") from fault


def open_proof(proof):
    """The license's bytes, the license, child licenses, its activation and revocations or None."""
    try:
        need(len(proof) <= PROOF_MAX)
        documents = wire.unpack(proof)
        need(isinstance(documents, list) and 1 <= len(documents) <= 8)
        need(all(isinstance(one, bytes) and len(one) <= wire.DOCUMENT_MAX for one in documents))
    except Malformed as fault:
        raise Disbelieved("forged") from fault
    first, *others = documents
    opened = open_shown("license", first)
    shown, children = {}, []
    kinds = ["activation", "child", "revocations"]
    for one in others:
        kind = kind_of(one)
        believe(kind in kinds, "forged")
        # In this order, and each once but child licenses, of which there are up to four.
        kinds = kinds[kinds.index(kind) :]
        if kind == "child":
            believe(len(children) < 4, "forged")
            children.append(open_shown(kind, one))
        else:
            kinds = kinds[1:]
            shown[kind] = open_shown(kind, one)
    return first, opened, children, shown.get("activation"), shown.get("revocations")


def kind_of(document):
    try:
        envelope = wire.unpack(document)
    except Malformed:
        return None
    name = envelope[0] if isinstance(envelope, list) and envelope else None
    return name.removeprefix("usher-") if isinstance(name, str) else None


def check_proof(proof, vendor_key, agent_key, wall):
    """The license of a proof that this agent shows; raises Disbelieved."""
    document, opened, children, activation, revocations = open_proof(proof)
    believe(opened["vendor"] == vendor_key, "other-vendor")
    if revocations is not None:
        believe(revocations["vendor"] == vendor_key, "forged")
        signers = {opened["signer"]}
        if activation is not None and activation["vendor"] == vendor_key:
            signers.add(activation["signer"])
        believe(not signers & set(revocations["keys"]), "revoked-key")
    if opened["activation"] is None:
        believe(activation is None and not children, "forged")
    else:
        believe(activation is not None, "not-activated")
        active_on = activation["agent_key"] if children else agent_key
        check_activation(activation, opened, sha512(document)[:32], active_on, wall)
    if children:
        opened = check_children(children, opened, activation, agent_key, wall)
    believe(wall + DAY >= opened["starts"], "pending")
    believe(opened["expires"] is None or wall <= opened["expires"] + DAY, "expired")
    return opened


def check_children(children, opened, activation, agent_key, wall):
    """The license that the last of them lends by."""
    believe(not activation["emergency"], "emergency-terms")
    signer = activation["signing_key"]
    for child in children:
        believe(child["of"] == opened["id"], "other-license")
        believe(signer is not None and child["signer"] == signer, "other-parent")
        opened = usher_child.derive(opened, child)
        believe(opened is not None, "children-terms")
        signer = child["signing_key"]
    last = children[-1]
    if last["signing_key"] is None:
        believe(last["host_code"] is not None, "not-activated")
    else:
        believe(last["agent_key"] == agent_key, "other-agent")
    believe(all(child["state"] == 0 for child in children), "child-suspended")
    for child in children:
        ends = usher_child.ends(child)
        believe(ends is None or wall < ends + DAY, "child-expired")
    return opened


def check_activation(activation, opened, digest, agent_key, wall):
    is_this = activation["license"] == opened["id"] and activation["license_hash"] == digest
    believe(is_this, "other-license")
    believe(activation["agent_key"] == agent_key, "other-agent")
    _, emergency, refresh, _ = opened["activation"]
    ends = activation["until"]
    if activation["emergency"]:
        believe(emergency is not None, "emergency-terms")
        longest, window = emergency
        begun = activation["issued"]
        believe(opened["issued"] <= begun < opened["issued"] + window, "emergency-terms")
        believe(ends <= begun + longest and begun <= wall + DAY, "emergency-terms")
    else:
        believe(activation["vendor"] == opened["vendor"], "forged")
        if ends is not None and refresh is not None:
            ends += refresh[1]
    believe(ends is None or wall < ends + DAY, "activation-expired")
