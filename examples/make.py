"""Write the three exports into a folder: `python -m examples.make FOLDER`.

The same children come out in three shapes, each as a case system might give them. The names of
columns and forms are invented, and copied from no system. The same files come out every time.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from examples import carefirst_like, liquidlogic_like, mosaic_like

EXPORTS = {
    "liquidlogic": liquidlogic_like.write,
    "mosaic": mosaic_like.write,
    "carefirst": carefirst_like.write,
}


def main(arguments: Sequence[str]) -> int:
    """Write every export into a folder of its own.

    Args:
        arguments: The folder.

    Returns:
        The exit code: 2 where no folder is named.
    """
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m examples.make FOLDER\n")
        return 2
    for name, write in EXPORTS.items():
        folder = Path(arguments[0]) / name
        folder.mkdir(parents=True, exist_ok=True)
        write(folder)
        sys.stdout.write(f"{folder}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
