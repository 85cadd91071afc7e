"""Child licenses, written from protocol/README.md alone."""

from usher_wire import (
    Fields,
    check_children,
    check_master,
    check_stage,
    is_bytes,
    is_uint,
    need,
    need_distinct,
)


def parse_child(payload):
    fields = Fields(payload)
    opened = {"id": fields.take(), "of": fields.take()}
    need(is_bytes(opened["id"], 16) and is_bytes(opened["of"], 16) and opened["id"] != opened["of"])
    fields.uint(least=1)  # number
    opened["issued"] = fields.uint()
    opened["state"] = fields.uint(2)
    keys = fields.optional(check_keys)
    opened["signing_key"], opened["agent_key"] = keys or (None, None)
    opened["account"] = fields.text(128, 1)
    parent = fields.optional(check_master)
    opened["longest"] = fields.uint(86400, 10)
    opened["children"] = fields.optional(check_children)
    opened["host_code"] = fields.optional(
        lambda code: need(isinstance(code, bytes) and len(code) <= 145)
    )
    opened["pools"] = fields.each(32, check_pool)
    opened["expires"] = fields.optional(lambda date: need(is_uint(date)))
    opened["calls"] = fields.optional(check_calls)
    fields.end()
    need(opened["pools"])
    need_distinct([pool[0] for pool in opened["pools"]])
    need((opened["expires"] if opened["calls"] is None else parent) is not None)
    return opened


def check_keys(keys):
    need(isinstance(keys, list) and len(keys) == 2 and all(is_bytes(key, 32) for key in keys))


def check_pool(pool):
    fields = Fields(pool)
    fields.text(64, 1)
    fields.uint(1_000_000)
    fields.each(64, check_stage)
    fields.end()


def check_calls(calls):
    need(isinstance(calls, list) and len(calls) == 2 and all(is_uint(one) for one in calls))


def most_seats(seats, stages):
    return max([seats, *(stage[2] for stage in stages)])


def derive(parent, child):
    """The license that the child lends by, or None where the parent may not allow it."""
    if parent["children"] is None:
        return None
    if child["children"] is not None and child["children"][1] > parent["children"][1] - 1:
        return None
    wholes = {pool[0]: most_seats(pool[1], pool[3]) for pool in parent["pools"]}
    for name, seats, stages in child["pools"]:
        if most_seats(seats, stages) > wholes.get(name, -1):
            return None
    dates = [one["expires"] for one in (parent, child) if one["expires"] is not None]
    return {
        **parent,
        "id": child["id"],
        "customer": child["account"],
        "issued": child["issued"],
        "expires": min(dates, default=None),
        "term": min(parent["term"], child["longest"]),
        "pools": [[name, seats, 0, stages] for name, seats, stages in child["pools"]],
        "meters": [],
        "children": child["children"],
    }


def ends(child):
    """When it ends unless a later one comes; None for never."""
    if child["calls"] is None:
        return child["expires"]
    dates = [min(0xFFFFFFFF, sum(child["calls"])), child["expires"]]
    return min(date for date in dates if date is not None)
