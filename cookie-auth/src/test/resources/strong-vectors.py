#!/usr/bin/env python3
"""Prints strong.jsonl: the proofs of PROTOCOL.md, computed apart from the Java code with Python's hmac and hashlib."""
import hashlib
import hmac
import json
import struct

PROTOCOL = b"hawser-strong-1"


def hkdf_extract(salt, secret):
    return hmac.new(salt, secret, hashlib.sha256).digest()


def hkdf_expand_32(key, info):
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()


def side(node):
    name = node["name"].encode("latin-1")
    return (struct.pack(">H", len(name)) + name + struct.pack(">IQ", node["creation"], int(node["flags"], 16))
            + bytes.fromhex(node["nonce"]) + hashlib.sha256(bytes.fromhex(node["certificate"])).digest())


def vector(title, cookie, initiator, acceptor):
    both = side(initiator) + side(acceptor)
    extracted = hkdf_extract(PROTOCOL, cookie)
    line = {"id": title, "cookie": cookie.hex(), "initiator": initiator, "acceptor": acceptor,
            "extracted": extracted.hex()}
    for role, mark in (("initiator", b"I"), ("acceptor", b"A")):
        key = hkdf_expand_32(extracted, PROTOCOL + b" " + role.encode())
        transcript = bytes([len(PROTOCOL)]) + PROTOCOL + mark + both
        line[role + "_key"] = key.hex()
        line[role + "_transcript"] = transcript.hex()
        line[role + "_proof"] = hmac.new(key, transcript, hashlib.sha256).hexdigest()
    name = acceptor["name"].encode("latin-1")
    line["challenge"] = (b"C" + struct.pack(">QI", int(acceptor["flags"], 16), acceptor["creation"])
                         + bytes.fromhex(acceptor["nonce"]) + struct.pack(">H", len(name)) + name).hex()
    line["reply"] = (b"R".hex() + initiator["nonce"] + line["initiator_proof"])
    line["ack"] = (b"A".hex() + line["acceptor_proof"])
    print(json.dumps(line))


def node(name, creation, flags, nonce, certificate):
    return {"name": name, "creation": creation, "flags": "%016x" % flags, "nonce": nonce.hex(),
            "certificate": certificate.hex()}


def counted(first):
    return bytes((first + i) % 256 for i in range(32))


A = node("a@x.test", 0xA0000001, 0xD07DF4FBD, counted(0), b"the certificate of a")
B = node("b@x.test", 0xB0000002, 0xD07DF4FBC, counted(32), b"the certificate of b")
vector("two nodes", b"3c9e1d7f0b2a4c6e8f0a1b2c3d4e5f60718293a4", A, B)
vector("the other way round", b"3c9e1d7f0b2a4c6e8f0a1b2c3d4e5f60718293a4", B, A)
vector("another cookie", b"monster", A, B)
vector("a cookie with every Latin-1 letter", "p\u00e5ssw\u00f6rd \u00ff".encode("latin-1"), A, B)
vector("a cookie longer than a block", bytes(33 + i % 90 for i in range(255)), A, B)
vector("the longest names and the greatest numbers", b"monster",
       node("a@" + "x" * 248 + ".test", 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF, b"\xff" * 32, b""),
       node("b@" + "y" * 248 + ".test", 0, 0, b"\x00" * 32, b"\x00"))
vector("one certificate for both", b"monster", A, dict(B, certificate=A["certificate"]))
