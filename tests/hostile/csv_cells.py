"""CSV files whose rows, quotation marks or cells are not what they should be."""

from __future__ import annotations

from tests.hostile.cases import (
    DATES,
    HEADER,
    IDS,
    ORDINARY_MEGABYTES,
    ROWS,
    Case,
    Outcome,
    reads,
    refused,
    text,
    whole,
)

_LAST = ROWS[2].rpartition(",")[0]  # the third row without its date
_PLACEMENTS = "placement_id,child_id,start,end,placement_type"


def _dated(cell: str) -> bytes:
    """The rows, the date of the third replaced."""
    return text(HEADER, *ROWS[:2], f"{_LAST},{cell}")


def _third_rejected(*kinds: str) -> Outcome:
    return reads(3, 2, 1, 0, *kinds, ids=IDS[:2], dates=DATES[:2])


def _noted(note: str, *rest: str) -> bytes:
    """The rows with a column of text; the first one's is given."""
    return text(HEADER + ",not_alone_reason", f"{ROWS[0]},{note}", *rest)


SHAPES = (
    Case("short-row.csv", "a row with too few cells", text(HEADER, *ROWS, "QanaryV4,QanaryC2"),
         (reads(4, 3, 1, 0, "short_row", ids=IDS, dates=DATES),)),
    Case("long-row.csv", "a row with a cell too many, which is filled",
         text(HEADER, *ROWS, "QanaryV4,QanaryC2,2024-04-01,Qanary"),
         (reads(4, 3, 1, 0, "long_row", ids=IDS, dates=DATES),)),
    Case("long-blank-row.csv", "rows with further cells that are blank",
         text(HEADER, ROWS[0] + ",,", ROWS[1] + ', ,""', ROWS[2]), (whole(),)),
    Case("trailing-separators.csv", "separators at the end of the header and of every row",
         text(*(line + ",,," for line in (HEADER, *ROWS))), (whole(),)),
    Case("blank-rows.csv", "rows of separators and of spaces between the others",
         text(HEADER, ROWS[0], ",,", " , ,\u00a0", "", ROWS[1], ROWS[2], ",,", ""),
         (whole("blank_rows"),)),
    Case("total-row.csv", "a row of totals at the end", text(HEADER, *ROWS, "Total,,3"),
         (reads(4, 3, 1, 0, "bad_date|total_row", "missing_value|total_row", ids=IDS, dates=DATES),
          reads(4, 3, 1, 0, "missing_value|footer|total_row", ids=IDS, dates=DATES), whole())),
    Case("filters-footer.csv", "the filters that Power BI writes below the rows",
         text(HEADER, *ROWS, "", "Applied filters:", "Team is Qanary", "Status is not (Blank)"),
         (reads(6, 3, 3, 0, "short_row", ids=IDS, dates=DATES), whole())),
    Case("two-tables.csv", "the rows of another table below, under a header of their own",
         text(HEADER, *ROWS, "", "review_id,child_id,review_date", "QanaryR1,QanaryC1,2024-04-01"),
         (reads(5, 4, 1, 0, "bad_date"), reads(5, 3, 2, 0, "second_header|bad_date"),
          refused("second_header|two_tables"))),
    Case("same-row-again.csv", "a row that says the same as an earlier one",
         text(HEADER, *ROWS, ROWS[1]),
         (reads(4, 3, 1, 0, "duplicate_row", ids=IDS, dates=DATES),)),
    Case("columns-5000.csv", "5,000 columns",
         text(HEADER + "".join(f",c{i}" for i in range(4_997)),
              *(row + ",Qanary" * 4_997 for row in ROWS)), (whole("extra_columns"),)),
    Case("columns-900000.csv", "900,000 separators after the header",
         text(HEADER + "," * 900_000, *ROWS),
         (whole(), reads(3, 0, 3, 0, "short_row"),
          refused("too_many_columns|too_large|long_record|bad_header|unknown_file")),
         alone=True, megabytes=ORDINARY_MEGABYTES),
    Case("line-of-2mb.csv", "one line of two megabytes", b"Qanary" * 350_000,
         (refused("long_record|unknown_file|bad_header"),), alone=True),
    Case("record-of-2mb.csv", "a row of two megabytes",
         _noted("Qanary" * 350_000, *(row + "," for row in ROWS[1:])),
         (refused("long_record"), reads(3, 2, 1, 0, "long_record"))),
    Case("cell-of-300kb.csv", "a cell of 300 kilobytes",
         _noted("Qanary" * 50_000, *(row + "," for row in ROWS[1:])), (whole(),)),
)  # fmt: skip

QUOTES = (
    Case("unclosed.csv", "a quotation mark that is never closed",
         text(HEADER, ROWS[0], 'QanaryV2,"QanaryC1,2024-02-14', ROWS[2]),
         (refused("unclosed_quote"),)),
    Case("swallowed-id.csv", "a quotation mark that closes again on the next row, in an id",
         text(HEADER, 'QanaryV1,"QanaryC1,2024-01-10', 'QanaryV2,QanaryC1",2024-02-14', ROWS[2]),
         (reads(2, 1, 1, 0, "line_end_in_quotes", "bad_id", ids=IDS[2:], dates=DATES[2:]),)),
    Case("swallowed-text.csv", "the same in a text: it could be meant, and is said",
         _noted('"Qanary', ROWS[1] + ',"', ROWS[2] + ","),
         (reads(2, 2, 0, 0, "line_end_in_quotes", ids=IDS[1:], dates=DATES[::2]),)),
    Case("stray-quote.csv", "a quotation mark within a cell",
         _noted('Qanary 6" pipe', *(row + "," for row in ROWS[1:])),
         (refused("stray_quote"), whole(), reads(3, 2, 1, 0, "stray_quote", dates=DATES[1:]))),
    Case("after-quote.csv", "letters after a closing quotation mark",
         _noted('"Qanary"x', *(row + "," for row in ROWS[1:])),
         (refused("stray_quote"), reads(3, 2, 1, 0, "stray_quote", dates=DATES[1:]))),
    Case("line-end-in-cell.csv", "a line end in a quoted cell",
         _noted('"Qanary, said\n""no"""', *(row + "," for row in ROWS[1:])),
         (whole("line_end_in_quotes"),)),
    Case("all-quoted.csv", "every cell quoted, one of them with doubled quotation marks",
         text('"visit_id","child_id","visit_date","not_alone_reason"',
              *('"' + row.replace(",", '","') + '","a ""b"", c"' for row in ROWS)), (whole(),)),
)  # fmt: skip

DATED = (
    Case("two-digit-year.csv", "a year of two digits", _dated("05/03/24"),
         (_third_rejected("bad_date"),)),
    Case("no-such-day.csv", "31/02/2024", _dated("31/02/2024"), (_third_rejected("bad_date"),)),
    Case("american.csv", "12/31/2023", _dated("12/31/2023"), (_third_rejected("bad_date"),)),
    Case("serial.csv", "a serial number of Excel's in a CSV file", _dated("45356"),
         (_third_rejected("bad_date"),)),
    Case("bare-month.csv", "a month without a day", _dated("Mar 2024"),
         (_third_rejected("bad_date"),)),
    Case("year-zero.csv", "the year 0000", _dated("0000-01-01"),
         (_third_rejected("bad_date|out_of_range"),)),
    Case("year-24.csv", "the year 0024, as a wrong pattern makes it", _dated("0024-03-05"),
         (_third_rejected("bad_date|out_of_range"),)),
    Case("year-1900.csv", "1900-01-01, which stands for unknown in some systems",
         _dated("1900-01-01"),
         (reads(3, 3), _third_rejected("out_of_range|bad_date|missing_value|placeholder_date"))),
    Case("year-9999.csv", "9999-12-31 for an open end",
         text(_PLACEMENTS, "QanaryP1,QanaryC1,2024-01-10,,U6",
              "QanaryP2,QanaryC2,2024-02-14,9999-12-31,U6"),
         (reads(2, 1, 1, 0, "out_of_range", table="placements", ids=IDS[:1], dates=DATES[:1]),)),
    Case("with-times.csv", "dates with a time of midnight, as a database writes them",
         text(HEADER, *(row + " 00:00:00.000" for row in ROWS)), (whole(),)),
    Case("later.csv", "a visit after the as-at date", _dated("2024-07-01"),
         (reads(3, 2, 0, 1, ids=IDS[:2], dates=DATES[:2]),)),
    Case("all-bad.csv", "no row that can be used", text(HEADER, *(f"{i},," for i in range(30))),
         (reads(30, 0, 30, 0, "missing_value"),)),
)  # fmt: skip

CELLS = (
    Case("leading-zeros.csv", "ids with leading zeros",
         text(HEADER, "1,007,2024-01-10", "2,0007,2024-02-14"),
         (reads(2, 2, ids=("007", "0007"), dates=DATES[:2]),)),
    Case("id-with-decimals.csv", "an id that a spreadsheet made a decimal of",
         text(HEADER, "1.0,101.0,2024-01-10", "2.0,102.0,2024-02-14"), (reads(2, 2),)),
    Case("spaced-ids.csv", "ids with spaces and hard spaces around them",
         text(HEADER, "QanaryV1, QanaryC1 ,2024-01-10", "QanaryV2,\u00a0QanaryC1\u2009,2024-02-14",
              "QanaryV3,\tQanaryC2, 2024-03-05 "), (whole(),)),
    Case("blank-id.csv", "a row without a child", text(HEADER, *ROWS, "QanaryV4,,2024-04-01"),
         (reads(4, 3, 1, 0, "missing_value", ids=IDS, dates=DATES),)),
    Case("formulas.csv", "cells that a spreadsheet would run",
         text(HEADER + ",not_alone_reason",
              *(row + ",=cmd|'/C Qanary'!A0" for row in ROWS)), (whole(),)),
    Case("scripts.csv", "right-to-left, emoji, combining and private letters in ids",
         text(HEADER, "V1,\u05e9\u05dc\u05d5\u05dd\u202e,2024-01-10",
              "V2,\U0001f469\u200d\U0001f467e\u0301,2024-02-14", "V3,\ue000\ufffd,2024-03-05"),
         (reads(3, 3, dates=DATES),)),
    Case("control-in-id.csv", "a control character within an id",
         text(HEADER, *ROWS[:2], ROWS[2].replace("C2", "\x1bC2")), (_third_rejected("bad_id"),)),
    Case("end-before-start.csv", "an end before its start",
         text(_PLACEMENTS, "QanaryP1,QanaryC1,2024-01-10,,U6",
              "QanaryP2,QanaryC2,2024-02-14,2024-02-13,U6"),
         (reads(2, 1, 1, 0, "end_before_start", table="placements", ids=IDS[:1]),)),
)  # fmt: skip

CASES = (*SHAPES, *QUOTES, *DATED, *CELLS)
