"""Facts: what the rules read, worked out once from the extracts.

Children, care periods, placements and the rest as frames with whole numbers for ids. Everything
is worked out when first asked for and kept.
"""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import RLock

import polars as pl

from lacaudit.calendar import birthday
from lacaudit.engine import episodes as from_episodes
from lacaudit.engine.keeping import kept
from lacaudit.engine.keys import key
from lacaudit.engine.periods import end_at_18, merge, place_in_care
from lacaudit.engine.settings import Settings
from lacaudit.engine.states import status_states
from lacaudit.extracts import Extracts
from lacaudit.model.codes import CODES, GROUPS

# What is said of the end of a period is not yet known where the end lies after the as-at date.
_SAID_OF_END = (
    "end_reason", "ended_planned", "ended_by", "reason_ended", "reason_moved",
    "end_by_authority", "ended_immediate_risk",
)  # fmt: skip
_BUILT_FROM_EPISODES = {
    "care_periods": {"start": "start", "end": "end", "reason_ended": "end_reason"},
    "placements": {
        "start": "start", "end": "end", "placement_type": "placement_type", "provider": "provider",
    },
    "legal_statuses": {"start": "start", "end": "end", "legal_status": "legal_status"},
}  # fmt: skip


class Facts:
    """What the rules read. Frames are kept in a fixed order, so that a row's place names it.

    Args:
        extracts: What was read.
        settings: What the run was told.
    """

    def __init__(self, extracts: Extracts, settings: Settings) -> None:
        self.extracts = extracts
        self.settings = settings
        self._locks: defaultdict[str, RLock] = defaultdict(RLock)
        self._guard = RLock()
        self._prepared: dict[str, pl.DataFrame] = {}
        self._names: dict[str, pl.Series] = {}
        self._ids: dict[str, pl.Series | None] = {}
        self._run_cache: dict[str, tuple[pl.Series, pl.Series]] = {}
        self.derived: dict[tuple[str, str], pl.Series | None] = {}

    def alone(self, name: str) -> RLock:
        """Return the lock of one fact: rules are judged side by side, each fact worked out once.

        Facts are worked out from others, never in a circle, so no two wait for each other.
        """
        with self._guard:
            return self._locks[name]

    def prepare(self) -> None:
        """Work out what most rules read, so that rules judged side by side need not wait."""
        acts = [t for t in ("visits", "reviews") if t in self.extracts.tables]
        with ThreadPoolExecutor(1) as worker:
            beside = [worker.submit(self.table, t) for t in acts]
            _ = (self.placements, self.status_states, self.short_breaks)
            for made in beside:
                made.result()

    def columns(self, table: str) -> frozenset[str]:
        """Return the canonical columns of a table that the extracts give, or allow to be built.

        Args:
            table: A canonical table.

        Returns:
            The columns; empty where the table is absent.
        """
        if table in self.extracts.tables:
            return self.extracts.tables[table].columns
        if table in _BUILT_FROM_EPISODES and "episodes" in self.extracts.tables:
            given = self.extracts.tables["episodes"].columns
            built = {to for of, to in _BUILT_FROM_EPISODES[table].items() if of in given}
            return frozenset(built | {"child_id"})
        return frozenset()

    def has(self, table: str) -> bool:
        """True where the extracts give the table, or allow it to be built."""
        return bool(self.columns(table))

    @kept
    def child_ids(self) -> pl.Series:
        """Every child id of the extracts, in order; a child's place in it is its number."""
        names = [n for n in sorted(self.extracts.tables) if n != "waivers"]
        with ThreadPoolExecutor(2) as workers:
            ids = [runs[1].unique() for runs in workers.map(self._runs, names) if runs is not None]
        if not ids:
            return pl.Series("child_id", [], dtype=pl.String)
        return pl.concat(ids).drop_nulls().unique().sort()

    def _runs(self, table: str) -> tuple[pl.Series, pl.Series] | None:
        """Number the runs of one child id in a table, and give the id of each run.

        Extracts mostly hold one child's rows together, so there are far fewer runs than rows.
        """
        frame = self.extracts.tables[table].frame
        if "child_id" not in frame.columns:
            return None
        if table not in self._run_cache:
            ids = frame.get_column("child_id")
            run = ids.rle_id()
            heads = ids.filter((run != run.shift(1)).fill_null(value=True))
            self._run_cache[table] = (run, heads)
        return self._run_cache[table]

    @kept
    def _child_numbers(self) -> pl.DataFrame:
        return self.child_ids.to_frame("child_id").with_row_index("child")

    def unread(self, tables: Sequence[str]) -> pl.Series:
        """Return the numbers of children of whom a cell of some tables could not be read.

        Args:
            tables: Canonical tables; those that the extracts do not give are passed over.

        Returns:
            UInt32, without nulls: children of whom nothing may be said to be missing.
        """
        known = self.extracts.tables
        given = [known[name].unknown for name in tables if name in known]
        ids = pl.concat(given).unique() if given else pl.Series([], dtype=pl.String)
        return self._child_numbers.filter(pl.col("child_id").is_in(ids.implode()))["child"]

    def table(self, name: str) -> pl.DataFrame:
        """Return a table as given: `child` for the child's number, ends after the as-at date open.

        Args:
            name: A canonical table that the extracts give.

        Returns:
            The given columns, `source` and `row`; rows in the order read.
        """
        with self.alone(f"table {name}"):
            if name not in self._prepared:
                self._prepared[name] = self._prepare(name)
            return self._prepared[name]

    def _prepare(self, name: str) -> pl.DataFrame:
        frame = self.extracts.tables[name].frame
        if "child_id" in frame.columns:
            frame = frame.drop("child_id").with_columns(self._numbers(name))
        if name == "events" and {"child", "placement_id"} <= set(frame.columns):
            frame = self._children_of_events(frame)
        if "end" in frame.columns:
            later = (pl.col("end") > pl.lit(self.settings.as_at)).fill_null(value=False)
            frame = frame.with_columns(
                pl.when(~later).then(pl.col(c)).alias(c)
                for c in ("end", *_SAID_OF_END)
                if c in frame.columns
            )
        return frame

    def _children_of_events(self, events: pl.DataFrame) -> pl.DataFrame:
        """Give an event without a child the child of the placement it names."""
        if "placement_id" not in self.columns("placements") or not events["child"].null_count():
            return events
        named = (
            self.table("placements")
            .select("placement_id", _child="child")
            .drop_nulls()
            .unique("placement_id", keep="none")
        )
        found = events.select("placement_id").join(
            named, on="placement_id", how="left", maintain_order="left"
        )
        return events.with_columns(child=pl.coalesce("child", found.get_column("_child")))

    def _numbers(self, table: str) -> pl.Series:
        """Return the child's number for each row of a table; null where it names none."""
        runs = self._runs(table)
        if runs is None:
            return pl.Series("child", [], dtype=pl.UInt32)
        numbers = (
            runs[1]
            .to_frame("child_id")
            .join(self._child_numbers, on="child_id", how="left", maintain_order="left")
        )
        del self._run_cache[table]
        return numbers.get_column("child").gather(runs[0])

    @kept
    def _episodes(self) -> pl.DataFrame:
        return from_episodes.ordered(self.table("episodes"))

    @kept
    def born(self) -> pl.DataFrame | None:
        """`child` and `date_of_birth`; None where the extracts do not give it."""
        if "date_of_birth" not in self.columns("children"):
            return None
        return self.table("children").select("child", "date_of_birth")

    def born_of(self, child: pl.Series) -> pl.Series:
        """Return the date of birth for each child number; null where unknown."""
        if self.born is None:
            return pl.Series("date_of_birth", [None] * len(child), dtype=pl.Date)
        return (
            child.to_frame("child")
            .join(self.born, on="child", how="left", maintain_order="left")
            .get_column("date_of_birth")
        )

    @kept
    def care_periods(self) -> pl.DataFrame | None:
        """Care periods in the order of child and start; None where there are none to know.

        `child`, `start`, `end` (null goes on), the given columns, `start_unknown`, `rows`,
        `past_18`, `source`, `row`.
        """
        if not self.has("care_periods"):
            return None
        if "care_periods" in self.extracts.tables:
            rows = self.table("care_periods").with_columns(
                starts_anew=pl.lit(value=False), start_unknown=pl.lit(value=False)
            )
        else:
            rows = from_episodes.care_period_rows(self._episodes)
        if "end" not in rows.columns:
            rows = rows.with_columns(end=pl.lit(None, dtype=pl.Date))
        merged = merge(rows)
        return end_at_18(merged, self.born_of(merged.get_column("child")), self.settings.as_at)

    def in_care(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add `care`, `from_` and `to` to periods: the care period of each, and the part in it.

        Without care periods in the extracts every row is taken as it is: `care` is null.
        """
        if self.care_periods is None:
            return rows.with_columns(
                care=pl.lit(None, dtype=pl.UInt32), from_=pl.col("start"), to=pl.col("end")
            )
        return place_in_care(rows, self.care_periods)

    @kept
    def placements(self) -> pl.DataFrame | None:
        """Placements in the order of child and start, with the part that lies in care.

        `child`, `start`, `end` (cut to the care period; null goes on), the given columns,
        `care`, `from_`, `to`, `start_unknown`, `source`, `row`. Where the type is
        U1 or U4 a blank `long_term` is true.
        """
        if not self.has("placements"):
            return None
        if "placements" in self.extracts.tables:
            rows = self.table("placements").with_columns(start_unknown=pl.lit(value=False))
        else:
            rows = self._placements_from_episodes()
        if "end" not in rows.columns:
            rows = rows.with_columns(end=pl.lit(None, dtype=pl.Date))
        own = [c for c in ("placement_id",) if c in rows.columns]
        order = ["child", "start", *own, "end", "source", "row"]
        ordered = self._until_18(rows)
        starts = ordered.select(key(pl.col("child"), pl.col("start"))).to_series()
        # Where no two start together, child and start alone give the order.
        if not (starts > starts.shift(1)).fill_null(value=True).all():
            ordered = ordered.sort(order, nulls_last=True)
        placed = self.in_care(ordered)
        long_term = self._long_term(placed)
        cut = pl.when(pl.col("care").is_not_null()).then(pl.col("to")).otherwise(pl.col("end"))
        return placed.with_columns(end=cut, long_term=long_term)

    def _until_18(self, rows: pl.DataFrame) -> pl.DataFrame:
        """End placements on the 18th birthday, as the care period they lie in; drop later ones."""
        if self.born is None:
            return rows
        adult = birthday(pl.col("_born"), 18)
        past = (adult <= pl.lit(self.settings.as_at)).fill_null(value=False)
        return (
            rows.with_columns(self.born_of(rows.get_column("child")).alias("_born"))
            .filter((pl.col("start") < adult).fill_null(value=True))
            .with_columns(
                end=pl.when(past).then(pl.min_horizontal("end", adult)).otherwise(pl.col("end"))
            )
            .drop("_born")
        )

    def _long_term(self, placed: pl.DataFrame) -> pl.Expr:
        by_code = pl.col("placement_type").cast(pl.String).is_in(GROUPS["LONG_TERM"])
        said = pl.col("long_term") if "long_term" in placed.columns else pl.lit(None, pl.Boolean)
        return pl.when(said.is_not_null()).then(said).when(by_code).then(pl.lit(value=True))

    def _placements_from_episodes(self) -> pl.DataFrame:
        placed = self.in_care(self._episodes)
        rows = from_episodes.placement_rows(placed, placed.get_column("care"))
        if self.care_periods is None:
            return rows
        unknown = (
            self.in_care(rows)
            .select("care")
            .join(
                self.care_periods.with_row_index("care").select("care", "start", "start_unknown"),
                on="care",
                how="left",
                maintain_order="left",
            )
        )
        # Only the placement in which the extract's first care period opens began before it.
        first = (rows.get_column("start") == unknown.get_column("start")).fill_null(value=False)
        began_before = unknown.get_column("start_unknown").fill_null(value=False) & first
        return rows.with_columns(start_unknown=pl.col("start_unknown") & began_before)

    @kept
    def legal_statuses(self) -> pl.DataFrame | None:
        """Legal statuses with the care period each starts in; None where the extracts have none."""
        if not self.has("legal_statuses"):
            return None
        if "legal_statuses" in self.extracts.tables:
            rows = self.table("legal_statuses")
        else:
            rows = from_episodes.legal_status_rows(self._episodes)
        if "end" not in rows.columns:
            rows = rows.with_columns(end=pl.lit(None, dtype=pl.Date))
        placed = self.in_care(rows)
        if self.care_periods is None:
            return placed
        # A status that began before its care period is not of that period.
        inside = pl.col("from_") == pl.col("start")
        return placed.with_columns(care=pl.when(inside).then(pl.col("care")))

    @property
    def by_care(self) -> bool:
        """True where legal statuses are looked up within care periods."""
        return self.care_periods is not None

    @kept
    def status_states(self) -> pl.DataFrame | None:
        """Legal statuses made ready for looking up; None where the extracts have none."""
        if self.legal_statuses is None:
            return None
        return status_states(self.legal_statuses, by_care=self.by_care)

    @kept
    def short_breaks(self) -> pl.Series | None:
        """Whether all legal statuses of each care period are short breaks.

        Null where some are blank and every other is a short break; false where there is none.
        None as a whole where the extracts cannot show it.
        """
        if self.legal_statuses is None or self.care_periods is None:
            return None
        is_short = pl.col("legal_status").cast(pl.String).is_in(GROUPS["SHORT_BREAKS"])
        short = (
            self.legal_statuses.filter(pl.col("care").is_not_null())
            .group_by("care")
            .agg(_short=is_short.all(ignore_nulls=False), _shown=pl.lit(value=True))
        )
        shown = pl.col("_shown").fill_null(value=False)
        return (
            self.care_periods.with_row_index("care")
            .join(short, on="care", how="left", maintain_order="left")
            .select(_short=shown & pl.col("_short"))
            .to_series()
        )

    def subject_ids(self, kind: str) -> pl.Series | None:
        """Return the ids that name a kind of subject, as `subjects.own_ids` finds them."""
        from lacaudit.engine.subjects import own_ids  # noqa: PLC0415 it reads these facts

        with self.alone(f"ids {kind}"):
            if kind not in self._ids:
                self._ids[kind] = own_ids(self, kind)
            return self._ids[kind]

    def subject_names(self, kind: str) -> pl.Series:
        """Return the names of a kind of subject, as `subjects.subject_texts` makes them."""
        from lacaudit.engine.subjects import subject_texts  # noqa: PLC0415 it reads these facts

        with self.alone(f"names {kind}"):
            if kind not in self._names:
                self._names[kind] = subject_texts(self, kind)
            return self._names[kind]

    def status_type(self) -> pl.Enum:
        """Return the type that legal statuses are held in."""
        return pl.Enum(CODES["legal_status"])
