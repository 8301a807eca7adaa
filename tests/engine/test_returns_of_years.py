"""Files of the return for more than one year, and what they can show."""

from datetime import date
from pathlib import Path

from lacaudit.extracts import read
from tests.support.judging import findings_of

EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
)
Years = dict[str, list[str]]


def returned(folder: Path, years: Years, reviews: list[tuple[str, str]]) -> list[Path]:
    for name, rows in years.items():
        (folder / f"{name}.csv").write_text("\n".join([EPISODES, *rows]) + "\n")
    lines = [f"{child},01/01/2012,{day},PN1" for child, day in reviews]
    (folder / "reviews.csv").write_text("\n".join(["CHILD,DOB,REVIEW,REVIEW_CODE", *lines]) + "\n")
    return [folder]


def told(paths: list[Path], rule: str, as_at: date) -> list[str]:
    found, _ = findings_of(paths, as_at=as_at, select=[rule])
    columns = ("subject", "opened", "due", "done", "reason")
    return [" ".join(str(row[c] or "-") for c in columns) for row in found]


def test_an_episode_that_ends_in_the_next_years_file_is_one_episode(tmp_path: Path) -> None:
    paths = returned(
        tmp_path,
        {
            "episodes_2324": ["K1,10/05/2023,S,V2,N1,U6,PR1,,,,,,"],
            "episodes_2425": ["K1,10/05/2023,S,V2,N1,U6,PR1,01/07/2024,E4A,,,,"],
        },
        [("K1", "01/06/2023"), ("K1", "20/08/2023"), ("K1", "10/02/2024")],
    )
    as_at = date(2025, 3, 31)
    assert told(paths, "CPR101", as_at) == [
        "care_period:K1/2023-05-10 2023-05-10 2023-06-08 2023-06-01 on_time"
    ]
    # Care ended on 1 July 2024, before the review of August 2024 was due.
    assert told(paths, "CPR103", as_at) == [
        "care_period:K1/2023-05-10 2023-08-20 2024-02-20 2024-02-10 on_time",
        "care_period:K1/2023-05-10 2024-02-10 2024-08-10 - ended_first",
    ]
    extracts = read(paths, as_at=as_at)
    repeated = extracts.issues.filter(extracts.issues["kind"] == "repeated_in_later_year")
    assert repeated.select("level", "file", "row").rows() == [("info", "episodes_2324.csv", 2)]
    assert [(i.rows_read, i.rows_used, i.rows_rejected) for i in extracts.inputs] == [
        (1, 0, 1),
        (1, 1, 0),
        (3, 3, 0),
    ]


def test_the_later_years_file_wins_though_it_is_read_first_and_the_type_has_a_new_code(
    tmp_path: Path,
) -> None:
    paths = returned(
        tmp_path,
        {
            "a_2425": ["K1,10/05/2023,S,V2,N1,K3,PR4,01/07/2024,E4A,,,,"],
            "b_2324": ["K1,10/05/2023,S,V2,N1,H5,PR4,,,,,,"],
        },
        [("K1", "01/06/2023")],
    )
    extracts = read(paths, as_at=date(2025, 3, 31))
    episodes = extracts.tables["episodes"].frame
    assert episodes.select("placement_type", "end").rows() == [("K3", date(2024, 7, 1))]
    repeated = extracts.issues.filter(extracts.issues["kind"] == "repeated_in_later_year")
    assert repeated["file"].to_list() == ["b_2324.csv"]


def test_two_episodes_of_one_file_that_start_on_one_day_are_both_kept(tmp_path: Path) -> None:
    paths = returned(
        tmp_path,
        {
            "a_2425": [
                "K1,10/05/2024,S,V2,N1,U6,PR1,10/05/2024,X1,,,,",
                "K1,10/05/2024,P,V2,N1,K2,PR1,,,,,,",
            ]
        },
        [("K1", "01/06/2024")],
    )
    assert read(paths, as_at=date(2025, 3, 31)).tables["episodes"].frame.height == 2


def test_what_falls_due_after_the_last_collection_year_is_not_known(tmp_path: Path) -> None:
    episode = "K1,10/05/2024,S,V2,N1,U6,PR1,,,,,,"
    held = [("K1", "01/06/2024"), ("K1", "20/08/2024"), ("K1", "09/01/2025")]
    paths = returned(tmp_path, {"episodes": [episode]}, held)
    # The files end on 31 March 2025; the next review was due on 9 July.
    assert told(paths, "CPR103", date(2025, 9, 30))[-1] == (
        "care_period:K1/2024-05-10 2025-01-09 2025-07-09 - outside_coverage"
    )
    assert told(paths, "CPR103", date(2025, 3, 31))[-1] == (
        "care_period:K1/2024-05-10 2025-01-09 2025-07-09 - not_yet_due"
    )


def test_a_mistyped_year_adds_no_collection_years(tmp_path: Path) -> None:
    episodes = [f"K{n},10/05/2022,S,V2,N1,U6,PR1,,,,,," for n in range(30)]
    held = [(f"K{n}", "20/05/2024") for n in range(30)]
    paths = returned(tmp_path, {"episodes": episodes}, [*held, ("K1", "20/08/2014")])
    covered = read(paths, as_at=date(2025, 3, 31)).coverage["reviews"]
    assert (covered.start, covered.until) == (date(2024, 4, 1), date(2025, 3, 31))
