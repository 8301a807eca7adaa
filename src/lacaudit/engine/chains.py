"""Chains: every gap of a recurring duty, with the tier that sets its limit.

A tier is a rule and one of its limits. Where what chooses the tier is not known, each that is
possible is judged: if all agree, that is the outcome, under the strictest; if not, it cannot be
determined.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import polars as pl

from lacaudit.engine.acts import days_of_acts
from lacaudit.engine.conditions import certain, expression, possible
from lacaudit.engine.facts import Facts
from lacaudit.engine.first_reviews import first_reviews
from lacaudit.engine.gaps import (
    LATER_RANK,
    acts_in_stretches,
    from_day_before,
    gaps,
    head_gaps,
    latest_only,
)
from lacaudit.engine.keys import day_of
from lacaudit.engine.limits import due_of, interval_of, judged_gaps
from lacaudit.engine.stretches import stretches
from lacaudit.kernels.reasons import RANK, is_outcome, outcome_rank
from lacaudit.model.outcomes import Outcome, Reason
from lacaudit.packs.conditions import columns_of
from lacaudit.packs.loaded import LoadedChain, LoadedRegime, LoadedRule, LoadedTier

# What a gap's tier can be beside a tier's number: not known, or none (no duty).
_UNKNOWN = 255
_NONE = 254
# What judging a gap reads.
_OF_JUDGED = ("subject", "child", "opened", "opened_act", "done", "act", "end")
# What tiers may speak of that is known only gap by gap.
_OF_GAP = ("opened", "first_gap", "rank", "reviewed_by_seventh_day")


@dataclass(frozen=True)
class TierOfChain:
    """One tier of a chain: its number, its place, the rule that sets its limits, its acts."""

    number: int
    regime: int
    tier: LoadedTier
    rule: LoadedRule
    acts: str


class Chain:
    """The gaps of one chain, worked out once for all its rules.

    Args:
        facts: The facts.
        chain: The chain.
        rules: Every rule of its pack, by code: tiers take their limits from them.
        assessed: Codes of those that these extracts allow to be judged. Where several tiers are
            possible, those of other rules are left out, so that no finding is lost with them.
    """

    def __init__(
        self,
        facts: Facts,
        chain: LoadedChain,
        rules: dict[str, LoadedRule],
        assessed: frozenset[str],
    ) -> None:
        self.facts = facts
        self.assessed = assessed
        self.chain = chain
        self.coverage = facts.settings.covers(chain.acts)
        self.tiers = [
            TierOfChain(number, place, tier, rules[tier.rule], chain.acts)
            for number, (place, tier) in enumerate(_flat(chain.regimes))
        ]

    @cached_property
    def stretches(self) -> pl.DataFrame:
        """The stretches, in order, with the days that tiers may speak of."""
        found = stretches(self.facts, self.chain).sort("child", "opens", "subject")
        source = self._source
        if "start" in source.columns:
            start = source.get_column("start").gather(found.get_column("subject"))
            unknown = source.get_column("start_unknown").gather(found.get_column("subject"))
            found = found.with_columns(
                anniversary=pl.when(~unknown).then(start.dt.offset_by("12mo")), _start=start
            )
        found = found.with_columns(tiers=self._possible_tiers(found))
        # Stretches of one kind have the same possible regimes and tiers; there are few kinds.
        return found.with_columns(kind=pl.struct("regimes", "tiers").rank("dense").cast(pl.UInt16))

    def _possible_tiers(self, found: pl.DataFrame) -> pl.Series:
        """A bit for each tier that may set the limit of a gap of the stretch.

        What is fixed for a stretch is looked at here, once; what changes from gap to gap is taken
        as unknown. Most stretches have one tier or two left, and their gaps little to ask.
        """
        columns = {c for t in self.tiers for c in columns_of(t.tier.when)}
        fixed = sorted(c for c in columns if c in self._source.columns and c not in found.columns)
        subject = found.get_column("subject")
        wide = found.with_columns(self._source.get_column(c).gather(subject) for c in fixed)
        bits = pl.lit(0, dtype=pl.UInt64)
        for one in self.tiers:
            governs = (pl.col("regimes").cast(pl.Int64) // (1 << one.regime)) % 2 == 1
            holds = expression(one.tier.when, [*wide.columns, *_OF_GAP], later=_OF_GAP)
            bit = pl.lit(1 << one.number, dtype=pl.UInt64)
            none = pl.lit(0, dtype=pl.UInt64)
            bits = bits + pl.when(governs & possible(holds)).then(bit).otherwise(none)
        return wide.select(tiers=bits).to_series()

    @property
    def _source(self) -> pl.DataFrame:
        frame = (
            self.facts.care_periods
            if self.chain.subject == "care_period"
            else self.facts.placements
        )
        if frame is None:
            msg = "a chain needs the table of its subject"
            raise ValueError(msg)
        return frame

    def _acts(self) -> pl.DataFrame:
        acts = days_of_acts(self.facts, self.chain.acts, self.chain.counted)
        if self.coverage.start is None:
            return acts
        return acts.filter(day_of(pl.col("key")) >= pl.lit(self.coverage.start))

    def _sorted_gaps(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Gaps with their tier (`_UNKNOWN` where it cannot be known), and the heads."""
        found = gaps(acts_in_stretches(self._acts(), self.stretches), self.stretches)
        if self.coverage.latest_only:
            found = latest_only(found, self.stretches)
        found = self._ranked(found)
        known, heads = head_gaps(found, self.stretches, self.coverage.start)
        return self._with_tier(known), self._with_tier(heads)

    def _ranked(self, found: pl.DataFrame) -> pl.DataFrame:
        """Rank the gaps whose tier may turn on it: only a first stretch has a first and a second.

        Where only the latest act is known, the gap after it is the second if that act was in time
        for the first, which the first tier that asks for a rank says.
        """
        ranked = [t for t in self.tiers if "rank" in columns_of(t.tier.when)]
        if not ranked:
            return found
        stretch = found.get_column("stretch")
        rank = pl.col("rank")
        if self.coverage.latest_only:
            limits = interval_of(ranked[0].rule).tiers[ranked[0].tier.tier]
            opened = pl.col("opens")
            by = due_of(limits, opened, opened, self.facts.settings)
            in_time = self.stretches.select(_by=by).to_series().gather(stretch)
            second = pl.when(pl.col("opened") <= in_time).then(pl.lit(2, dtype=pl.UInt32))
            rank = pl.when("first_gap").then(rank).otherwise(second)
        first = self.stretches.get_column("first").gather(stretch)
        later = pl.lit(LATER_RANK, dtype=pl.UInt32)
        return found.with_columns(rank=pl.when(first).then(rank).fill_null(later))

    def _with_tier(self, found: pl.DataFrame) -> pl.DataFrame:
        """Add `subject`, `child`, `end`, `regimes` and the tier's number to gaps."""
        place = found.get_column("stretch")
        taken = self.stretches.select("subject", "child", "regimes", end="closes")[place]
        marked = pl.concat([found, taken], how="horizontal")
        kind_of = self.stretches.get_column("kind").gather(place)
        tier = pl.Series("tier", [_NONE], dtype=pl.UInt8).new_from_index(0, len(marked))
        kinds = self.stretches.select("kind", "regimes", "tiers").unique().sort("kind")
        for kind, regimes, tiers in kinds.iter_rows():
            at = (kind_of == kind).arg_true()
            tier = tier.scatter(at, self._tiers_of(marked, at, regimes, tiers))
        return marked.with_columns(tier)

    def _tiers_of(self, marked: pl.DataFrame, at: pl.Series, regimes: int, tiers: int) -> pl.Series:
        """Return the tier of gaps whose stretches have the same possible regimes and tiers."""
        among = [t for t in self.tiers if tiers >> t.number & 1]
        if not among or regimes.bit_count() > 1:
            fixed = _UNKNOWN if among else _NONE
            return pl.Series([fixed], dtype=pl.UInt8).new_from_index(0, len(at))
        columns = {c for t in among for c in columns_of(t.tier.when)}
        needed = {"stretch", "subject", "opened", *columns} & set(marked.columns)
        rows = marked.select(sorted(needed))
        wide = self._with_columns(rows if len(at) == len(rows) else rows[at], columns)
        chosen = pl.lit(_NONE, dtype=pl.UInt8)
        for one in reversed(among):
            holds = expression(one.tier.when, wide.columns, day=pl.col("opened"))
            chosen = (
                pl.when(holds)
                .then(pl.lit(one.number, dtype=pl.UInt8))
                .when(holds.is_null())
                .then(pl.lit(_UNKNOWN, dtype=pl.UInt8))
                .otherwise(chosen)
            )
        return wide.select(tier=chosen).to_series()

    def _with_columns(self, rows: pl.DataFrame, columns: set[str]) -> pl.DataFrame:
        """Bring the columns that tiers read to each gap."""
        stretch = rows.get_column("stretch")
        added: list[pl.Series] = []
        for column in sorted(columns):
            if column in rows.columns:
                continue
            if column == "reviewed_by_seventh_day":
                added.append(self._reviewed_by_seventh_day(rows))
            elif column in self.stretches.columns:
                added.append(self.stretches.get_column(column).gather(stretch))
            elif column in self._source.columns:
                added.append(self._source.get_column(column).gather(rows.get_column("subject")))
        return rows.with_columns(added)

    @cached_property
    def _first_review(self) -> pl.Series:
        return first_reviews(self.facts, self.stretches)

    def _reviewed_by_seventh_day(self, rows: pl.DataFrame) -> pl.Series:
        """Whether the first review since the placement began was held in time to end weekly visits.

        Unknown where reviews are not covered from the start of the placement and none that is
        covered was held in time: an earlier one may have been.
        """
        review = self._first_review.gather(rows.get_column("stretch"))
        held = (review <= rows.get_column("opened") + timedelta(days=7)).fill_null(value=False)
        coverage = self.facts.settings.covers("reviews")
        name = "reviewed_by_seventh_day"
        if coverage.latest_only:
            # An earlier review than the latest may have been the first.
            seen = pl.DataFrame({"held": held, "review": review})
            known = pl.col("held") | pl.col("review").is_null()
            return seen.select(pl.when(known).then(pl.col("held")).alias(name)).to_series()
        if coverage.start is None:
            return held.alias(name)
        since = self.stretches.get_column("_start").gather(rows.get_column("stretch"))
        return (
            pl.DataFrame({"held": held, "since": since})
            .select(
                pl.when(pl.col("held") | (pl.col("since") >= coverage.start))
                .then(pl.col("held"))
                .alias(name)
            )
            .to_series()
        )

    @cached_property
    def gaps(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The gaps that one tier judges, and those that were judged with several in view.

        The first have `tier`, the second their reason too: heads, and gaps whose tier is not
        known.
        """
        known, heads = self._sorted_gaps()
        parts = [self._undecided(known.filter(pl.col("tier") == _UNKNOWN))]
        if len(heads):
            parts.append(self._heads(heads))
        settled = pl.concat([p for p in parts if len(p)] or parts[:1])
        known, settled = self._with_unsure(known), self._with_unsure(settled)
        return known.select(*_OF_JUDGED, *self._unsure, "tier"), settled.drop("stretch")

    @cached_property
    def _unsure(self) -> tuple[str, ...]:
        """The column that says whose gaps may be outside; empty where those of none may be."""
        return ("unsure",) if self.stretches.get_column("unsure").any() else ()

    def _with_unsure(self, rows: pl.DataFrame) -> pl.DataFrame:
        stretch = rows.get_column("stretch")
        return rows.with_columns(self.stretches.get_column(c).gather(stretch) for c in self._unsure)

    def _or_outside(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Say of gaps that may be outside that they cannot be judged.

        What opened on a day that is not known stays outside coverage.
        """
        if not self._unsure:
            return rows
        place = pl.col("unsure") & pl.col("opened").is_not_null()
        blank = pl.lit(RANK[Reason.MISSING_DATA], dtype=pl.UInt8)
        reasons = pl.when(place).then(blank).otherwise(pl.col("reason"))
        return rows.with_columns(reason=reasons).drop("unsure")

    def judged(self, rule: LoadedRule) -> pl.LazyFrame:
        """Return the gaps of one rule, judged.

        Args:
            rule: An interval rule of this chain.

        Returns:
            `subject`, `child`, `opened`, `opened_act`, `due`, `done`, `act`, `end`, `limit`
            (place of the limit among the rule's), `reason`.
        """
        own = [t for t in self.tiers if t.tier.rule == rule.code]
        known, settled = self.gaps
        parts = [
            judged_gaps(
                known.lazy().filter(pl.col("tier") == t.number),
                t,
                self.facts.settings,
                keep=self._unsure,
            ).with_columns(undecided=pl.lit(value=False))
            for t in own
        ]
        decided = settled.lazy().filter(pl.col("tier").is_in([t.number for t in own]))
        return pl.concat([self._or_outside(part) for part in (*parts, decided.drop("tier"))])

    def _candidates(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge each gap under every tier that is possible for it."""
        keep = (
            "_gap",
            "_first",
            "stretch",
            *(["_start_unknown"] if "_start_unknown" in rows.columns else []),
        )
        columns = {c for t in self.tiers for c in columns_of(t.tier.when)}
        wide = self._with_columns(rows.with_row_index("_gap"), columns)
        parts = []
        passed: dict[int, pl.Expr] = {}
        for one in self.tiers:
            if one.rule.code not in self.assessed:
                continue
            holds = expression(one.tier.when, wide.columns, day=pl.col("opened"))
            governs = (pl.col("regimes").cast(pl.Int64) // (1 << one.regime)) % 2 == 1
            earlier = passed.get(one.regime, pl.lit(value=False))
            taken = wide.lazy().filter(governs & ~earlier & possible(holds))
            passed[one.regime] = earlier | certain(holds)
            judged = judged_gaps(taken, one, self.facts.settings, keep=keep)
            parts.append(judged.with_columns(tier=pl.lit(one.number, dtype=pl.UInt8)))
        return pl.concat(parts).collect(engine="in-memory")

    def _undecided(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Settle gaps whose tier cannot be known."""
        candidates = self._candidates(rows)
        agree = outcome_rank(pl.col("reason")).n_unique().over("_gap") == 1
        unsure = pl.lit(RANK[Reason.MISSING_DATA], dtype=pl.UInt8)
        return (
            candidates.with_columns(
                undecided=pl.col("tier").n_unique().over("_gap") > 1,
                reason=pl.when(agree).then(pl.col("reason")).otherwise(unsure),
            )
            # The strictest limit is the one that falls due first; equal ones by regime.
            .sort("_gap", "_first", "tier")
            .unique("_gap", keep="first", maintain_order=True)
            .drop("_gap", "_first")
        )

    def _heads(self, heads: pl.DataFrame) -> pl.DataFrame:
        """Settle gaps whose opening the extracts cannot show.

        They cannot be determined, unless even an act on the day before coverage began would
        leave a breach.
        """
        start = self.coverage.start
        plain = heads.drop("tier", "start_unknown", "covered")
        unknown = self._undecided(
            plain.with_columns(_start_unknown=heads.get_column("start_unknown"))
        )
        outside = pl.lit(RANK[Reason.OUTSIDE_COVERAGE], dtype=pl.UInt8)
        blank = pl.when(~pl.col("_start_unknown"))
        hidden = unknown.with_columns(
            reason=outside,
            opened=blank.then(pl.col("opened")),
            # Of a start that is not known no act can be said to be the first since.
            done=blank.then(pl.col("done")),
            act=blank.then(pl.col("act")),
            due=blank.then(pl.col("due")),
        )
        if start is None:
            return hidden.drop("_start_unknown")
        virtual = from_day_before(heads.drop("tier", "start_unknown"), start).drop("covered")
        judged = self._undecided(virtual)
        breached = judged.filter(is_outcome(pl.col("reason"), Outcome.BREACH))
        return pl.concat(
            [
                hidden.join(breached, on="stretch", how="anti").drop("_start_unknown"),
                breached,
            ]
        )


def _flat(regimes: tuple[LoadedRegime, ...]) -> Iterator[tuple[int, LoadedTier]]:
    for place, regime in enumerate(regimes):
        for tier in regime.tiers:
            yield place, tier
