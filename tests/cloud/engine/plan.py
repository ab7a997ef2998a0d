"""The plan of a stack: which resources take how long and which fail, as a test said over `PUT /_cloud/plan`.

A plan is `{"rules": [{"stack": regex, "resource": regex, "on": verbs, "hold": seconds, "fail": reason, "times": n}], "speed": factor, "quotas": {name: n}}`.
The first rule that fits and is not used up is taken. `on` is a regex over create, update, delete, import and rollback, the last for whatever undoes a failed
operation; `review` is a change set's comparison, `issue` a certificate's validation, `take` a snapshot. Holds and the stacks' own time limits pass `speed` times faster. `quotas`
are what the account may have of `stacks`, `snapshots`, `vpcs` and `addresses`. A rule that leaves the plan lets go of what it held.
Every account may have a plan of its own; the plan of account "" is for those that have none.
"""

import re
import threading
import time

_changed = threading.Condition()
_plans = {}          # account -> plan
_interrupted = {}    # stack id -> why its holds end
_held = set()        # stack ids a hold of which is under way
_EMPTY = {"rules": [], "speed": 1.0, "quotas": {}}
KNOWN = {"stack": ".*", "resource": ".*", "on": "create|update|delete", "hold": 0, "fail": None, "times": None}


class Interrupted(ValueError):
    """A held resource whose operation somebody called off."""


class OutOfTime(Interrupted):
    """A held resource of a stack whose time was up."""


def read(account=""):
    return _plans.get(account) or _plans.get("") or _EMPTY


def write(wanted, account=""):
    """Takes over a plan; rules that stay the same keep their count and what they hold."""
    rules = [_checked(rule) for rule in wanted.get("rules", [])]
    with _changed:
        kept = {_key(rule): rule for rule in _plans.get(account, _EMPTY)["rules"]}
        _plans[account] = {"rules": [kept.get(_key(rule), rule) for rule in rules], "speed": float(wanted.get("speed", 1)) or 1.0,
                           "quotas": {name: int(most) for name, most in wanted.get("quotas", {}).items()}}
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


def act(account, stack_name, stack_id, resource, verb, deadline=None):
    """Holds or fails one resource as the plan says; `deadline` is when the whole stack has run out of time."""
    rule = _take(account, stack_name, resource, verb)
    if rule is None:
        return
    _hold(account, rule, stack_id, deadline)
    if rule["fail"] and _stands(account, rule):
        raise ValueError(rule["fail"])


def begin(account, stack_name, resource, verb):
    """The rule for something that takes its time while nobody waits here, and when its hold is over; or None."""
    rule = _take(account, stack_name, resource, verb)
    return rule and (account, rule, time.monotonic() + scaled(account, rule["hold"]))


def lasts(begun):
    """Whether the hold of something that began goes on."""
    return bool(begun) and time.monotonic() < begun[2] and _stands(begun[0], begun[1])


def _take(account, stack_name, resource, verb):
    with _changed:
        for rule in read(account)["rules"]:
            fits = all(re.fullmatch(rule[name], value or "") for name, value in (("stack", stack_name), ("resource", resource), ("on", verb)))
            if fits and (rule["times"] is None or rule["taken"] < rule["times"]):
                rule["taken"] += 1
                return rule
    return None


def _stands(account, rule):
    return any(rule is other for other in read(account)["rules"])


def _hold(account, rule, stack_id, deadline):
    end = time.monotonic() + scaled(account, rule["hold"])
    with _changed:
        _held.add(stack_id)
        try:
            _wait(account, rule, stack_id, end, deadline)
        finally:
            _held.discard(stack_id)
            _changed.notify_all()


def _wait(account, rule, stack_id, end, deadline):
    while _stands(account, rule):
        if stack_id in _interrupted:
            raise Interrupted(_interrupted[stack_id])
        now = time.monotonic()
        if deadline is not None and now >= deadline:
            raise OutOfTime("Resource creation cancelled")
        if now >= end:
            return
        _changed.wait((end if deadline is None else min(end, deadline)) - now)


def scaled(account, seconds):
    return seconds / read(account)["speed"]


def interrupt(stack_id, reason):
    """Ends every hold of the stack with this reason, until `resume`."""
    with _changed:
        _interrupted[stack_id] = reason
        _changed.notify_all()


def interrupt_once(stack_id, reason):
    """Ends the hold that is under way, if there is one."""
    with _changed:
        if stack_id in _held:
            _interrupted[stack_id] = reason
            _changed.notify_all()
            _changed.wait_for(lambda: stack_id not in _held, timeout=5)
            _interrupted.pop(stack_id, None)


def resume(stack_id):
    with _changed:
        _interrupted.pop(stack_id, None)


def reset(account=None):
    """No plan for one account, or for all."""
    with _changed:
        for known in [account] if account else list(_plans):
            _plans.pop(known, None)
        if not account:
            _interrupted.clear()
        _changed.notify_all()
