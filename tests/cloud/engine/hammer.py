"""Many accounts change and read a store of ministack's at once, at the worst moments: whatever the garbage collector does lets another thread in."""

import gc
import sys
import threading
import time
import weakref

from engine import serve

ACCOUNTS = 8
_litter = weakref.WeakSet()


def run(seconds=3):
    """Ends the process with what went wrong, or quietly."""
    serve.settle(0)
    from engine import names, parts
    parts.install()
    if names.unlisted():
        raise SystemExit(f"engine/names.py lacks {', '.join(names.unlisted())}")
    sys.setswitchinterval(1e-6)
    gc.freeze()    # what was made so far is not looked through each time
    gc.set_threshold(50, 2, 2)
    wrong, end = [], time.monotonic() + seconds
    threads = [threading.Thread(target=_hammer, args=(f"{number:012}", end, wrong)) for number in range(1, ACCOUNTS + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(f"{len(wrong)} walks failed: {', '.join(sorted(set(wrong)))}")


def _hammer(account, end, wrong):
    from ministack.core import responses
    from ministack.services import ec2, rds
    responses.set_request_account_id(account)
    for number in range(1_000_000):
        if time.monotonic() > end:
            return
        for store in (ec2._vpcs, rds._instances):
            try:
                _change(store, number)
                _walk(store)
            except RuntimeError as error:
                wrong.append(str(error))


def _change(store, number):
    """Fills the store and empties it again: one size is never followed by the same."""
    filling, key = number % 80 < 40, f"made-{number % 40}"
    if filling:
        store[key] = {"number": number}
    else:
        store.pop(key, None)


def _walk(store):
    _litter.add(_ring())
    assert len(store.items()) == len(store.values()) == len(list(store)) == len(store.keys()) == len(store), "an account sees its own, all of it"


def _ring():
    """What only the collector takes away; the set is told, in Python, and so another thread may come in."""
    ring = _Litter()
    ring.itself = ring
    return ring


class _Litter:
    pass
