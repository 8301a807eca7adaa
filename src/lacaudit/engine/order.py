"""The order of findings: by child, subject and sequence, on whole numbers."""

import polars as pl

from lacaudit.engine.facts import Facts
from lacaudit.engine.subjects import subject_ranks
from lacaudit.packs.loaded import LoadedRule
from lacaudit.packs.model import IntervalRule


def in_order(facts: Facts, loaded: LoadedRule, frame: pl.DataFrame) -> pl.DataFrame:
    """Put one rule's findings in order and number the gaps of each subject.

    Args:
        facts: The facts.
        loaded: The rule.
        frame: Its findings.

    Returns:
        The findings in the order of child, subject and sequence, with `sequence` from 1.
    """
    ranks = subject_ranks(facts, loaded.rule.subject)
    one = pl.lit(1, dtype=pl.UInt32)
    if ranks is not None:
        frame = frame.with_columns(_rank=ranks.gather(frame.get_column("subject")))
    else:
        frame = frame.with_columns(_rank=pl.col("subject"))
    if not isinstance(loaded.rule, IntervalRule):
        if not frame.get_column("_rank").is_sorted():
            frame = frame.sort("_rank")
        return frame.drop("_rank").with_columns(sequence=one)
    # Opened, then done with blank last: as one number beside the rank, for a quick sort.
    day = pl.col("opened").cast(pl.Int64).fill_null(-100_000) + 100_000
    done = pl.col("done").cast(pl.Int64).fill_null(99_999) + 30_000
    frame = frame.with_columns(
        _key=pl.col("_rank").cast(pl.Int64) * (1 << 36) + day * (1 << 18) + done
    )
    if not frame.get_column("_key").is_sorted():
        frame = frame.sort("_key", "limit")
    place = pl.int_range(pl.len(), dtype=pl.UInt32)
    first = (pl.col("_rank") != pl.col("_rank").shift(1)).fill_null(value=True)
    begins = pl.when(first).then(place).forward_fill()
    return frame.with_columns(sequence=place - begins + one).drop("_rank", "_key")
