"""Starts the test cloud on a free loopback port and prints where it answers, as one line of JSON.

    python3 tests/cloud/engine/launch.py [--port PORT | --hammer]

The first start makes a virtual environment in the cache folder. The process ends when its standard input or its parent does.
"""

import argparse
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:] = [str(HERE.parent), *(p for p in sys.path if p != str(HERE))]    # `engine` is a package; its files shadow nothing

from engine import environment, parent  # noqa: E402


def main():
    if sys.version_info < (3, 10):
        raise SystemExit(f"test cloud: Python 3.10 or newer is needed, this is {sys.version.split()[0]}")
    options = argparse.ArgumentParser(description="Start the test cloud.")
    options.add_argument("--port", type=int, default=0, help="loopback port; 0, the default, takes a free one")
    options.add_argument("--hammer", action="store_true", help="serve nothing: let many accounts change the engine's stores at once, and fail if one notices")
    options = options.parse_args()
    parent.die_together()
    if not environment.inside():
        python = environment.python()
        os.execv(python, [str(python), "-I", __file__, *sys.argv[1:]])
    parent.watch_stdin()
    from engine import hammer, serve
    if options.hammer:
        hammer.run()
    else:
        serve.run(options.port)


if __name__ == "__main__":
    main()
