"""From findings as whole numbers to findings as people and files read them."""

from collections.abc import Iterator

import polars as pl

from lacaudit.engine.derived import subject_frame
from lacaudit.engine.facts import Facts
from lacaudit.engine.limits import limit_texts
from lacaudit.engine.run import RuleResult
from lacaudit.engine.wording import messages
from lacaudit.kernels.reasons import is_outcome, outcome_text, reason_text
from lacaudit.model.outcomes import Outcome
from lacaudit.packs.loaded import LoadedRule
from lacaudit.packs.model import DeadlineRule, IntervalRule

_BATCH = 500_000


class Renderer:
    """Makes text of findings, a batch at a time, so that memory does not grow with their number.

    Args:
        facts: The facts.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._sources = pl.Series([s + "#" for s in facts.extracts.sources] or [""])
        self._evidence: dict[str, tuple[pl.Series, pl.Series]] = {}

    def batches(self, result: RuleResult, *, notable: bool) -> Iterator[pl.DataFrame]:
        """Yield a rule's findings as text, in order.

        Args:
            result: A rule judged with rows.
            notable: Leave out what is met or not applicable.

        Yields:
            Frames with the columns of findings.csv.
        """
        if result.findings is None:
            return
        frame = result.findings
        if notable:
            quiet = is_outcome(pl.col("reason"), Outcome.MET) | is_outcome(
                pl.col("reason"), Outcome.NOT_APPLICABLE
            )
            frame = frame.filter(~quiet)
        for start in range(0, len(frame), _BATCH):
            yield self._text(result.loaded, frame.slice(start, _BATCH))

    def _text(self, loaded: LoadedRule, frame: pl.DataFrame) -> pl.DataFrame:
        rule = loaded.rule
        names = self.facts.subject_names(rule.subject)
        texts = pl.Series(limit_texts(loaded), dtype=pl.String)
        frame = frame.with_columns(limit_text=texts.gather(frame.get_column("limit")))
        child = frame.get_column("child")
        fixed = {
            "rule": rule.code, "pack": loaded.pack, "topic": loaded.topic,
            "force": rule.force.value,
        }  # fmt: skip
        return frame.select(
            *(pl.lit(text).alias(name) for name, text in fixed.items()),
            self.facts.child_ids.gather(child).fill_null("").alias("child_id"),
            names.gather(frame.get_column("subject")).alias("subject"),
            pl.col("sequence").cast(pl.UInt32),
            "opened", "due", "done",
            limit=pl.col("limit_text").fill_null(""),
            outcome=outcome_text(pl.col("reason")),
            reason=reason_text(pl.col("reason")),
            days_over=pl.col("days_over"),
            open=pl.col("open"),
            waived=pl.col("waived"),
            message=messages(self.facts, loaded, frame),
            evidence=self._evidence_of(loaded, frame),
            team=self._of_child("team").gather(child),
            social_worker=self._of_child("social_worker").gather(child),
        )  # fmt: skip

    def _of_child(self, column: str) -> pl.Series:
        """A column of the children's table for each child number; empty where not known."""
        if column not in self.facts.columns("children"):
            return pl.Series(column, [""]).new_from_index(0, len(self.facts.child_ids))
        rows = self.facts.table("children").select("child", column)
        numbers = pl.DataFrame(
            {"child": pl.int_range(len(self.facts.child_ids), dtype=pl.UInt32, eager=True)}
        )
        return (
            numbers.join(rows, on="child", how="left", maintain_order="left")
            .get_column(column)
            .fill_null("")
        )

    def _row_of(self, frame: pl.DataFrame, place: pl.Series) -> pl.Series:
        """`file#row` for the rows of a frame at the places given; null where a place is."""
        rows = frame.select("source", "row")[place.fill_null(0)] if len(frame) else frame
        if not len(frame):
            return pl.Series([None], dtype=pl.String).new_from_index(0, len(place))
        text = self._sources.gather(rows.get_column("source")) + rows.get_column("row").cast(
            pl.String
        )
        return (
            pl.DataFrame({"t": text, "p": place})
            .select(pl.when(pl.col("p").is_not_null()).then(pl.col("t")))
            .to_series()
        )

    def _evidence_of(self, loaded: LoadedRule, frame: pl.DataFrame) -> pl.Series:
        """The rows a finding rests on: the anchor first, then the act."""
        rule = loaded.rule
        subject = frame.get_column("subject")
        if rule.subject == "child" and rule.kind == "limit":
            return self._counted_rows(rule.count, subject)
        anchor = self._row_of(subject_frame(self.facts, rule.subject), subject)
        if isinstance(rule, IntervalRule) and loaded.chain is not None:
            acts = self.facts.table(loaded.chain.acts)
            before = self._row_of(acts, frame.get_column("opened_act"))
            anchor = (
                pl.DataFrame({"b": before, "a": anchor}).select(pl.coalesce("b", "a")).to_series()
            )
        elif isinstance(rule, DeadlineRule) and rule.act.table is not None:
            acts = self.facts.table(rule.act.table)
        else:
            return anchor
        act = self._row_of(acts, frame.get_column("act"))
        return (
            pl.DataFrame({"a": anchor, "d": act})
            .select(pl.concat_str("a", "d", separator=";", ignore_nulls=True))
            .to_series()
        )

    def _counted_rows(self, table: str, child: pl.Series) -> pl.Series:
        """All rows of a counted table for each child, in order."""
        kind = {"placements": "placement", "care_periods": "care_period"}.get(table, table)
        rows = subject_frame(self.facts, kind)
        wanted = rows.filter(pl.col("child").is_in(child.unique().implode()))
        place = pl.Series(range(len(wanted)), dtype=pl.UInt32)
        text = (
            wanted.select("child", e=self._row_of(wanted, place))
            .group_by("child")
            .agg(pl.col("e").str.join(";"))
        )
        return (
            child.alias("child")
            .to_frame()
            .join(text, on="child", how="left", maintain_order="left")
            .get_column("e")
            .fill_null("")
        )
