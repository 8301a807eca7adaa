"""CSV files whose bytes, line ends, separators or header are not what they should be."""

from __future__ import annotations

import gzip

from tests.hostile.cases import DATES, HEADER, IDS, ROWS, Case, noise, reads, refused, text, whole

GOOD = text(HEADER, *ROWS)
PLAIN = GOOD.decode()
ACCENTS = text(HEADER, *(row.replace("C1", "Zoë") for row in ROWS)).decode()
_ACCENTED = ("QanaryZoë", "QanaryZoë", "QanaryC2")
_TITLES = [f"Note {number} about the visits" for number in range(1, 21)]


def _with(separator: str) -> bytes:
    return PLAIN.replace(",", separator).encode()


ENCODINGS = (
    Case("empty.csv", "no byte at all", b"", (refused("empty_file"),)),
    Case("blank-lines.csv", "blank lines only", b"\n\r\n\n\n", (refused("empty_file"),)),
    Case("bom-only.csv", "a byte order mark and nothing else", b"\xef\xbb\xbf",
         (refused("empty_file"),)),
    Case("separators-only.csv", "rows of separators and nothing else", b",,,\n,,,\n",
         (refused("empty_file|unknown_file"),)),
    Case("bom.csv", "UTF-8 with a byte order mark", b"\xef\xbb\xbf" + GOOD, (whole(),)),
    Case("utf16-le.csv", "UTF-16, low byte first", b"\xff\xfe" + ACCENTS.encode("utf-16-le"),
         (reads(3, 3, ids=_ACCENTED, dates=DATES),)),
    Case("utf16-be.csv", "UTF-16, high byte first", b"\xfe\xff" + ACCENTS.encode("utf-16-be"),
         (reads(3, 3, ids=_ACCENTED, dates=DATES),)),
    Case("utf16-cut.csv", "UTF-16 cut in the middle of a character",
         b"\xff\xfe" + PLAIN.encode("utf-16-le")[:-1], (refused("unreadable_file"),)),
    Case("utf16-unmarked.csv", "UTF-16 without a byte order mark", PLAIN.encode("utf-16-le"),
         (refused("nul_bytes|unreadable_file"), whole())),
    Case("utf32.csv", "UTF-32, whose mark begins as that of UTF-16 does",
         PLAIN.encode("utf-32"), (refused("nul_bytes|unreadable_file"), whole())),
    Case("windows.csv", "Windows text (cp1252) with an accent", ACCENTS.encode("cp1252"),
         (reads(3, 3, 0, 0, "windows_text", ids=_ACCENTED, dates=DATES),)),
    Case("windows-undefined.csv", "a byte that neither UTF-8 nor cp1252 has",
         PLAIN.replace("C1", "\x81").encode("latin-1"), (refused("unreadable_file"),)),
    Case("nul.csv", "a NUL byte in a cell", PLAIN.replace("C1", "\0", 1).encode(),
         (refused("nul_bytes"),)),
    Case("nul-padded.csv", "a copy that was cut off and padded with NUL bytes",
         GOOD[:-10] + bytes(600), (refused("nul_bytes"),)),
)  # fmt: skip

LINE_ENDS = (
    Case("crlf.csv", "Windows line ends", text(HEADER, *ROWS, end="\r\n"), (whole(),)),
    Case("bare-returns.csv", "lines that end in a carriage return alone, as on old Macs",
         text(HEADER, *ROWS, end="\r"), (refused("bare_returns"), whole())),
    Case("mixed-ends.csv", "line ends of both kinds",
         text(HEADER, ROWS[0], end="\r\n") + text(*ROWS[1:]), (whole(),)),
    Case("return-in-cell.csv", "a carriage return in a cell that is not quoted",
         PLAIN.replace("C1", "C\r1", 1).encode(),
         (refused("bare_returns"), reads(3, 2, 1, 0, "bad_id"))),
    Case("no-final-end.csv", "no line end after the last row", GOOD[:-1], (whole(),)),
    Case("cut-off.csv", "an export that stopped in the middle of the last row",
         GOOD[: GOOD.rindex(b",")],
         (reads(3, 2, 1, 0, "short_row", ids=IDS[:2], dates=DATES[:2]),)),
    Case("many-blank-lines.csv", "200,000 blank lines above the header", b"\n" * 200_000 + GOOD,
         (whole(), refused("unknown_file|empty_file"))),
)  # fmt: skip

SEPARATORS = (
    Case("sep-line.csv", "the line `sep=;` that Excel writes", b"sep=;\n" + _with(";"),
         (whole(),)),
    Case("sep-comma.csv", "the line `sep=,`", b"sep=,\r\n" + GOOD, (whole(),)),
    Case("semicolons.csv", "semicolons, and decimal commas in a column that no rule reads",
         text("visit_id;child_id;visit_date;hours,minutes",
              *(row.replace(",", ";") + ";1,5" for row in ROWS)), (whole("extra_columns"),)),
    Case("tabs.csv", "tabs", _with("\t"), (whole(),)),
    Case("pipes.csv", "pipes", _with("|"), (whole(),)),
    Case("separators-in-text.csv", "more semicolons, tabs and pipes in a cell than commas",
         text(HEADER + ",not_alone_reason",
              *(row + ",Qanary; x | y; z | u; v\tw; a | b" for row in ROWS)), (whole(),)),
    Case("two-separators.csv", "a header with semicolons over rows with commas",
         text(HEADER.replace(",", ";"), *ROWS),
         (reads(3, 0, 3, 0, "short_row"), refused("short_row|no_rows|bad_header"))),
)  # fmt: skip

HEADERS = (
    Case("header-only.csv", "a header and no row", text(HEADER), (reads(0, 0, 0, 0, "no_rows"),)),
    Case("header-no-end.csv", "a header without its line end", HEADER.encode(),
         (reads(0, 0, 0, 0, "no_rows"),)),
    Case("titles.csv", "title lines above the header",
         text("Visits, all teams", "", "Drawn by a report", "", HEADER, *ROWS),
         (whole("above_header"),)),
    Case("title-with-quotes.csv", "a title with quotation marks in it",
         text('Report: the "live" list, all teams', HEADER, *ROWS),
         (whole("above_header"), refused("stray_quote|bad_header"))),
    Case("header-on-20.csv", "the header on line 20", text(*_TITLES[:19], HEADER, *ROWS),
         (whole("above_header"),)),
    Case("header-on-21.csv", "the header on line 21, past where it is looked for",
         text(*_TITLES[:20], HEADER, *ROWS), (refused("unknown_file"),)),
    Case("header-blank.csv", "a first line without a name in it",
         text(",,", *ROWS), (refused("unknown_file|missing_column|bad_header"),)),
    Case("no-header.csv", "rows without a header", text(*ROWS),
         (refused("unknown_file|missing_column|bad_header"),)),
    Case("names-only.csv", "rows of names without a header: none of them names a column",
         text("Qanary Adams,North,Open", "Qanary Brown,South,Closed"),
         (refused("unknown_file|missing_column|bad_header"),)),
    Case("header-twice.csv", "two exports one after the other, each with its header",
         text(HEADER, *ROWS[:2], HEADER, ROWS[2]),
         (reads(4, 3, 1, 0, "bad_date|repeated_header", ids=IDS, dates=DATES), whole())),
    Case("mapped-twice.csv", "a column that is read, twice",
         text(HEADER + ",child_id", *(row + ",QanaryC9" for row in ROWS)),
         (refused("duplicate_header"),)),
    Case("unmapped-twice.csv", "a column that no rule reads, twice",
         text(HEADER + ",note,note", *(row + ",Qanary,x" for row in ROWS)),
         (whole("extra_columns"),)),
    Case("header-untidy.csv", "a header in capitals, quoted, with spaces and hard spaces",
         text('" VISIT_ID ",Child_ID\u00a0,\ufeffvisit_date', *ROWS), (whole(),)),
    Case("header-line-end.csv", "a line end inside a header",
         text(HEADER + ',"free\ntext"', *(row + ",Qanary" for row in ROWS)),
         (whole("extra_columns"),)),
    Case("header-control.csv", "a header that would paint the terminal red",
         text(HEADER + ",\x1b[31mnote\x1b]0;title\x07", *(row + ",Qanary" for row in ROWS)),
         (whole("extra_columns"), refused("bad_header|unreadable_file"))),
    Case("header-markup.csv", "a header that reads as mark-up of the terminal library",
         text(HEADER + ",[/red],[link=x]", *(row + ",Qanary,[/]" for row in ROWS)),
         (whole("extra_columns"),)),
    Case("needed-control.csv", "a needed column with a control character in its name",
         text(HEADER.replace("visit_date", "visit\x1bdate"), *ROWS),
         (refused("missing_column|unknown_file|bad_header"),)),
    Case("needed-missing.csv", "a needed column under another name",
         text("visit_id,child_id,seen_on", *ROWS),
         (refused("missing_column|unknown_file"),)),
)  # fmt: skip

OTHER_KINDS = (
    Case("page.csv", "a web page", b"<!DOCTYPE html>\n<html><body>Qanary: log in</body></html>\n",
         (refused("unknown_file"),)),
    Case("data.csv", "JSON", b'[{"visit_id": "QanaryV1", "child_id": "QanaryC1"}]\n',
         (refused("unknown_file|stray_quote|bad_header|missing_column"),)),
    Case("packed.csv", "a file that was packed", gzip.compress(GOOD, mtime=0),
         (refused("nul_bytes|unreadable_file"),)),
    Case("noise.csv", "random bytes", noise(903, 20_000),
         (refused("nul_bytes|unreadable_file|bare_returns"),)),
    Case("quotes-only.csv", "a megabyte of quotation marks", b'"' * 1_000_001,
         (refused("unclosed_quote|bad_header|long_record|unknown_file"),)),
)  # fmt: skip

CASES = (*ENCODINGS, *LINE_ENDS, *SEPARATORS, *HEADERS, *OTHER_KINDS)
