"""Run a command and measure it: `python measure.py SECONDS RESULT.json COMMAND...`

A process of its own and next to nothing in it: the most memory that a child took is counted over
all children of a process, and a child begins with what its parent has.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]


def main() -> None:
    """Run the command, stop it and its children when time is up, and write what it took."""
    limit, result, command = float(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    begun = time.monotonic()
    # In a session of its own, so that its children can be stopped with it.
    child = subprocess.Popen(command, start_new_session=True)
    late = False
    try:
        code = child.wait(limit)
    except subprocess.TimeoutExpired:
        late = True
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
        code = child.wait()
    seconds, megabytes = time.monotonic() - begun, None
    if resource is not None:
        # Of the processor: what else the machine does at the time is no fault of the command.
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = used.ru_utime + used.ru_stime
        megabytes = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    taken = {"code": code, "late": late, "seconds": seconds, "megabytes": megabytes}
    result.write_text(json.dumps(taken), encoding="utf-8")


if __name__ == "__main__":
    main()
