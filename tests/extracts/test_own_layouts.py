"""A council's own layout in lacaudit.toml: the same layout as in YAML, and refused by its key."""

import re
from datetime import date
from pathlib import Path

import pytest

from lacaudit.audit.config import load_config
from lacaudit.extracts import Extracts, Layout, layouts, read
from lacaudit.extracts.layout_model import FileOf, Gives
from lacaudit.extracts.layouts import read_layout
from lacaudit.model.errors import UserError
from tests.extracts.support import kinds, put

AS_AT = date(2024, 6, 30)

TOML = """
[layout.ours]
title = "Our case system"
dates = ["dd/mm/yyyy"]
blanks = ["-", "Not recorded"]
cannot_show = ["Visits of agencies."]

[layout.ours.codes.placement_type]
"In-house foster carer" = "U6"

[layout.ours.coverage]
reviews = { latest_only = true }

[[layout.ours.file]]
name = "Placements"
table = "placements"
columns = { child_id = "Person ID", start = "From", end = "To", placement_type = "Type" }
also = { "Person ID" = ["Client ID"] }

[[layout.ours.file]]
name = "Forms"

[layout.ours.file.visits]
where = { "Form" = ["Visit", "Video visit"] }
columns = { child_id = "Person ID", visit_date = "Day", seen = "Seen?" }

[layout.ours.file.events]
columns = { child_id = "Person ID", event = "Form", event_date = "Day" }

[layout.ours.file.events.forms]
"Placement meeting" = "placement_planning_meeting"
"Return talk" = "return_interview_held"
"""

# What the above says, as a layout file says it.
YAML = """
layout: ours
title: Our case system
expects: Files of a council's own, as its lacaudit.toml says.
dates: [dd/mm/yyyy, iso]
blanks: ['-', Not recorded]
cannot_show: [Visits of agencies.]
codes:
  placement_type: {In-house foster carer: U6}
  event: {Placement meeting: placement_planning_meeting, Return talk: return_interview_held}
coverage:
  reviews: {latest_only: true}
files:
  - name: Placements
    needs: [Person ID, From, Type]
    also: {Person ID: [Client ID]}
    gives:
      - table: placements
        columns: {child_id: Person ID, start: From, end: To, placement_type: Type}
  - name: Forms
    needs: [Person ID, Day, Form]
    gives:
      - table: visits
        where: {Form: [Visit, Video visit]}
        columns: {child_id: Person ID, visit_date: Day, seen: 'Seen?'}
      - table: events
        where: {Form: [Placement meeting, Return talk]}
        shows: {event: [placement_planning_meeting, return_interview_held]}
        columns: {child_id: Person ID, event: Form, event_date: Day}
"""

FORMS = """
Person ID,Form,Day,Seen?
c1,Visit,01/02/2024,yes
c1,video VISIT,02/02/2024,no
c1,Placement meeting,03/02/2024,
c1,Return talk,04/02/2024,
c1,Chat,05/02/2024,
"""


def loaded(folder: Path, text: str = TOML) -> tuple[Layout, ...]:
    return load_config(put(folder, "lacaudit.toml", text)).layout


def read_own(folder: Path, *files: Path, text: str = TOML) -> Extracts:
    extracts = read(files, as_at=AS_AT, layouts=loaded(folder, text))
    for one in extracts.inputs:
        parts = one.rows_used + one.rows_rejected + one.rows_after_as_at
        assert one.rows_read == parts, one
    return extracts


def test_it_is_the_layout_that_a_layout_file_gives(tmp_path: Path) -> None:
    assert loaded(tmp_path) == (read_layout(YAML, "ours.yaml"),)


def test_no_layout_is_no_layout(tmp_path: Path) -> None:
    assert loaded(tmp_path, "[audit]\n") == ()


def test_a_file_is_read_by_it(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        "any name.csv",
        """
        Client ID,From,To,Type
        c1,01/02/2024,-,in-house FOSTER carer
        c2,2024-03-01,not recorded,U4
        """,
    )
    extracts = read_own(tmp_path, path)
    (one,) = extracts.inputs
    assert (one.layout, one.table, one.rows_used) == ("ours", "placements", 2)
    frame = extracts.tables["placements"].frame
    assert frame["placement_type"].to_list() == ["U6", "U4"]
    assert frame["start"].to_list() == [date(2024, 2, 1), date(2024, 3, 1)]
    assert frame["end"].to_list() == [None, None]
    assert extracts.limits == ("Our case system: Visits of agencies.",)


def test_forms_become_acts_by_their_names(tmp_path: Path) -> None:
    extracts = read_own(tmp_path, put(tmp_path, "f.csv", FORMS))
    assert [(i.table, i.rows_read, i.rows_used, i.rows_rejected) for i in extracts.inputs] == [
        ("visits", 2, 2, 0),
        ("events", 2, 2, 0),
        ("", 1, 0, 1),
    ]
    assert extracts.tables["visits"].frame["seen"].to_list() == [True, False]
    events = extracts.tables["events"].frame
    assert events["event"].to_list() == ["placement_planning_meeting", "return_interview_held"]
    assert kinds(extracts) == [("info", "not_mapped", 6, "Form")]


def test_what_no_form_stands_for_is_not_said_to_be_absent(tmp_path: Path) -> None:
    extracts = read_own(tmp_path, put(tmp_path, "f.csv", FORMS))
    mapped = {"placement_planning_meeting", "return_interview_held"}
    assert extracts.tables["events"].only == {"event": mapped}


def test_what_a_form_stands_for_can_be_absent_where_every_form_is_named(tmp_path: Path) -> None:
    rows = "Person ID,Form,Day,Seen?\nc1,Placement meeting,03/02/2024,\n"
    events = read_own(tmp_path, put(tmp_path, "f.csv", rows)).tables["events"]
    # No return talk was held, and the file would say so if one had been.
    assert events.only == {"event": {"placement_planning_meeting", "return_interview_held"}}


def test_a_value_that_all_rows_share_does_not_say_of_what_kind_they_are(tmp_path: Path) -> None:
    text = TOML.replace(
        "[layout.ours.file.events]",
        '[layout.ours.file.events]\nsets = { role = "nominated_officer" }',
    )
    events = read_own(tmp_path, put(tmp_path, "f.csv", FORMS), text=text).tables["events"]
    assert events.frame["role"].to_list() == ["nominated_officer", "nominated_officer"]
    assert set(events.only) == {"event"}


def test_of_two_layouts_that_fit_as_well_that_of_the_council_is_taken(tmp_path: Path) -> None:
    text = """
    [[layout.ours.file]]
    name = "visits"
    table = "visits"
    columns = { child_id = "child_id", visit_date = "visit_date" }
    """
    path = put(tmp_path, "visits.csv", "child_id,visit_date\nc1,01/02/2024\n")
    assert read_own(tmp_path, path, text=text).inputs[0].layout == "ours"
    assert read([path], as_at=AS_AT).inputs[0].layout == "canonical"
    more = put(tmp_path, "visits.csv", "child_id,visit_date,seen\nc1,01/02/2024,y\n")
    assert read_own(tmp_path, more, text=text).inputs[0].layout == "canonical"


def test_one_header_alone_does_not_make_a_file_known(tmp_path: Path) -> None:
    text = """
    [[layout.ours.file]]
    name = "People"
    table = "children"
    columns = { child_id = "Person ID", team = "Team" }
    """
    assert loaded(tmp_path, text)[0].files[0].needs == ("Person ID", "Team")
    people = put(tmp_path, "people.csv", "Person ID,Team\nc1,North\n")
    contacts = put(tmp_path, "contacts.csv", "Person ID,Contact reason\nc9,x\n")
    extracts = read_own(tmp_path, people, contacts, text=text)
    assert extracts.tables["children"].frame["child_id"].to_list() == ["c1"]
    assert extracts.unread == ("contacts.csv",)


def test_words_for_yes_and_no(tmp_path: Path) -> None:
    text = TOML + '[layout.ours.codes.seen]\n"Face to face" = "yes"\n"At the door" = false\n'
    path = put(
        tmp_path,
        "f.csv",
        """
        Person ID,Form,Day,Seen?
        c1,Visit,01/02/2024,face to face
        c1,Visit,02/02/2024,At the door
        c1,Visit,03/02/2024,Y
        c1,Visit,04/02/2024,Through a window
        """,
    )
    extracts = read_own(tmp_path, path, text=text)
    assert extracts.tables["visits"].frame["seen"].to_list() == [True, False, True, None]
    assert kinds(extracts) == [("warning", "bad_bool", 5, "Seen?")]


def test_one_row_with_several_days(tmp_path: Path) -> None:
    text = """
    [[layout.ours.file]]
    name = "Missing"
    [layout.ours.file.events]
    columns = { child_id = "Person ID" }
    ordered = true
    each = [
      { sets = { event = "missing_started" }, columns = { event_date = "Gone" } },
      { sets = { event = "missing_ended" }, columns = { event_date = "Back" } },
    ]
    """
    assert loaded(tmp_path, text)[0].files[0].needs == ("Person ID", "Gone", "Back")
    path = put(tmp_path, "m.csv", "Person ID,Gone,Back\nc1,01/02/2024,03/02/2024\n")
    extracts = read_own(tmp_path, path, text=text)
    assert extracts.tables["events"].frame["event"].to_list() == [
        "missing_started",
        "missing_ended",
    ]


def test_a_child_looked_up_in_another_file(tmp_path: Path) -> None:
    text = """
    [[layout.ours.file]]
    name = "Spells"
    table = "care_periods"
    links = { spell = { key = "Spell", take = "Person ID" } }
    columns = { child_id = "Person ID", start = "From" }
    [[layout.ours.file]]
    name = "Reviews"
    table = "reviews"
    find = { child_id = { link = "spell", by = "Spell" } }
    columns = { review_date = "Held" }
    """
    assert loaded(tmp_path, text)[0].files[1].needs == ("Held", "Spell")
    spells = put(tmp_path, "s.csv", "Spell,Person ID,From\nS1,c1,01/02/2024\n")
    reviews = put(tmp_path, "r.csv", "Spell,Held\nS1,20/02/2024\n")
    extracts = read_own(tmp_path, spells, reviews, text=text)
    assert extracts.tables["reviews"].frame["child_id"].to_list() == ["c1"]


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("title =", "titel =", "layout.ours.titel", "Did you mean 'title'?"),
        ('table = "placements"', 'table = "placement"', "file 1 'Placements'.table",
         "Did you mean 'placements'?"),
        ("start =", "begin =", "file 1 'Placements'.columns.begin", "no column of placements"),
        ("end =", "ends =", "file 1 'Placements'.columns.ends", "Did you mean 'end'?"),
        ("start = \"From\", ", "", "file 1 'Placements'", "cannot be used without start"),
        ("also =", "alsoo =", "file 1 'Placements'.alsoo", "Did you mean 'also'?"),
        ('also = { "Person ID"', 'also = { "Personid"', "also.Personid",
         "Did you mean 'Person ID'?"),
        ('"U6"', '"U66"', 'codes.placement_type."In-house foster carer"', "Did you mean 'U6'?"),
        ("codes.placement_type", "codes.placement_tipe", "codes.placement_tipe",
         "Did you mean 'placement_type' or"),
        ("codes.placement_type", "codes.visit_date", "codes.visit_date", "read as they are"),
        ("codes.placement_type", "codes.seen_alone",
         'codes.seen_alone."In-house foster carer"', "yes or no"),
        ('"return_interview_held"', '"return_interview"',
         "file 2 'Forms'.events.forms.\"Return talk\"", "return_interview_held"),
        ('event = "Form", ', "", "events.columns", 'Write event = "COLUMN"'),
        ("[layout.ours.file.visits]", "[layout.ours.file.visit]", "file 2 'Forms'.visit",
         "Did you mean 'visits'?"),
        ("where = {", "were = {", "file 2 'Forms'.visits.were", "Did you mean 'where'?"),
        ('["Visit", "Video visit"]', '"Visit"', "visits.where.Form", "square brackets"),
        ('seen = "Seen?"', "seen = true", "visits.columns.seen", "quotation marks"),
        ('name = "Forms"', "", "file 2.name", "missing"),
        ("reviews = { latest_only", "review = { latest_only", "coverage.review",
         "Did you mean 'reviews' or"),
        ("latest_only = true", "from = 2024-01-01", "coverage.reviews.from", "under [coverage]"),
        ('"dd/mm/yyyy"]', '"dd-mm-yyyy"]', "layout.ours.dates[1]", "dd/mm/yyyy"),
        ("[[layout.ours.file]]\nname = \"Placements\"", "[layout.ours.files]\nname = \"x\"",
         "layout.ours.files", "Did you mean 'file' or"),
        ("layout.ours", "layout.ssda903", "layout.ssda903", "built-in layout"),
        ('table = "placements"\n', "", "file 1 'Placements'.columns", "which table"),
        ('[layout.ours.file.events.forms]', '[layout.ours.file.visits.forms]', "visits.forms",
         "all of one kind"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_at_its_key(
    tmp_path: Path, old: str, new: str, place: str, says: str
) -> None:
    assert old in TOML
    with pytest.raises(UserError) as caught:
        loaded(tmp_path, TOML.replace(old, new))
    said = caught.value.text
    assert said.startswith(f"{tmp_path / 'lacaudit.toml'}: layout.")
    assert place in said
    assert says in said


PLANS = "[[layout.ours.file]]\nname = 'x'\ntable = 'plans'\ncolumns = { plan_type = 'A' }"
DAY = "columns = { event_date = 'A' }"
DAY_OF_VISIT = "[[layout.ours.file]]\nname = 'x'\ntable = 'visits'\ncolumns = { visit_date = 'A' }"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("layout = 3", "this is a table"),
        ("[layout]\nours = 3", "this is a table"),
        ("[layout.ours]", "the layout has no file"),
        ("[layout.ours.file]\nname = 'x'", "[[layout.ours.file]]"),
        ("[layout.ours]\nfile = [3]", "this is a table"),
        ("[[layout.ours.file]]\nname = 'x'", "by which columns"),
        ("[[layout.ours.file]]\nname = 'x'\ntable = ['visits']", "is no table"),
        ("[[layout.ours.file]]\nname = 'x'\nvisits = 3", "this is a table"),
        ("[[layout.ours.file]]\nname = 'x'\ntable = 'visits'\n[layout.ours.file.visits]", "twice"),
        ("[[layout.ours.file]]\nname = 'x'\ntable = 'visits'\ncolumns = 3", "this is a table"),
        (f"{PLANS}\nforms = {{}}", "no form is named"),
        (f"{PLANS}\nforms = {{ x = 'care' }}\nwhere = {{ 'A' = ['x'] }}", "already which rows"),
        (f"{PLANS}\nforms = {{ X = 'care' }}\n[layout.ours.codes.plan_type]\n'x' = 'placement'",
         "said to be 'placement'"),
        ("[[layout.ours.file]]\nname = 'x'\ntable = 'events'\nsets = { event = 'tea' }\n" + DAY,
         "'tea' is no"),
        (f"{DAY_OF_VISIT}\nfind = {{ child_id = {{ link = 'x', by = 'B' }} }}", "'x' is no link"),
    ],
)  # fmt: skip
def test_what_is_no_layout_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UserError) as caught:
        loaded(tmp_path, text)
    assert says in caught.value.text
    assert "lacaudit.toml: layout" in caught.value.text


def test_no_built_in_layout_can_be_replaced(tmp_path: Path) -> None:
    for one in layouts():
        text = TOML.replace("layout.ours", f"layout.{one.layout}")
        with pytest.raises(UserError, match="built-in"):
            loaded(tmp_path, text)


GUIDE = (Path(__file__).parents[2] / "docs" / "layouts.md").read_text(encoding="utf-8")


def test_the_mappings_of_the_guide_are_taken(tmp_path: Path) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    whole = [block for block in blocks if "[[layout" in block]
    assert len(whole) == 4
    (ours,) = loaded(tmp_path, "\n".join(whole))
    assert [known.name for known in ours.files] == [
        "Placements",
        "Visits",
        "LAC list",
        "Completed forms",
    ]


@pytest.mark.parametrize("model", [Layout, FileOf, Gives])
def test_every_key_is_in_the_guide(model: type[Layout | FileOf | Gives]) -> None:
    ours = {"layout", "canonical", "files", "gives"}
    assert {key for key in model.model_fields if f"`{key}`" not in GUIDE} <= ours
