"""The engine never outlives whoever started it: it ends with its parent's death or with the end of its standard input."""

import ctypes
import os
import signal
import sys
import threading

PR_SET_PDEATHSIG = 1


def die_together():
    """Asks Linux for a kill when the parent dies; elsewhere standard input alone tells."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def watch_stdin():
    """Ends this process when its standard input does; a Ctrl-C on the terminal of the program that holds it is not meant for the engine."""
    if not sys.stdin.isatty():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_until_closed, name="stdin", daemon=True).start()


def _until_closed():
    try:
        while os.read(sys.stdin.fileno(), 4096):
            pass
    except OSError:
        pass
    os._exit(0)
