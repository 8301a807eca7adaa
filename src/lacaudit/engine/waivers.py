"""Waivers: findings that someone has agreed to leave, until a day."""

import polars as pl

from lacaudit.engine.facts import Facts
from lacaudit.packs.loaded import LoadedRule


class Waivers:
    """The waivers of the extracts, and which of them matched a finding.

    Args:
        facts: The facts.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.matched: set[int] = set()
        data = facts.extracts.tables.get("waivers")
        self.rows = pl.DataFrame() if data is None else self._read(data.frame)

    def _read(self, frame: pl.DataFrame) -> pl.DataFrame:
        optional = [
            pl.lit(None, dtype=pl.String).alias(c)
            for c in ("child_id", "subject")
            if c not in frame.columns
        ]
        return frame.with_columns(optional).with_row_index("waiver")

    @property
    def expired(self) -> pl.DataFrame:
        """Waivers whose last day has passed."""
        if self.rows.is_empty():
            return self.rows
        return self.rows.filter(pl.col("until") < pl.lit(self.facts.settings.as_at))

    @property
    def unmatched(self) -> pl.DataFrame:
        """Waivers that hold and matched no finding of the rules judged so far."""
        if self.rows.is_empty():
            return self.rows
        return self._holding.filter(~pl.col("waiver").is_in(sorted(self.matched)))

    @property
    def _holding(self) -> pl.DataFrame:
        return self.rows.filter(pl.col("until") >= pl.lit(self.facts.settings.as_at))

    def holds(self, code: str) -> bool:
        """True where a waiver for a rule holds on the as-at date."""
        return (
            not self.rows.is_empty() and not self._holding.filter(pl.col("rule") == code).is_empty()
        )

    def mark(self, frame: pl.DataFrame, loaded: LoadedRule) -> pl.DataFrame:
        """Add `waived` to a rule's findings.

        Args:
            frame: The findings, with `child` and `subject` as numbers.
            loaded: The rule.

        Returns:
            The findings with `waived`, true where a waiver's rule, and its child and subject
            where given, match.
        """
        if not self.holds(loaded.code):
            return frame.with_columns(waived=pl.lit(value=False))
        rows = self._holding.filter(pl.col("rule") == loaded.code)
        named = frame.select(
            child_id=self.facts.child_ids.gather(frame.get_column("child")),
            subject=self.facts.subject_names(loaded.rule.subject).gather(
                frame.get_column("subject")
            ),
        ).with_row_index("_f")
        hits = []
        for by in (["child_id", "subject"], ["child_id"], ["subject"]):
            others = [c for c in ("child_id", "subject") if c not in by]
            some = rows.filter(
                pl.all_horizontal(pl.col(c).is_not_null() for c in by)
                & pl.all_horizontal(pl.lit(value=True), *(pl.col(c).is_null() for c in others))
            )
            hits.append(named.join(some.select(*by, "waiver"), on=by).select("_f", "waiver"))
        general = rows.filter(pl.col("child_id").is_null() & pl.col("subject").is_null())
        hits.append(named.select("_f").join(general.select("waiver"), how="cross"))
        found = pl.concat(hits)
        self.matched.update(found.get_column("waiver").unique().to_list())
        marked = found.get_column("_f").unique().implode()
        return frame.with_columns(waived=pl.int_range(pl.len(), dtype=pl.UInt32).is_in(marked))

    def issues(self) -> pl.DataFrame:
        """Return an issue for each waiver that has expired, or holds and matched nothing.

        Returns:
            Issues as reading makes them; empty where every waiver works.
        """
        if self.rows.is_empty():
            return self.facts.extracts.issues.clear()
        sources = pl.Series(self.facts.extracts.sources)
        expired = self.expired.with_columns(
            problem=pl.lit("the waiver has expired"),
            column=pl.lit("until"),
            value=pl.col("until").cast(pl.String),
            kind=pl.lit("waiver_expired"),
        )
        unmatched = self.unmatched.with_columns(
            problem=pl.lit("the waiver matches no finding"),
            column=pl.lit("rule"),
            value=pl.col("rule"),
            kind=pl.lit("waiver_unmatched"),
        )
        both = pl.concat([expired, unmatched])
        return both.with_columns(
            level=pl.lit("warning"),
            file=sources.gather(both.get_column("source")).str.replace(r"\[[^\[]*\]$", ""),
            sheet=sources.gather(both.get_column("source"))
            .str.extract(r"\[([^\[]*)\]$")
            .fill_null(""),
            action=pl.lit("it waives nothing"),
            count=pl.lit(1, dtype=pl.UInt32),
        ).select(self.facts.extracts.issues.columns)
