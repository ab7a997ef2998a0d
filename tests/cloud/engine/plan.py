"""The weather of a stack: which resources take how long and which fail, as a test said over `PUT /_cloud/plan`.

A plan is `{"rules": [{"stack": regex, "resource": regex, "on": verbs, "hold": seconds, "fail": reason, "times": n}], "speed": factor}`.
The first rule that fits and is not used up is taken. `on` is a regex over create, update, delete and rollback, the last for whatever undoes a
failed operation. Holds and the stacks' own time limits pass `speed` times faster. A rule that leaves the plan lets go of what it held.
"""

import re
import threading
import time

_changed = threading.Condition()
_plan = {"rules": [], "speed": 1.0}
_interrupted = {}    # stack id -> why its holds end
KNOWN = {"stack": ".*", "resource": ".*", "on": "create|update|delete", "hold": 0, "fail": None, "times": None}


class Interrupted(ValueError):
    """A held resource whose operation somebody called off."""


def read():
    return _plan


def write(wanted):
    """Takes over a plan; rules that stay the same keep their count and what they hold."""
    rules = [_checked(rule) for rule in wanted.get("rules", [])]
    with _changed:
        kept = {_key(rule): rule for rule in _plan["rules"]}
        _plan["rules"] = [kept.get(_key(rule), rule) for rule in rules]
        _plan["speed"] = float(wanted.get("speed", 1)) or 1.0
        _changed.notify_all()


def _checked(rule):
    unknown = sorted(set(rule) - set(KNOWN) - {"taken"})
    if unknown:
        raise ValueError(f"a rule has no {', '.join(unknown)}; it has {', '.join(KNOWN)}")
    whole = {**KNOWN, **{name: value for name, value in rule.items() if value is not None}, "taken": 0}
    for name in ("stack", "resource", "on"):
        re.compile(whole[name])
    return whole


def _key(rule):
    return tuple(rule[name] for name in KNOWN)


def act(stack_name, stack_id, resource, verb, deadline=None):
    """Holds or fails one resource as the plan says; `deadline` is when the whole stack has run out of time."""
    rule = _take(stack_name, resource, verb)
    if rule is None:
        return
    _hold(rule, stack_id, deadline)
    if rule["fail"] and rule in _plan["rules"]:
        raise ValueError(rule["fail"])


def _take(stack_name, resource, verb):
    with _changed:
        for rule in _plan["rules"]:
            fits = all(re.fullmatch(rule[name], value or "") for name, value in (("stack", stack_name), ("resource", resource), ("on", verb)))
            if fits and (rule["times"] is None or rule["taken"] < rule["times"]):
                rule["taken"] += 1
                return rule
    return None


def _hold(rule, stack_id, deadline):
    end = time.monotonic() + scaled(rule["hold"])
    with _changed:
        while any(rule is held for held in _plan["rules"]):
            if stack_id in _interrupted:
                raise Interrupted(_interrupted[stack_id])
            now = time.monotonic()
            if deadline is not None and now >= deadline:
                raise Interrupted("Resource creation cancelled")
            until = end if deadline is None else min(end, deadline)
            if now >= end:
                return
            _changed.wait(until - now)


def scaled(seconds):
    return seconds / _plan["speed"]


def interrupt(stack_id, reason):
    """Ends every hold of the stack with this reason, until `resume`."""
    with _changed:
        _interrupted[stack_id] = reason
        _changed.notify_all()


def resume(stack_id):
    with _changed:
        _interrupted.pop(stack_id, None)


def reset():
    write({})
    with _changed:
        _interrupted.clear()
