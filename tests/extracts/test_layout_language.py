"""What a layout can say of a file beyond the names of columns, and what becomes of each row."""

from datetime import date
from pathlib import Path

from lacaudit.extracts import Extracts, read
from lacaudit.extracts.layouts import read_layout
from tests.extracts.support import AS_AT, counts, kinds, put

HEAD = "layout: mine\ntitle: Mine\nexpects: Files of a test.\n"
FORMS = (
    HEAD
    + """
codes:
  event: {Dental: dental_check, Medical: health_assessment}
files:
  - name: Forms
    needs: [Person, Form, Finished]
    gives:
      - table: visits
        where: {Form: [Visit form, "Visit form (short)"]}
        columns: {child_id: Person, visit_date: Finished}
      - table: events
        where: {Form: [Dental, Medical]}
        columns: {child_id: Person, event: Form, event_date: Finished}
"""
)
CARE = (
    HEAD
    + """
placeholders: ["NULL"]
files:
  - name: Stays
    needs: [stay_id, stay_began]
    prefix: stay_
    links:
      child: {key: stay_id, take: stay_person}
    gives:
      - table: care_periods
        one_row_per: care_period_id
        latest_by: stay_part_began
        columns:
          care_period_id: stay_id
          child_id: stay_person
          start: stay_began
          end: stay_part_ended
          end_reason: stay_part_reason
  - name: Meetings
    needs: [meet_stay, meet_on]
    prefix: meet_
    gives:
      - table: reviews
        find: {child_id: {link: child, by: meet_stay}}
        columns: {child_id: meet_person, review_date: meet_on}
"""
)


def read_as(layout: str, *paths: Path) -> Extracts:
    extracts = read(paths, as_at=AS_AT, layouts=[read_layout(layout, "mine.yaml")])
    for one in extracts.inputs:
        assert one.rows_read == one.rows_used + one.rows_rejected + one.rows_after_as_at
    return extracts


def test_forms_of_one_file_become_acts_by_their_names(tmp_path: Path) -> None:
    text = """
        Person,Form,Finished
        c1,Visit form,01/02/2024
        c1,DENTAL,02/02/2024
        c2, visit form (short) ,03/02/2024
        c2,Holiday form,04/02/2024
        c3,Holiday form,05/02/2024
        c3,,06/02/2024
        c3,Visit form,later
        """
    extracts = read_as(FORMS, put(tmp_path, "forms.csv", text))
    assert [(i.table, *c) for i, c in zip(extracts.inputs, counts(extracts), strict=True)] == [
        ("visits", 3, 2, 1, 0),
        ("events", 1, 1, 0, 0),
        ("", 3, 0, 3, 0),
    ]
    assert extracts.tables["events"].frame["event"].to_list() == ["dental_check"]
    others = extracts.issues.filter(extracts.issues["kind"] == "not_mapped")
    assert others.select("level", "row", "column", "value", "count").rows() == [
        ("info", 5, "Form", "Holiday form", 2),
        ("info", 7, "Form", "", 1),
    ]


def test_a_form_that_is_in_no_file_is_not_absent_while_others_were_not_understood(
    tmp_path: Path,
) -> None:
    text = "Person,Form,Finished\nc1,Dental,02/02/2024\n"
    known = read_as(FORMS, put(tmp_path, "a/forms.csv", text))
    assert known.tables["events"].only == {}
    strange = read_as(FORMS, put(tmp_path, "b/forms.csv", text + "c1,LAC medical,03/02/2024\n"))
    assert strange.tables["events"].only == {"event": {"dental_check"}}


def test_a_mistyped_canonical_event_hides_no_other(tmp_path: Path) -> None:
    text = "child_id,event,event_date\nc1,dental_check,2024-01-01\nc1,sdw,2024-01-02\n"
    assert read_as(FORMS, put(tmp_path, "events.csv", text)).tables["events"].only == {}


STAYS = """
    stay_id,stay_person,stay_began,stay_part_began,stay_part_ended,stay_part_reason
    s1,c1,2023-01-10,2023-01-10,2023-06-01,X1
    s1,c1,,2023-06-01,,
    s2,c2,2023-02-01,2023-08-01,2024-01-15,E4A
    s2,c2,2023-02-01,2023-02-01,2023-08-01,X1
    """


def test_the_latest_part_of_a_stay_says_how_it_ended(tmp_path: Path) -> None:
    extracts = read_as(CARE, put(tmp_path, "stays.csv", STAYS))
    care = extracts.tables["care_periods"].frame
    assert care.drop("source").rows() == [
        ("s1", "c1", date(2023, 1, 10), None, None, 3),
        ("s2", "c2", date(2023, 2, 1), date(2024, 1, 15), "E4A", 4),
    ]
    assert counts(extracts) == [(4, 4, 0, 0)]


def test_the_child_of_a_meeting_is_found_through_its_stay(tmp_path: Path) -> None:
    # The file that is looked up in is read after the one that looks.
    meetings = put(
        tmp_path,
        "a_meetings.csv",
        "meet_stay,meet_on\ns1,2023-02-01\ns2,2023-03-01\ns9,2023-04-01\n,2023-05-01\n",
    )
    extracts = read_as(CARE, meetings, put(tmp_path, "stays.csv", STAYS))
    assert extracts.tables["reviews"].frame.select("child_id", "row").rows() == [
        ("c1", 2),
        ("c2", 3),
    ]
    assert kinds(extracts) == [
        ("error", "not_found", 4, "meet_stay"),
        ("error", "not_found", 5, "meet_stay"),
    ]
    assert counts(extracts)[0] == (4, 2, 2, 0)


def test_a_person_of_its_own_comes_before_the_one_that_is_found(tmp_path: Path) -> None:
    meetings = put(
        tmp_path,
        "meetings.csv",
        "meet_stay,meet_person,meet_on\ns1,c1,2023-02-01\ns1,c7,2023-03-01\ns2,NULL,2023-04-01\n",
    )
    extracts = read_as(CARE, meetings, put(tmp_path, "stays.csv", STAYS))
    assert extracts.tables["reviews"].frame["child_id"].to_list() == ["c1", "c7", "c2"]
    assert kinds(extracts) == [
        ("info", "placeholder", None, "meet_person"),
        ("warning", "different_value", 3, "meet_person"),
    ]


def test_a_stay_of_two_people_is_nobodys(tmp_path: Path) -> None:
    stays = "stay_id,stay_person,stay_began\ns1,c1,2023-01-10\ns1,c2,2023-01-10\n"
    meetings = put(tmp_path, "meetings.csv", "meet_stay,meet_on\ns1,2023-02-01\n")
    extracts = read_as(CARE, meetings, put(tmp_path, "stays.csv", stays))
    assert ("error", "not_found", 2, "meet_stay") in kinds(extracts)
    assert extracts.tables["reviews"].frame.is_empty()


def test_without_the_file_that_is_looked_up_in_no_child_is_guessed(tmp_path: Path) -> None:
    rows = "".join(f"s{n},2023-02-01\n" for n in range(30))
    extracts = read_as(CARE, put(tmp_path, "meetings.csv", "meet_stay,meet_on\n" + rows))
    found = extracts.issues.filter(extracts.issues["kind"] == "not_found")
    assert found.select("level", "count").rows() == [("error", 30)]
    assert counts(extracts) == [(30, 0, 30, 0)]


def test_a_line_of_totals_below_the_table_is_no_child(tmp_path: Path) -> None:
    text = "child_id,visit_date\nc1,2024-01-01\nTotal,\n"
    extracts = read_as(FORMS, put(tmp_path, "visits.csv", text))
    assert kinds(extracts) == [("info", "total_row", 3, "")]
    assert counts(extracts) == [(2, 1, 1, 0)]


def test_a_child_called_total_with_a_date_is_a_child(tmp_path: Path) -> None:
    text = "child_id,visit_date\nc1,2024-01-01\nTotal,2024-01-02\n"
    extracts = read_as(FORMS, put(tmp_path, "visits.csv", text))
    assert kinds(extracts) == []
    assert counts(extracts) == [(2, 2, 0, 0)]
