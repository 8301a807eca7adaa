"""How subjects are named in findings, and the order that their names give."""

import polars as pl

from lacaudit.engine.derived import subject_frame
from lacaudit.engine.facts import Facts
from lacaudit.model.tables import TABLES
from lacaudit.packs.vocabulary import SUBJECTS


def subject_texts(facts: Facts, kind: str) -> pl.Series:
    """Return the name of each subject of a kind: `placement:P12`, `review:C1/2024-05-01`.

    Where a row has no id of its own it is named by child and first date; further rows with the
    same name get `/2`, `/3` in the order of their remaining columns, blank last.

    Args:
        facts: The facts.
        kind: A kind of subject.

    Returns:
        Strings, one for each row of the subject's frame, unique.
    """
    if kind == "child":
        return ("child:" + facts.child_ids).alias("subject")
    frame = subject_frame(facts, kind)
    subject = SUBJECTS[kind]
    table = TABLES[subject.table]
    child = facts.child_ids.gather(frame.get_column("child")).fill_null("")
    name = child
    if table.first_date is not None:
        name = child + "/" + frame.get_column(table.first_date).dt.to_string("%Y-%m-%d")
    own = table.id if table.id in frame.columns else ""
    if own:
        name = frame.get_column(own).to_frame("own").select(pl.coalesce("own", name)).to_series()
    texts = (f"{kind}:" + name).alias("subject")
    if rising(texts) or texts.n_unique() == len(texts):
        return texts
    order = [c.name for c in table.columns if c.name in frame.columns]
    # Codes stand in the order of their letters here, as a person would sort them.
    codes = [c.name for c in table.columns if c.codes and c.name in order]
    numbered = (
        frame.select("source", "row", *order)
        .cast(dict.fromkeys(codes, pl.String))
        .with_columns(texts, _i=pl.int_range(len(texts), dtype=pl.UInt32))
    )
    same = (
        numbered.filter(pl.col("subject").is_duplicated())
        .sort("subject", *order, "source", "row", nulls_last=True)
        .with_columns(_n=pl.col("_i").cum_count().over("subject"))
        .filter(pl.col("_n") > 1)
        .select("_i", _new=pl.col("subject") + "/" + pl.col("_n").cast(pl.String))
    )
    return (
        numbered.join(same, on="_i", how="left", maintain_order="left")
        .select(subject=pl.coalesce("_new", "subject"))
        .to_series()
    )


def own_ids(facts: Facts, kind: str) -> pl.Series | None:
    """Return the ids that name the subjects of a kind by themselves.

    Args:
        facts: The facts.
        kind: A kind of subject.

    Returns:
        The id of each row, where every row has one of its own and no two are the same; None
        where names must be made from more.
    """
    if kind == "child":
        return facts.child_ids
    frame = subject_frame(facts, kind)
    own = TABLES[SUBJECTS[kind].table].id
    if own not in frame.columns:
        return None
    ids = frame.get_column(own)
    if ids.null_count() or not (rising(ids) or ids.n_unique() == len(ids)):
        return None
    return ids


def names_at(facts: Facts, kind: str, places: pl.Series) -> pl.Series:
    """Return the names of some subjects, as `subject_texts` makes them.

    Args:
        facts: The facts.
        kind: A kind of subject.
        places: Numbers of subjects.

    Returns:
        Strings, one for each place.
    """
    ids = facts.subject_ids(kind)
    if ids is not None:
        return (f"{kind}:" + ids.gather(places)).alias("subject")
    return facts.subject_names(kind).gather(places)


def rising(texts: pl.Series) -> bool:
    """True where each text comes after the one before, so that no two are equal."""
    return bool((texts > texts.shift(1)).fill_null(value=True).all())


def subject_ranks(facts: Facts, kind: str) -> pl.Series | None:
    """Return the place of each subject in the order of child id and subject.

    Args:
        facts: The facts.
        kind: A kind of subject.

    Returns:
        UInt32, one for each row of the subject's frame; None where the rows stand in that order.
    """
    if kind == "child":
        return None
    child = subject_frame(facts, kind).get_column("child")
    ids = facts.subject_ids(kind)
    texts = facts.subject_names(kind) if ids is None else ids
    if child.is_sorted() and rising(texts):
        return None
    named = pl.DataFrame({"child": child, "subject": texts}).with_row_index("_i")
    ordered = named.sort("child", "subject", nulls_last=False).select("_i")
    if ordered.get_column("_i").is_sorted():
        return None
    return ordered.with_row_index("_rank").sort("_i").get_column("_rank")
