"""A bad cable: carries frames between two interfaces, and loses, delays, doubles and reorders them.

    python3 bad_cable.py LEFT RIGHT LOSS JITTER_MS
"""

import heapq
import random
import select
import socket
import sys
import time

left, right, loss, jitter = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
ALL = 0x0003
DOUBLED = 0.1
OUTGOING = 4


def open_socket(name):
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL))
    raw.bind((name, 0))
    return raw


def without_checksum(frame):
    """The kernel leaves sums to hardware that is not there; a sum of zero is none (RFC 768)."""
    is_udp = frame[12:14] == b"\x08\x00" and frame[23] == 17
    if not is_udp:
        return frame
    at = 14 + 4 * (frame[14] & 15) + 6
    return frame[:at] + b"\0\0" + frame[at + 2:]


ends = [open_socket(left), open_socket(right)]
waiting = []
number = 0
print("carrying", flush=True)
while True:
    now = time.monotonic()
    while waiting and waiting[0][0] <= now:
        _, _, end, frame = heapq.heappop(waiting)
        end.send(frame)
    timeout = max(0.0, waiting[0][0] - now) if waiting else None
    for heard in select.select(ends, [], [], timeout)[0]:
        frame, address = heard.recvfrom(65536)
        if address[2] == OUTGOING or random.random() < loss:
            continue
        other = ends[1 - ends.index(heard)]
        for _ in range(2 if random.random() < DOUBLED else 1):
            number += 1
            at = time.monotonic() + random.random() * jitter / 1000
            heapq.heappush(waiting, (at, number, other, without_checksum(frame)))
