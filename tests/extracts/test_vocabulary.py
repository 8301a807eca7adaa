"""What texts in columns of codes are read as, and which are set aside."""

import re
from pathlib import Path
from time import perf_counter

import polars as pl
import pytest

from lacaudit.extracts import parse as parsing
from lacaudit.extracts.layout_model import fold
from lacaudit.extracts.parse import Parsed, Style, parse
from lacaudit.extracts.phrases import as_header
from lacaudit.extracts.vocabulary import Vocabulary, vocabulary
from lacaudit.extracts.vocabulary_files import Sheet, read_files
from lacaudit.model.errors import UserError
from lacaudit.model.strict_yaml import parse as parse_yaml
from lacaudit.model.tables import TABLES, Column, Type

FOLDER = Path(__file__).parents[2] / "vocabulary"
FILES = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.yaml")}
SHEETS = {
    name: Sheet.model_validate(parse_yaml(text, name).data)
    for name, text in FILES.items()
    if name != "words.yaml"
}

LEGAL = TABLES["legal_statuses"].by_name["legal_status"]
PLACE = TABLES["placements"].by_name["placement_type"]
PROVIDER = TABLES["placements"].by_name["provider"]
AREA = TABLES["placements"].by_name["area"]
ENDED = TABLES["care_periods"].by_name["end_reason"]
STARTED = TABLES["episodes"].by_name["reason_started"]
MOVED = TABLES["episodes"].by_name["reason_moved"]
PARTICIPATION = TABLES["reviews"].by_name["participation"]
OPTION = TABLES["plans"].by_name["option"]
EVENT = TABLES["events"].by_name["event"]
SEEN = TABLES["visits"].by_name["seen"]
DISABILITY = TABLES["children"].by_name["disability"]
UASC = TABLES["children"].by_name["uasc"]
SEX = TABLES["children"].by_name["sex"]
TEAM = TABLES["children"].by_name["team"]
PLAIN = Style()


def read(column: Column, *texts: object, style: Style = PLAIN) -> list[object]:
    """Each text as it is read: its value, or what is amiss with it; None is blank."""
    cells = pl.DataFrame({"row": range(len(texts)), column.name: pl.Series(texts, strict=False)})
    return told(parse(cells, [column], None, style), column)


def told(parsed: Parsed, column: Column) -> list[object]:
    said: list[object] = parsed.frame[column.name].to_list()
    masks = {"unknown": parsed.bad, "disagree": parsed.disagree, "outside": parsed.outside}
    for word, by_column in masks.items():
        for k, hit in enumerate(by_column.get(column.name, [])):
            if hit:
                assert said[k] is None, "a cell that is set aside has no value, and one reason"
                said[k] = word
    return said


# The answers of Ofsted's Annex A template, whose letters count the answers.
TEMPLATE = {
    LEGAL: """
        C1: ICO | C2: FCO | D1: Freeing order | E1: Placement order
        V2: Single period under S20 | L1: Police protection LA accommodation | L2: EPO
        L3: Child assessment order LA accommodation | J1: Remanded to LA or youth detention
        J2: LA accommodation under PACE | J3: Youth rehabilitation order
        V3: Short term breaks, episodes recorded | V4: Short term breaks, agreements recorded
    """,
    PLACE: """
        U1: Foster placement - relatives - long term | U2: Foster placement - relative - FFA
        U3: Foster placement - relative - not FFA | U4: Foster placement - long term
        U5: Foster placement - FFA | U6: Foster placement - not FFA
        A3: Placed for adoption - consent - current foster
        A4: Placed for adoption - consent - not foster
        A5: Placed for adoption - order - foster | A6: Placed for adoption - order - not foster
        P1: Placed with parents | P2: Independent living | P3: Residential employment
        H5: Residential accommodation | K1: Secure Children's Homes | K2: Children's Homes
        R1: Residential Care Home | R2: NHS/Health Trust
        R3: Family Centre or Mother and Baby Unit | R5: Young Offender Institution
        S1: Residential school | Z1: Other placements | T0: Temporary placement
        T1: Temporary placement - hospital | T2: Temporary placement - holiday
        T3: Temporary placement - carer holiday
        T4: Temporary placement - seven days or less
    """,
    PROVIDER: """
        PR0: Parents/Parental responsibility | PR1: Own provision | PR2: Other LA provision
        PR3: Other public provision | PR4: Private provision | PR5: Voluntary/third sector
    """,
    ENDED: """
        E11: Adopted - application unopposed | E12: Adopted - consent dispensed | E2: Died
        E3: Care taken by another LA
        E4A: Returned home to live with parents or relatives - part of planning
        E4B: Returned home to live with parents or relatives - not part of planning
        E13: Parents, relatives or other with no parental responsibility
        E41: Residence order granted
        E45: Special Guardianship Orders - former carer relative/friend
        E46: Special Guardianship Orders - former carer other
        E47: Special Guardianship Orders - relative/friend
        E48: Special Guardianship Orders - other
        E5: Moved into independent living - supported
        E6: Moved into independent living - no support
        E7: Transferred to residential care funded by adult social services
        E9: Sentenced to custody | E14: Accommodation on remand ended
        E15: Age assessment determined child was 18 or over | E16: Child moved abroad
        E8: Care ceased for any other reason | X1:CodeError
        E17: Aged 18+ and remained with current carers
    """,
}


@pytest.mark.parametrize("column", TEMPLATE, ids=lambda column: column.name)
@pytest.mark.parametrize("letter", ["", "a) ", "zz) ", "B)"])
def test_the_answers_of_the_template_are_read_with_and_without_their_letter(
    column: Column, letter: str
) -> None:
    lines = TEMPLATE[column].strip().splitlines()
    answers = [answer.strip() for line in lines for answer in line.split(" | ")]
    codes = [answer.partition(":")[0] for answer in answers]
    assert len(set(codes)) == len(codes) > 5
    assert read(column, *(letter + answer for answer in answers)) == codes


# column, what is written, the code that it is
WRITTEN = [
    (LEGAL, "c2", "C2"),
    (LEGAL, "C1 - Interim care order", "C1"),
    (LEGAL, "C1  [Interim Care Order]", "C1"),
    (LEGAL, "INTERIM CARE ORDER [C1]", "C1"),
    (LEGAL, "(C2)", "C2"),
    (LEGAL, "[ C2 ] local words", "C2"),
    (LEGAL, "C2 : C2 Full care order", "C2"),
    (LEGAL, "CLA - C1 - Interim Care Order", "C1"),
    (LEGAL, "C2. Care order", "C2"),
    (LEGAL, "L1:Under police protection", "L1"),
    (LEGAL, "Interim care order Sec. 38(1)", "C1"),
    (LEGAL, "Care Order Sec. 31(a)", "C2"),
    (LEGAL, "Under a care order", "C2"),
    (LEGAL, "Placement Order (Sec. 21)", "E1"),
    (LEGAL, "Child freed for adoption", "D1"),
    (LEGAL, "Single placement acc. by LA S20(1) CA under 16", "V2"),
    (LEGAL, "Single placement acc. by LA S20(3) CA 16 & over", "V2"),
    (LEGAL, "Emergency protection order - LA", "L2"),
    (LEGAL, "Child assessment order Sec. 43(1)", "L3"),
    (LEGAL, "Accommodated under section 20", "V2"),
    (LEGAL, "V3 - Accommodated under section 20", "V3"),
    (LEGAL, "V4 - Series of short-term breaks", "V4"),
    # A placement order stands before the care order beside it, though two codes are named.
    (LEGAL, "Care Order Sec.31(a) & Placement Order (Sec. 21)", "E1"),
    (LEGAL, "E1/C2", "E1"),
    (LEGAL, "Full care order (C2) and placement order (E1)", "E1"),
    (PLACE, "u4 - Foster placement with other foster carer", "U4"),
    (PLACE, "E4A-returned", "unknown"),
    (PLACE, "Placed with own parent(s) or other person(s) with parental responsibility", "P1"),
    (PLACE, "P1 placed with own parents/person with PR", "P1"),
    (PLACE, "U5 - Placement with other foster carer who is an approved adoptor - FFA", "U5"),
    (PLACE, "Homes and Hostels (inside LA boundary)", "K2"),
    (PLACE, "Foster placement with relative or friend - long term fostering (OUT)", "U1"),
    (PLACE, "Placed for adoption with consent (under s.19 of the 2002 Act) not with current FC",
     "A4"),
    (PLACE, "T4 - Temporary accommodation of seven days or less, not one of T1 to T3", "T4"),
    (PLACE, "U1 - Foster placement with relative or friend [U1a]", "U1"),
    (PROVIDER, "[PR4] Private provision (organisation run for profit)", "PR4"),
    (PROVIDER, "Voluntary / third sector provision", "PR5"),
    (ENDED, "E4A-returned", "E4A"),
    (ENDED, "e4b : went home", "E4B"),
    (ENDED, "Returned home to live with parents/relatives", "E4"),
    (ENDED, "E4A - Returned home to live with parents or relatives", "E4A"),
    (ENDED, "Special guardianship order granted", "E42"),
    (ENDED, "E46 - Special guardianship made to former foster carers", "E46"),
    (ENDED, "E8 - Staying put", "E8"),
    (ENDED, "E15 - Age assessment: child is over 18, so E5, E6 and E7 do not apply", "E15"),
    (STARTED, "Started to be looked after", "S"),
    (STARTED, "S - Started to be looked-after", "S"),
    (STARTED, "L: CHANGE OF LEGAL STATUS ONLY", "L"),
    (STARTED, "Legal status change only", "L"),
    (STARTED, "Change of placement (but same carer(s)) only", "T"),
    (STARTED, "P - Change of placement", "P"),
    (STARTED, "(B) Change of legal status and placement and carer", "B"),
    (MOVED, "CARPL - Change to/Implementation of Care Plan", "CARPL"),
    (MOVED, "CHILD - CHILD REQUESTS PLACEMENT END", "CHILD"),
    (MOVED, "OTHER - Carer has moved house", "OTHER"),
    (MOVED, "Allegation (s47)", "ALLEG"),
    (PARTICIPATION, "PN1 - attends and speaks", "PN1"),
    (PARTICIPATION, "Child physically attends and speaks for him/herself", "PN1"),
    (PARTICIPATION, "Child aged under 4 at the time of the review", "PN0"),
    (PARTICIPATION, "Child does not attend nor are his/her views conveyed to the review", "PN7"),
    (AREA, "a) In", "inside"),
    (OPTION, "a) Return to family", "return_home"),
    (OPTION, "d) Supported living in the community", "independence"),
    (OPTION, "e) Long-term residential placement", "residential"),
    (OPTION, "Long\u2013term fostering", "long_term_fostering"),
    (OPTION, "LTRELFR", "family_friends"),
    (EVENT, "Care planning meeting", "care_planning_meeting"),
    # What a code itself denies does not turn it, known as a whole or not.
    (PLACE, "f) U6: Foster placement - not FFA", "U6"),
    (PLACE, "U6 - Other foster carer, not long term", "U6"),
    (PLACE, "U3 - with grandmother, not FFA", "U3"),
    (PLACE, "A4 - Placed for adoption with consent not with current foster carer", "A4"),
    (PLACE, "A6 - Order made, not with current foster carer", "A6"),
    (PLACE, "H5 - Hostel not subject to children's homes regulations", "H5"),
    (PLACE, "U4 - long term with the Smiths", "U4"),
    (ENDED, ("E4A: Returned home to live with parents, relatives, or other person with parental "
             "responsibility as part of the care planning process"), "E4A"),
    (PLACE, "U6 - Other carers - not appr adopt/LT", "U6"),
    (PLACE, "U5 - Foster carers (not with family / friend) who adopt", "U5"),
    (ENDED, "E4B - went home, not planned", "E4B"),
    (ENDED, "E5 - planned move", "E5"),
    (ENDED, "E6 - own flat, no support", "E6"),
    (ENDED, "E8 - Care ceased", "E8"),
    (ENDED, "E8 - no longer looked after, joined the army", "E8"),
    (ENDED, "Accommodation on remand ceased", "E14"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "text", "code"), WRITTEN)
def test_a_text_is_read_as_its_code(column: Column, text: str, code: str) -> None:
    assert read(column, text) == [code]


UNKNOWN = [
    # Codes of other lists that look like one of the list.
    (LEGAL, "L30 Interim Care Order"),
    (LEGAL, "L31 Care Order"),
    (LEGAL, "L1.2 Interim"),
    (LEGAL, "C1(a) Interim"),
    (LEGAL, "C1:30"),
    (LEGAL, "C1a Interim"),
    (LEGAL, "DNU C1 - Interim care order"),
    (PLACE, "H5a - Residential"),
    (PLACE, "K2OUT - Homes and hostels"),
    (PLACE, "Z101 - Placement by court"),
    (PLACE, "U1-3 weeks"),
    (PLACE, "F1 - Foster placement with relative or friend"),
    (PLACE, "H3 - Children's homes"),
    (PLACE, "A1"),
    (ENDED, "SE16 - Child moved abroad"),
    (ENDED, "E82 Any other reason"),
    (ENDED, "E1"),
    # Two codes, or part of one.
    (PLACE, "U1/U4"),
    (PLACE, "U1 or 4"),
    (PLACE, "U1 to U3"),
    (PLACE, "U1 - was U4"),
    (PLACE, "U1 - foster carer (U4)"),
    (ENDED, "E4A/B - Returned home"),
    (ENDED, "E11, E12"),
    # Part of a text is never looked for, and doubt is no answer.
    (LEGAL, "There is an interim care order"),
    (LEGAL, "not a full care order"),
    (LEGAL, "was C2"),
    (LEGAL, "C1 - was C2"),
    (LEGAL, "Code 'C1' is not mapped"),
    (LEGAL, "C2?"),
    (LEGAL, "Full care order?"),
    (LEGAL, "C2 - discharged 2020"),
    (LEGAL, "C2 - application for"),
    (LEGAL, "C1 ICO not granted"),
    (LEGAL, "C1 ICO proposed"),
    (LEGAL, "C1 ICO Application"),
    (LEGAL, "C2 order not made"),
    (LEGAL, "C2 - ended 01/02/2024"),
    (LEGAL, "C2 previously"),
    (LEGAL, "Order wasn\u2019t made (C2)"),
    (PLACE, "U4 - not long term"),
    (PLACE, "P1 not placed with parents"),
    (PLACE, "H5 not with current foster carer"),
    (PLACE, "K2 - Closed 2023"),
    (PROVIDER, "PR4 - no longer in use"),
    (ENDED, "E4A - not part of a plan"),
    (ENDED, "E12 - Adoption proposed"),
    # A word may be spelt as a code is.
    (MOVED, "Child request"),
    (MOVED, "Place of safety"),
    (MOVED, "Asked for by (CHILD), later (OTHER)"),
    (MOVED, "OTHER - CARER HAS MOVED"),
    (STARTED, "Started"),
    (STARTED, "Stepped up"),
    (STARTED, "Left - came back"),
    # Codes that are words are looked for as a whole only.
    (OPTION, "ADOPTION - Not agreed"),
    (OPTION, "adoption (early)"),
    (EVENT, "care planning meeting cancelled"),
    (LEGAL, "a)"),
    (LEGAL, "C1 " * 300),
]


@pytest.mark.parametrize(("column", "text"), UNKNOWN)
def test_a_text_that_names_no_one_code_is_never_guessed(column: Column, text: str) -> None:
    assert read(column, text) == ["unknown"]


DISAGREE = [
    (PLACE, "H5 - Placed with own parents"),
    (PLACE, "R3 - NHS/Health Trust"),
    (PLACE, "K2 - All Residential Schools"),
    (PLACE, "j) A6: Placed for adoption - order - foster"),
    (PLACE, "P1 - Foster placement with relative or friend"),
    (PLACE, "Secure unit (K2)"),
    (PLACE, "P2 : P2 Placed with own parents"),
    (ENDED, "E8-Accommodation on remand ceased"),
    (ENDED, "E45 - Special guardianship to carers, not former foster carers"),
    (ENDED, "E5 - Returned home"),
    (LEGAL, "C2 - Interim care order"),
    (LEGAL, "C2 - Supervision order"),
    (LEGAL, "C1 - not known"),
    (STARTED, "S - Change of legal status only"),
    (ENDED, "E4A - unplanned"),
    (ENDED, "E4A - return home (not planned)"),
    (ENDED, "E4B planned return"),
    (PLACE, "U6 long term"),
    (PLACE, "U3 - long term"),
    (PLACE, "U1 - short term with an aunt"),
    (SEEN, "No - seen by colleague"),
    (SEEN, "Yes - missed"),
    (SEEN, "Y - No"),
    (SEEN, "No - not known"),
]


@pytest.mark.parametrize(("column", "text"), DISAGREE)
def test_a_code_beside_the_text_of_another_is_set_aside(column: Column, text: str) -> None:
    assert read(column, text) == ["disagree"]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (LEGAL, "Supervision Order"),
        (LEGAL, "No legal status"),
        (LEGAL, "Special Guardianship Order S14A CA 89"),
        (LEGAL, "Regular occ. acc by LA S20(3) CA 16 & over"),
        (PLACE, "Foster placement with relative or friend"),
        (PLACE, "Placed for adoption"),
        (ENDED, "Adopted"),
        (OPTION, "c) SGO/CAO"),
        (OPTION, "g) Other"),
    ],
)
def test_a_known_text_that_is_no_one_code_is_told_apart_and_is_no_code(
    column: Column, text: str
) -> None:
    assert read(column, text) == ["outside"]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (LEGAL, "Not recorded"),
        (AREA, "b) Out"),
        (SEEN, "c) Unknown"),
        (SEEN, "N/A"),
        (DISABILITY, "Refused"),
    ],
)
def test_what_says_that_nothing_is_known_is_blank(column: Column, text: str) -> None:
    assert read(column, text) == [None]


@pytest.mark.parametrize(
    "text",
    [
        "\u00a0Interim\u00a0care  order ",
        "interim\u2010care\u2014order",
        "Interim care order.",
        "Inter\u00adim care\u200b order",
        "\uff29nterim care order",
        "Interim\tcare\norder",
        "'Interim care order\u2019",
        "g) Interim Care Orders",
        "C1\u00a0\u2013\u00a0Interim care order",
    ],
)
def test_how_a_text_was_typed_does_not_matter(text: str) -> None:
    assert read(LEGAL, text) == ["C1"]


@pytest.mark.parametrize(
    ("column", "text", "meant"),
    [
        (SEEN, "a) Yes", True),
        (SEEN, "b) No", False),
        (SEEN, "b) no ", False),
        (SEEN, "Y - child was seen", True),
        (SEEN, "No: asleep", False),
        (SEEN, "1 - Yes", True),
        (SEEN, "Y - not seen", "unknown"),
        (SEEN, "Yes - child not seen", "unknown"),
        (SEEN, "No - not seen alone", "unknown"),
        (SEEN, "Y/N", "unknown"),
        (SEEN, "No-one", "unknown"),
        (SEEN, "Yes?", "unknown"),
        (SEEN, "no!", "unknown"),
        (SEEN, "-1", "unknown"),
        (SEEN, "BEH", "unknown"),
        (DISABILITY, "a) Yes", True),
        (DISABILITY, "BEH", True),
        (DISABILITY, "NONE", False),
        (UASC, "Non-UASC", False),
        (UASC, "CLA", "unknown"),
    ],
)
def test_yes_and_no_are_read_in_the_words_of_their_column(
    column: Column, text: str, meant: object
) -> None:
    assert read(column, text) == [meant]


def test_a_typed_column_of_yes_and_no_is_read_as_its_text_is() -> None:
    assert read(SEEN, 1, 0, None, 2) == [True, False, None, "unknown"]
    assert read(SEEN, 1.0, 0.0, None) == [True, False, None]
    assert read(SEEN, True, False, None) == [True, False, None]


def test_a_text_that_stands_for_no_other_stays_in_a_column_of_text() -> None:
    assert read(SEX, "a) Male", "2", "f", " x) Neither ", None, "-1") == [
        "M", "F", "F", "x) Neither", None, "-1",
    ]  # fmt: skip


def test_a_layout_may_give_texts_for_others_in_any_column_of_text() -> None:
    style = Style(codes={"team": {"n1": "North 1"}, "sex": {"1": "U"}}, epoch=1900)
    assert read(TEAM, "N1", "South", None, style=style) == ["North 1", "South", None]
    assert read(SEX, "1.0", "2", style=style) == ["U", "F"]
    assert read(TEAM, "N1") == ["N1"]


def test_what_a_layout_says_comes_before_the_vocabulary() -> None:
    style = Style(codes={"legal_status": {"interim care order": "C2", "c1: ico": "J1"}})
    assert read(LEGAL, "Interim Care Order", "C1: ICO", "ICO", style=style) == ["C2", "J1", "C1"]


def test_the_texts_of_a_layout_are_compared_as_its_headers_are() -> None:
    meeting = fold("Children's planning meeting")
    style = Style(
        codes={
            "event": {meeting: "care_planning_meeting"},
            "seen": {fold('Child "seen"'): "true"},
            "team": {fold("Leaver's team"): "Leavers"},
        }
    )
    typed = "Children\u2019s planning  meeting"
    assert read(EVENT, typed, f"{typed}s", style=style) == ["care_planning_meeting", "unknown"]
    assert read(SEEN, "CHILD  \u201cSeen\u201d", style=style) == [True]
    assert read(TEAM, "leaver\u2018s \u00a0team", "Other", style=style) == ["Leavers", "Other"]


@pytest.mark.parametrize(
    "text",
    [
        " A\tB\u00a0 c\n",
        "\ufeffWho\u2019s",
        "\u201cX\u201d \u2018y\u2019",
        "a\x1cb\x85c\u2009d",
        "Stra\u00dfe",
        "\u00c9T\u00c9",
        "",
    ],
)
def test_cells_are_folded_as_a_layout_folds_its_texts(text: str) -> None:
    cells = pl.DataFrame({"text": [text]}).select(as_header(pl.col("text")))
    assert cells["text"].to_list() == [fold(text)]


def test_each_cell_is_told_apart_from_its_neighbours() -> None:
    texts = ["C1: ICO", None, "L30 x", "C1: ICO", "C1 - care order", "Supervision order", " "]
    assert read(LEGAL, *texts) == ["C1", None, "unknown", "C1", "disagree", "outside", None]


def test_exact_codes_do_not_open_the_vocabulary(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened() -> Vocabulary:
        raise AssertionError

    monkeypatch.setattr(parsing, "vocabulary", opened)
    assert read(LEGAL, "C1", " c2 ", None) == ["C1", "C2", None]
    assert read(SEEN, "Y", "no", "0", None) == [True, False, False, None]


def test_a_column_of_as_many_texts_as_rows_is_read_within_seconds() -> None:
    count = 200_000
    texts = pl.Series(
        [f"U1 - text {k} (of many) with parental responsibility" for k in range(count)]
    )
    begun = perf_counter()
    parsed = parse(pl.DataFrame({"row": range(count), PLACE.name: texts}), [PLACE], None, Style())
    # It takes about two seconds; minutes are what may not be.
    assert perf_counter() - begun < 60
    assert parsed.frame[PLACE.name].unique().to_list() == ["U1"]


# The shipped files.


def _entries() -> list[tuple[str, str, str]]:
    return [
        (name, code, text)
        for name, sheet in SHEETS.items()
        for code, texts in sheet.codes.items()
        for text in texts
    ]


def _columns(sheet: Sheet) -> list[Column]:
    named = [name.rpartition(".") for name in sheet.columns]
    return [
        table.by_name[bare]
        for of, _, bare in named
        for table in TABLES.values()
        if of in ("", table.name) and bare in table.by_name
    ]


def test_every_text_of_the_files_is_read_as_its_file_says() -> None:
    for sheet in SHEETS.values():
        for column in _columns(sheet) or [SEEN]:
            for code, texts in sheet.codes.items():
                meant = {"yes": True, "no": False}.get(code, code)
                assert read(column, *texts, *(f"zz) {t.upper()}" for t in texts)) == (
                    [meant] * 2 * len(texts)
                ), (column.name, code)
            if column.type is not Type.TEXT:
                assert set(read(column, *sheet.blanks)) <= {None}
                assert set(read(column, *sheet.none)) <= {"outside"}


def test_a_code_agrees_with_its_own_texts_and_with_no_other_codes() -> None:
    for sheet in SHEETS.values():
        if not sheet.codes_in_text:
            continue
        (column, *_) = _columns(sheet)
        beside = {frozenset(wide.beside) for wide in sheet.wide}
        for code, every in sheet.codes.items():
            # A few texts of a placement order name two codes themselves.
            texts = [text for text in every if not re.search(r"\bC2\b", text)]
            own = [f"{code} - {text}" for text in texts]
            assert set(read(column, *own)) <= {code}, code
            other = next(
                c for c in column.codes if c != code and not any({c, code} <= b for b in beside)
            )
            strange = [f"{other}: {text}" for text in texts]
            assert set(read(column, *strange)) <= {"disagree"}, code


def test_every_code_of_the_return_has_a_text() -> None:
    without = {"Z11", "Z12", "Z13", "Z14"}
    for sheet in SHEETS.values():
        if sheet.codes_in_text:
            means = {*sheet.codes, *(wide.means for wide in sheet.wide)}
            for column in _columns(sheet):
                assert set(column.codes) - means <= without


def test_the_whole_vocabulary_is_free_of_contradictions() -> None:
    shipped = vocabulary()
    known = {c.name for t in TABLES.values() for c in t.columns if shipped.of(c) is not None}
    assert {"legal_status", "placement_type", "seen", "sex", "event"} <= known
    assert "team" not in known


# Files that are not sound.

SOUND = """\
columns: [legal_status]
source: made up
read: nothing
codes_in_text: true
codes:
  C1:
    - interim
  C2: [full]
"""


def refused(*texts: str) -> str:
    with pytest.raises(UserError) as error:
        Vocabulary(read_files({f"{k}.yaml": t for k, t in enumerate(texts)})).of(LEGAL)
    return error.value.text


def test_a_sound_file_is_taken() -> None:
    lexicon = Vocabulary(read_files({"0.yaml": SOUND})).of(LEGAL)
    assert lexicon is not None
    assert lexicon.codes[lexicon.phrases["interim"]] == "C1"


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (("  C2:", "  C9:"), "0.yaml:8", "'C9' is no code of legal_status"),
        (("[full]", "[full, \"Interim!\"]"), "0.yaml:8",
         "'Interim!' stands for C2 and for C1"),
        (("[full]", "[full, c1]"), "0.yaml:8", "'c1' stands for C2 and for C1"),
        (("[full]", "[full, ' - ']"), "0.yaml:8", "has no word in it"),
        (("[legal_status]", "[legal_states]"), "0.yaml:1", "'legal_states' is no column"),
        (("[legal_status]", "[carers.legal_status]"), "0.yaml:1", "is no column"),
        (("[legal_status]", "[legal_status, start]"), "0.yaml:1", "'start' holds no codes"),
        (("source:", "sources:"), "0.yaml:2", "not well formed"),
        (("codes_in_text: true", "blanks: [interim]"), "0.yaml:4",
         "'interim' stands for nothing recorded and for C1"),
        (("codes_in_text: true", "none: [full]"), "0.yaml:4",
         "'full' stands for none of the codes and for C2"),
        (("codes_in_text: true", "wide: [{beside: [C1, C7], texts: [x]}]"), "0.yaml:4",
         "'C7' is no code"),
        (("codes_in_text: true", "wide: [{beside: [C1], means: C8, texts: [x]}]"), "0.yaml:4",
         "'C8' is no code"),
        (("codes_in_text: true", "wide: [{beside: [C1, C2], texts: [full]}]"), "0.yaml:4",
         "'full' stands for several codes and for C2"),
        (("codes_in_text: true", "own: {C7: [x]}"), "0.yaml:4", "'C7' is no code"),
        (("codes_in_text: true", "against: {C8: [x]}"), "0.yaml:4", "'C8' is no code"),
        (("  C2:", "  C1:"), "0.yaml:8", "'C1' is given twice"),
        (("columns: [legal_status]", "columns: []"), "0.yaml:1", "about no column"),
        (("columns: [legal_status]", "type: bool"), "0.yaml:6",
         "'C1' is no code of a column of yes or no"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_sound_is_refused_with_its_line(
    change: tuple[str, str], where: str, what: str
) -> None:
    assert change[0] in SOUND
    said = refused(SOUND.replace(*change))
    assert f"vocabulary/{where}: " in said
    assert what in said


def test_a_column_has_one_file() -> None:
    assert "vocabulary/1.yaml:1: 'legal_status' has a vocabulary already" in refused(SOUND, SOUND)
