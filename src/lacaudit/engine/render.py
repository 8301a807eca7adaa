"""From findings as whole numbers to findings as people and files read them."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from lacaudit.engine.checks import counted_rows
from lacaudit.engine.derived import subject_frame
from lacaudit.engine.facts import Facts
from lacaudit.engine.limits import limit_texts
from lacaudit.engine.run import RuleResult
from lacaudit.engine.subjects import names_at
from lacaudit.engine.wording import messages
from lacaudit.kernels.reasons import outcome_text, reason_text
from lacaudit.packs.loaded import LoadedRule
from lacaudit.packs.model import DeadlineRule, IntervalRule

_BATCH = 200_000


class Renderer:
    """Makes text of findings, a batch at a time, so that memory does not grow with their number.

    Args:
        facts: The facts.
        words: For columns with few values, the values they may hold: they come as dictionary
            columns. Others come as text.
    """

    def __init__(self, facts: Facts, words: Mapping[str, Sequence[str]]) -> None:
        self.facts = facts
        self._kinds = {name: pl.Enum(sorted(set(values))) for name, values in words.items()}
        self._sources = pl.Series([s + "#" for s in facts.extracts.sources] or [""])
        self._by_child: dict[str, pl.Series] = {}
        self._placed: dict[str, pl.DataFrame] = {}

    def batches(self, result: RuleResult) -> Iterator[pl.DataFrame]:
        """Yield a rule's findings as text, in order.

        Args:
            result: A rule judged with rows.

        Yields:
            Frames with the columns of findings.csv.
        """
        if result.findings is None:
            return
        frame = result.findings
        for start in range(0, len(frame), _BATCH):
            yield self._text(result.loaded, frame.slice(start, _BATCH))

    def _text(self, loaded: LoadedRule, frame: pl.DataFrame) -> pl.DataFrame:
        rule = loaded.rule
        texts = pl.Series(limit_texts(loaded), dtype=self._kinds.get("limit", pl.String()))
        frame = frame.with_columns(limit_text=texts.gather(frame.get_column("limit")))
        child = frame.get_column("child")
        fixed = {
            "rule": rule.code, "pack": loaded.pack, "topic": loaded.topic,
            "force": rule.force.value,
        }  # fmt: skip
        return frame.select(
            *(
                pl.lit(text).cast(self._kinds.get(name, pl.String())).alias(name)
                for name, text in fixed.items()
            ),
            self.facts.child_ids.gather(child).fill_null("").alias("child_id"),
            names_at(self.facts, rule.subject, frame.get_column("subject")),
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
        if column not in self._by_child:
            kind = self._kinds.get(column, pl.String())
            self._by_child[column] = self._read_of_child(column).cast(kind)
        return self._by_child[column]

    def _read_of_child(self, column: str) -> pl.Series:
        children = len(self.facts.child_ids)
        if column not in self.facts.columns("children"):
            return pl.Series(column, [""]).new_from_index(0, children)
        rows = self.facts.table("children").select("child", column)
        numbers = pl.DataFrame({"child": pl.int_range(children, dtype=pl.UInt32, eager=True)})
        return (
            numbers.join(rows, on="child", how="left", maintain_order="left")
            .get_column(column)
            .fill_null("")
        )

    def _places(self, name: str, frame: pl.DataFrame) -> pl.DataFrame:
        """The source and row of a frame's rows, in one piece: they are gathered from many times."""
        if name not in self._placed:
            self._placed[name] = frame.select("source", "row").rechunk()
        return self._placed[name]

    def _rows_at(self, frame: pl.DataFrame, place: pl.Series, name: str) -> pl.DataFrame:
        """The source and row of a frame's rows at the places given; null where a place is."""
        empty = not len(frame)
        at = place.fill_null(0)
        return pl.DataFrame(
            {
                f"{name}_source": place.cast(pl.UInt16) if empty else frame["source"].gather(at),
                f"{name}_row": place if empty else frame["row"].gather(at),
                f"{name}_known": place.is_not_null() & (not empty),
            }
        )

    def _written(self, name: str) -> pl.Expr:
        """`file#row` of a place, one file's name being the same text throughout."""
        row = pl.col(f"{name}_row").cast(pl.String)
        if len(self._sources) == 1:
            return pl.lit(self._sources[0]) + row
        return pl.lit(self._sources).gather(pl.col(f"{name}_source")) + row

    def _evidence_of(self, loaded: LoadedRule, frame: pl.DataFrame) -> pl.Series:
        """The rows a finding rests on: the anchor first, then the act."""
        rule = loaded.rule
        subject = frame.get_column("subject")
        if rule.subject == "child" and rule.kind == "limit":
            return self._counted_rows(loaded, subject)
        own = self._places(rule.subject, subject_frame(self.facts, rule.subject))
        rows = self._rows_at(own, subject, "anchor")
        anchor = self._written("anchor")
        if isinstance(rule, IntervalRule) and loaded.chain is not None:
            acts = self._places(loaded.chain.acts, self.facts.table(loaded.chain.acts))
            before = self._rows_at(acts, frame.get_column("opened_act"), "before")
            rows = pl.concat([rows, before], how="horizontal").with_columns(
                pl.when("before_known").then(f"before_{c}").otherwise(f"anchor_{c}")
                .alias(f"anchor_{c}") for c in ("source", "row")
            )  # fmt: skip
        elif isinstance(rule, DeadlineRule) and rule.act.table is not None:
            acts = self._places(rule.act.table, self.facts.table(rule.act.table))
        else:
            return rows.select(anchor).to_series()
        done = self._rows_at(acts, frame.get_column("act"), "act")
        after = pl.when("act_known").then(pl.lit(";") + self._written("act"))
        both = pl.concat_str(anchor, after, ignore_nulls=True)
        return pl.concat([rows, done], how="horizontal").select(both).to_series()

    def _counted_rows(self, loaded: LoadedRule, child: pl.Series) -> pl.Series:
        """The rows that were counted for each child, in order."""
        rows = counted_rows(self.facts, loaded)
        wanted = rows.filter(pl.col("child").is_in(child.unique().implode()))
        place = pl.int_range(len(wanted), dtype=pl.UInt32, eager=True)
        lines = self._rows_at(wanted, place, "row").select(self._written("row"))
        text = (
            wanted.select("child")
            .with_columns(lines.to_series().alias("e"))
            .group_by("child", maintain_order=True)
            .agg(pl.col("e").str.join(";"))
        )
        return (
            child.alias("child")
            .to_frame()
            .join(text, on="child", how="left", maintain_order="left")
            .get_column("e")
            .fill_null("")
        )
