"""Files and columns that no layout reads, and what of ours they are most like."""

from collections.abc import Sequence
from pathlib import Path

from lacaudit.audit.config import Config
from lacaudit.audit.proposal_text import OURS, file_lines
from lacaudit.audit.proposals import header_of, nearest_column, proposals
from lacaudit.extracts import Input
from lacaudit.extracts.strange import Strange
from lacaudit.report.inspection_model import NotUnderstood


def not_understood(odd: Sequence[Strange], config: Config) -> tuple[NotUnderstood, ...]:
    """Say what each file that was not understood is most like.

    Args:
        odd: The files.
        config: The configuration, whose layout the proposals add to.

    Returns:
        For each file what is shown of it; never a cell below its header.
    """
    layout = config.layout[-1].layout if config.layout else OURS
    told: list[NotUnderstood] = []
    first: dict[tuple[str, ...], str] = {}
    for one in odd:
        name = f"{one.file}[{one.sheet}]" if one.sheet else one.file
        headers = header_of(one.rows)
        called = one.sheet or Path(one.file).stem
        found = proposals(called, headers) if headers else ()
        lines = file_lines(layout, called, headers, found) if found else ()
        tables = tuple(proposal.table for proposal in found)
        # Which columns a table needs is a help where nothing nearer can be said.
        hint = "" if lines and one.kind == "unknown_file" else one.hint
        if lines and first.setdefault(headers, name) != name:
            # The export of another month: one mapping reads both.
            hint, lines = f"Its columns are those of {first[headers]}.", ()
        told.append(NotUnderstood(name, one.problem, hint, headers, tables, lines))
    return tuple(told)


def nearest_of(inputs: Sequence[Input], config: Config) -> dict[tuple[str, str, str], str]:
    """Say for which column of ours a header that no table reads may be meant.

    Args:
        inputs: Each table of each file. Of built-in layouts but the canonical one the columns are
            known, and kept out on purpose.
        config: The configuration, which names the layouts of the council.

    Returns:
        By file, sheet and header the table and column, where there is one very like it.
    """
    open_to_more = {"canonical", *(one.layout for one in config.layout)}
    found: dict[tuple[str, str, str], str] = {}
    read = {(i.file, i.sheet, m.source) for i in inputs for m in i.mappings if m.column}
    for one in inputs:
        if one.layout not in open_to_more or not one.table:
            continue
        taken = [m.column for m in one.mappings if m.column]
        for source in (m.source for m in one.mappings if not m.column):
            key = (one.file, one.sheet, source)
            near = nearest_column(source, one.table, taken) if key not in read else ""
            if near:
                found.setdefault(key, f"{one.table}.{near}")
    return found
