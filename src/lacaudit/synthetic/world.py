"""What every planting shares: the as-at date, the answers so far, and chance."""

from typing import NamedTuple

import numpy as np

from lacaudit.synthetic.answers import AnswerBook
from lacaudit.synthetic.clock import Clock


class World(NamedTuple):
    """What every planting shares.

    Attributes:
        clock: The as-at date with its calendar.
        book: Where answers are written down.
        rng: Where chance comes from.
    """

    clock: Clock
    book: AnswerBook
    rng: np.random.Generator
