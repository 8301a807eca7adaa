"""How cells become values, and what is said of those that do not."""

from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.extracts.support import counts, kinds, put, put_book, read_at

# what is written           | the date it is
DATES = """
2024-02-01                  | 2024-02-01
 2024-02-01\u00a0           | 2024-02-01
01/02/2024                  | 2024-02-01
2024-02-01 23:59            | 2024-02-01
2024-02-01T09:30:00         | 2024-02-01
2024-02-01 09:30:00.000     | 2024-02-01
01/02/2024 09:30            | 2024-02-01
01/02/2024 09:30:15         | 2024-02-01
29/02/2024                  | 2024-02-29
"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def table(text: str) -> list[tuple[str, ...]]:
    return [tuple(c.strip(" ") for c in line.split("|")) for line in text.strip("\n").splitlines()]


@pytest.mark.parametrize(("written", "meant"), table(DATES))
def test_a_date_is_read_in_any_of_its_forms(tmp_path: Path, written: str, meant: str) -> None:
    extracts = read_at(put(tmp_path, "v.csv", f"child_id,visit_date\nc1,{written}\n"))
    assert extracts.tables["visits"].frame["visit_date"].to_list() == [date.fromisoformat(meant)]
    assert extracts.issues.is_empty()


@pytest.mark.parametrize(
    "written",
    ["38/04/2019", "01/01/19", "1/2/2024", "2024-13-01", "30/02/2024", "2024", "45292", "Feb 2024",
     "2024-02-01 25:00", "02/13/2024", "20240201", "2024-02-01x", "zz/05/2020", "\u0662024-02-01"],
)  # fmt: skip
def test_what_is_no_date_rejects_the_row_and_is_never_rolled_over(
    tmp_path: Path, written: str
) -> None:
    extracts = read_at(
        put(tmp_path, "v.csv", f"child_id,visit_date\nc1,{written}\nc2,2024-01-01\n")
    )
    assert kinds(extracts) == [("error", "bad_date", 2, "visit_date")]
    assert extracts.issues["value"].to_list() == [written]
    assert counts(extracts) == [(2, 1, 1, 0)]


def test_a_date_that_is_not_needed_is_set_aside_and_its_row_kept(tmp_path: Path) -> None:
    extracts = read_at(
        put(tmp_path, "r.csv", "child_id,review_date,decisions_on\nc1,2024-01-01,soon\n")
    )
    assert kinds(extracts) == [("warning", "bad_date", 2, "decisions_on")]
    assert extracts.tables["reviews"].frame["decisions_on"].to_list() == [None]
    assert counts(extracts) == [(1, 1, 0, 0)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("TRUE", True), ("yes", True), ("Y", True), ("1", True), ("1.0", True), (" true ", True),
     ("false", False), ("No", False), ("n", False), ("0", False), ("0.0", False), ("", None)],
)  # fmt: skip
def test_yes_and_no_are_read_in_any_case(tmp_path: Path, written: str, meant: bool | None) -> None:
    extracts = read_at(
        put(tmp_path, "v.csv", f"child_id,visit_date,seen\nc1,2024-01-01,{written}\n")
    )
    assert extracts.tables["visits"].frame["seen"].to_list() == [meant]
    assert extracts.issues.is_empty()


def test_what_is_neither_yes_nor_no_is_a_warning_and_blank(tmp_path: Path) -> None:
    extracts = read_at(put(tmp_path, "v.csv", "child_id,visit_date,seen\nc1,2024-01-01,maybe\n"))
    assert kinds(extracts) == [("warning", "bad_bool", 2, "seen")]
    assert extracts.tables["visits"].frame["seen"].to_list() == [None]


def test_codes_are_read_in_any_case_and_typed_by_their_list(tmp_path: Path) -> None:
    extracts = read_at(
        put(
            tmp_path,
            "legal_statuses.csv",
            "child_id,start,legal_status\nc1,2024-01-01,c2\nc2,2024-01-01, V2\n",
        )
    )
    statuses = extracts.tables["legal_statuses"].frame["legal_status"]
    assert statuses.to_list() == ["C2", "V2"]
    assert isinstance(statuses.dtype, pl.Enum)
    assert extracts.issues.is_empty()


def test_a_blank_or_unknown_needed_code_is_kept_as_blank(tmp_path: Path) -> None:
    extracts = read_at(
        put(
            tmp_path,
            "legal_statuses.csv",
            "child_id,start,legal_status\nc1,2024-01-01,Q9\nc2,2024-01-01,\n",
        )
    )
    assert kinds(extracts) == [
        ("warning", "unknown_code", 2, "legal_status"),
        ("warning", "missing_value", 3, "legal_status"),
    ]
    assert extracts.tables["legal_statuses"].frame["legal_status"].to_list() == [None, None]
    assert counts(extracts) == [(2, 2, 0, 0)]


def test_an_id_keeps_its_leading_noughts_and_loses_its_outer_spaces(tmp_path: Path) -> None:
    extracts = read_at(put(tmp_path, "v.csv", "child_id,visit_date\n\u00a0007 ,2024-01-01\n"))
    assert extracts.tables["visits"].frame["child_id"].to_list() == ["007"]


def test_a_blank_needed_id_or_date_rejects_the_row(tmp_path: Path) -> None:
    extracts = read_at(
        put(tmp_path, "v.csv", "child_id,visit_date,seen\n ,2024-01-01,y\nc1,,y\nc2,2024-01-02,y\n")
    )
    assert kinds(extracts) == [
        ("error", "missing_value", 2, "child_id"),
        ("error", "missing_value", 3, "visit_date"),
    ]
    assert counts(extracts) == [(3, 1, 2, 0)]
    assert extracts.tables["visits"].frame["row"].to_list() == [4]


@pytest.mark.parametrize("written", ["1899-12-31", "2101-01-01", "31/12/9999"])
def test_a_date_out_of_range_rejects_the_row_whatever_its_column(
    tmp_path: Path, written: str
) -> None:
    extracts = read_at(
        put(tmp_path, "r.csv", f"child_id,review_date,decisions_on\nc1,2024-01-01,{written}\n")
    )
    assert kinds(extracts) == [("error", "out_of_range", 2, "decisions_on")]
    assert counts(extracts) == [(1, 0, 1, 0)]


def test_the_first_and_last_days_of_the_range_are_in_it(tmp_path: Path) -> None:
    text = "child_id,start,end,legal_status\nc1,1900-01-01,2100-12-31,C2\n"
    assert counts(read_at(put(tmp_path, "legal_statuses.csv", text))) == [(1, 1, 0, 0)]


@pytest.mark.parametrize(
    ("name", "text", "column"),
    [
        (
            "legal_statuses.csv",
            "child_id,start,end,legal_status\nc1,2024-02-01,2024-01-31,C2\n",
            "end",
        ),
        ("p.csv", "child_id,started_on,ended_on\nc1,2024-02-01,2024-01-31\n", "ended_on"),
    ],
)
def test_an_end_before_its_start_rejects_the_row(
    tmp_path: Path, name: str, text: str, column: str
) -> None:
    extracts = read_at(put(tmp_path, name, text))
    assert kinds(extracts) == [("error", "end_before_start", 2, column)]
    assert counts(extracts) == [(1, 0, 1, 0)]


def test_an_end_on_the_day_of_its_start_is_no_fault(tmp_path: Path) -> None:
    text = "child_id,start,end,legal_status\nc1,2024-02-01,2024-02-01,C2\n"
    assert counts(read_at(put(tmp_path, "legal_statuses.csv", text))) == [(1, 1, 0, 0)]


def test_a_row_with_two_faults_has_two_issues_and_is_rejected_once(tmp_path: Path) -> None:
    extracts = read_at(put(tmp_path, "v.csv", "child_id,visit_date\n,x\nc1,2024-01-01\n"))
    assert [kind for _, kind, _, _ in kinds(extracts)] == ["missing_value", "bad_date"]
    assert counts(extracts) == [(2, 1, 1, 0)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-01-05 09:30", at("2024-01-05 09:30")),
        ("05/01/2024 09:30:15", at("2024-01-05 09:30:15")),
        ("09:30", at("2024-01-05 09:30")),
        ("2024-01-05 00:00", at("2024-01-05 00:00")),
        ("", None),
    ],
)  # fmt: skip
def test_a_time_of_day_lies_on_the_day_of_its_row(
    tmp_path: Path, written: str, meant: datetime | None
) -> None:
    text = f"child_id,event,event_date,event_time\nc1,sdq,2024-01-05,{written}\n"
    extracts = read_at(put(tmp_path, "e.csv", text))
    assert extracts.tables["events"].frame["event_time"].to_list() == [meant]
    assert extracts.issues.is_empty()


@pytest.mark.parametrize(
    ("written", "kind"),
    [("2024-01-05", "bad_time"), ("24:00", "bad_time"), ("2024-01-06 09:30", "time_on_other_day")],
)
def test_a_time_that_is_none_or_lies_on_another_day_is_set_aside(
    tmp_path: Path, written: str, kind: str
) -> None:
    text = f"child_id,event,event_date,event_time\nc1,sdq,2024-01-05,{written}\n"
    extracts = read_at(put(tmp_path, "e.csv", text))
    assert kinds(extracts) == [("warning", kind, 2, "event_time")]
    assert extracts.tables["events"].frame["event_time"].to_list() == [None]


def test_excel_dates_numbers_and_truths_are_read(tmp_path: Path) -> None:
    path = put_book(
        tmp_path,
        "book.xlsx",
        visits=[
            ["child_id", "visit_date", "seen"],
            [12345, date(2024, 2, 1), True],
            ["007", "31/12/2023", "no"],
            [12346.0, 45292, 1.0],
            ["c4", 45292.75, 0],
            ["c5", at("2024-02-01 09:30"), None],
            ["c6", 20000, None],
        ],
    )
    extracts = read_at(path)
    frame = extracts.tables["visits"].frame
    assert frame["child_id"].to_list() == ["12345", "007", "12346", "c4", "c5"]
    assert frame["visit_date"].to_list() == [
        date(2024, 2, 1), date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 1), date(2024, 2, 1),
    ]  # fmt: skip
    assert frame["seen"].to_list() == [True, False, True, False, None]
    assert kinds(extracts) == [("error", "bad_date", 7, "visit_date")]


def test_excel_times_of_day_lie_on_the_day_of_their_row(tmp_path: Path) -> None:
    path = put_book(
        tmp_path,
        "book.xlsx",
        events=[
            ["child_id", "event", "event_date", "event_time"],
            ["c1", "sdq", date(2024, 2, 1), time(9, 30)],
            ["c2", "sdq", date(2024, 2, 1), at("2024-02-01 09:30")],
            ["c3", "sdq", date(2024, 2, 1), 0.25],
            ["c4", "sdq", date(2024, 2, 1), 45323.25],
        ],
    )
    extracts = read_at(path)
    assert extracts.tables["events"].frame["event_time"].to_list() == [
        at("2024-02-01 09:30"), at("2024-02-01 09:30"), at("2024-02-01 06:00"),
        at("2024-02-01 06:00"),
    ]  # fmt: skip
    assert extracts.issues.is_empty()


def test_parquet_typed_and_as_text_say_the_same_as_csv(tmp_path: Path) -> None:
    typed = pl.DataFrame(
        {
            "visit_id": [1, 2],
            "child_id": [101.0, 102.0],
            "visit_date": [at("2024-01-01 00:00"), at("2024-01-02 09:30")],
            "seen": [True, None],
            "mode": pl.Series(["in_person", None], dtype=pl.Categorical),
            "name": ["kept out", "kept out"],
        }
    )
    text = pl.DataFrame(
        {
            "visit_id": ["1", " 2 "],
            "child_id": ["101", "102"],
            "visit_date": ["01/01/2024", "2024-01-02 09:30"],
            "seen": ["Yes", ""],
            "mode": ["IN_PERSON", None],
        }
    )
    typed.write_parquet(tmp_path / "typed.parquet")
    text.write_parquet(tmp_path / "text.parquet")
    put(tmp_path, "v.csv", "visit_id,child_id,visit_date,seen,mode\n"
        "1,101,2024-01-01,y,in_person\n2,102,2024-01-02,,\n")  # fmt: skip
    frames = [
        read_at(tmp_path / name).tables["visits"].frame
        for name in ("typed.parquet", "text.parquet", "v.csv")
    ]
    assert_frame_equal(frames[0], frames[2])
    assert_frame_equal(frames[1], frames[2])
    assert frames[0]["row"].to_list() == [2, 3]


def test_a_parquet_time_of_day_and_a_zoned_time_are_read(tmp_path: Path) -> None:
    moment = pl.Series([at("2024-06-01 08:30")]).dt.replace_time_zone("UTC")
    pl.DataFrame(
        {"child_id": ["c1"], "event": ["sdq"], "event_date": [date(2024, 6, 1)],
         "event_time": [time(9, 30)]}
    ).write_parquet(tmp_path / "a.parquet")  # fmt: skip
    pl.DataFrame(
        {"child_id": ["c1"], "event": ["sdq"], "event_date": [date(2024, 6, 1)],
         "event_time": moment}
    ).write_parquet(tmp_path / "b.parquet")  # fmt: skip
    for name in ("a.parquet", "b.parquet"):
        frame = read_at(tmp_path / name).tables["events"].frame
        assert frame["event_time"].to_list() == [at("2024-06-01 09:30")]


def test_an_unknown_code_in_parquet_is_shown_as_read(tmp_path: Path) -> None:
    pl.DataFrame(
        {
            "child_id": ["c1", "c2"],
            "visit_date": [date(2024, 1, 1)] * 2,
            "mode": ["phone", " Virtual"],
        }
    ).write_parquet(tmp_path / "v.parquet")
    extracts = read_at(tmp_path / "v.parquet")
    assert kinds(extracts) == [("warning", "unknown_code", 2, "mode")]
    assert extracts.issues["value"].to_list() == ["phone"]
    assert extracts.tables["visits"].frame["mode"].to_list() == [None, "virtual"]
