"""Where the engine lives: a virtual environment of its own, made on first use and shared by every checkout with the same requirements."""

import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

from engine import parent

REQUIREMENTS = pathlib.Path(__file__).with_name("requirements.txt")


def python():
    """The environment's interpreter; whoever comes first makes it, the others wait."""
    home = folder()
    home.parent.mkdir(parents=True, exist_ok=True)
    with open(home.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)    # let go by the system, however this process ends
        if not ready(home).exists():
            make(home)
    return home / "bin" / "python"


def folder():
    """One folder per set of requirements and interpreter."""
    digest = hashlib.sha256(REQUIREMENTS.read_bytes())
    digest.update(f"{sys.base_prefix} {sys.version}".encode())
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(cache) / "terraform-provider-quilt" / f"cloud-{digest.hexdigest()[:16]}"


def inside():
    """Whether this interpreter is already the environment's."""
    return sys.prefix != sys.base_prefix and ready(pathlib.Path(sys.prefix)).exists()


def ready(home):
    """The file that says the environment is whole."""
    return home / "ready"


def make(home):
    shutil.rmtree(home, ignore_errors=True)
    run([sys.executable, "-m", "venv", home], "Python cannot make virtual environments here; install its venv package (python3-venv on Debian and Ubuntu)")
    run([home / "bin" / "python", "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "--requirement", REQUIREMENTS],
        "the test cloud's Python packages could not be installed; is the package index reachable?")
    ready(home).touch()


def run(command, advice):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, preexec_fn=parent.die_together)
    if done.returncode:
        raise SystemExit(f"test cloud: {advice}")
