"""The return as one XML file: its groups come out as the tables that the CSV files give."""

import hashlib
import weakref
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element

import polars as pl
import pytest

from lacaudit.extracts import Extracts, read
from lacaudit.extracts.files import RefusedFileError, Sheet
from lacaudit.extracts.layout_model import Layout, XmlOf
from lacaudit.extracts.xml_files import open_xml
from lacaudit.extracts.xml_groups import Groups
from lacaudit.model.errors import UserError
from tests.extracts.support import AS_AT, counts, kinds, put, read_at

# Two children of the return: the first with everything that is read, the second with less.
RETURN = """<?xml version="1.0" encoding="UTF-8"?>
<EXPSSDA903>
  <CHILD>
    <HEADER>
      <CHILDID> 101 </CHILDID><UPN>UN1</UPN><SEX>F</SEX><DOB>10/05/2012</DOB>
      <ETHNIC>WBRI</ETHNIC><UASC>1</UASC><DUC>10/05/2030</DUC>
      <AREVIEW><REVIEW>05/06/2023</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>
      <AREVIEW><REVIEW>04/12/2023</REVIEW><REVIEW_CODE>PN3</REVIEW_CODE></AREVIEW>
      <AMISSING><MISSING>M</MISSING><MIS_START>02/02/2024</MIS_START>
        <MIS_END>03/02/2024</MIS_END></AMISSING>
      <AD_PLACED><DATE_PLACED>01/03/2024</DATE_PLACED><DATE_PLACED_CEASED /></AD_PLACED>
      <PERMANENCE><PREV_PERM>P1</PREV_PERM><DATE_PERM>01/01/2015</DATE_PERM></PERMANENCE>
      <MOTHER /><MC_DOB />
      <OC2><SDQ_REASON>SDQ5</SDQ_REASON><HEALTH_CHECK>1</HEALTH_CHECK></OC2>
    </HEADER>
    <EPISODE>
      <DECOM>01/05/2023</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U4</PL>
      <PL_POST>M1 1AA</PL_POST><PLACE_PROVIDER>PR1</PLACE_PROVIDER><DEC>01/09/2023</DEC>
      <REC>X1</REC><REASON_PLACE_CHANGE>CARPL</REASON_PLACE_CHANGE>
    </EPISODE>
    <EPISODE>
      <DECOM>01/09/2023</DECOM><RNE>P</RNE><LS>C2</LS><CIN>N1</CIN><PL>U6</PL><DEC />
      <REC /><REASON_PLACE_CHANGE />
    </EPISODE>
  </CHILD>
  <CHILD>
    <HEADER>
      <CHILDID>102</CHILDID><SEX>M</SEX><DOB>11/06/2011</DOB><ETHNIC>MWBC</ETHNIC><UASC />
      <AREVIEW><REVIEW>07/07/2023</REVIEW><REVIEW_CODE>PN2</REVIEW_CODE></AREVIEW>
      <OC2 />
    </HEADER>
    <EPISODE><DECOM>02/05/2023</DECOM><RNE>S</RNE><LS>E1</LS><CIN>N2</CIN><PL>K2</PL></EPISODE>
  </CHILD>
</EXPSSDA903>
"""
KNOWN = (
    Layout(
        layout="made_up",
        title="Made up",
        expects="For tests.",
        xml=XmlOf(
            roots=("Return",),
            record="Person",
            carries=("ID", "BORN"),
            rename={"PersonId": "ID"},
            tables={"Base": "People", "Act": "Acts"},
            parts={"Moves": ("MOVED",)},
            may_lack={"Acts": ("ENDED",)},
        ),
    ),
)


def sheets(folder: Path, text: str) -> dict[str, Sheet]:
    found = open_xml(put(folder, "made_up.xml", text), KNOWN)
    return {sheet.name: sheet for sheet in found}


def rows(sheet: Sheet) -> list[tuple[object, ...]]:
    """The header and the rows of a sheet, each with its number."""
    (head,) = sheet.heads
    frame = sheet.load(head, range(len(head.cells)), {}).frame
    return [(head.row, *head.cells), *frame.rows()]


def refusal(path: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        read([path], as_at=AS_AT)
    return caught.value


def column(extracts: Extracts, table: str, *names: str) -> list[tuple[object, ...]]:
    return extracts.tables[table].frame.select(pl.col(names)).rows()


def test_the_return_gives_the_tables_of_its_csv_files(tmp_path: Path) -> None:
    extracts = read_at(put(tmp_path, "return.xml", RETURN))
    assert [(i.sheet, i.layout, i.table, *c) for i, c in zip(
        extracts.inputs, counts(extracts), strict=True
    )] == [
        ("Header", "ssda903", "children", 2, 2, 0, 0),
        ("Reviews", "ssda903", "reviews", 3, 3, 0, 0),
        ("Missing", "ssda903", "events", 1, 1, 0, 0),
        ("PlacedAdoption", "ssda903", "adoption", 1, 1, 0, 0),
        ("PrevPerm", "ssda903", "", 1, 1, 0, 0),
        ("OC2", "ssda903", "", 1, 1, 0, 0),
        ("Episodes", "ssda903", "episodes", 3, 3, 0, 0),
    ]  # fmt: skip
    assert column(extracts, "children", "child_id", "sex", "date_of_birth", "uasc") == [
        ("101", "F", date(2012, 5, 10), True),
        ("102", "M", date(2011, 6, 11), None),
    ]
    assert column(extracts, "reviews", "child_id", "review_date", "participation") == [
        ("101", date(2023, 6, 5), "PN1"),
        ("101", date(2023, 12, 4), "PN3"),
        ("102", date(2023, 7, 7), "PN2"),
    ]
    assert column(extracts, "events", "child_id", "event", "event_date") == [
        ("101", "missing_started", date(2024, 2, 2)),
        ("101", "missing_ended", date(2024, 2, 3)),
    ]
    assert column(extracts, "episodes", "child_id", "start", "end", "placement_type") == [
        ("101", date(2023, 5, 1), date(2023, 9, 1), "U4"),
        ("101", date(2023, 9, 1), None, "U6"),
        ("102", date(2023, 5, 2), None, "K2"),
    ]
    assert column(extracts, "adoption", "child_id", "decision_on") == [("101", date(2024, 3, 1))]
    assert [k for k in kinds(extracts) if k[0] != "info"] == []
    assert extracts.unread == ()


def test_a_row_is_the_place_of_its_group_among_those_of_its_kind_plus_one(tmp_path: Path) -> None:
    extracts = read_at(put(tmp_path, "return.xml", RETURN))
    frame = extracts.tables["episodes"].frame
    assert frame["row"].to_list() == [2, 3, 4]
    assert {extracts.sources[i] for i in frame["source"]} == {"return.xml[Episodes]"}
    assert extracts.tables["reviews"].frame["row"].to_list() == [2, 3, 4]


def test_the_hash_is_of_the_whole_file(tmp_path: Path) -> None:
    path = put(tmp_path, "return.xml", RETURN)
    digests = {one.sha256 for one in read_at(path).inputs}
    assert digests == {hashlib.sha256(path.read_bytes()).hexdigest()}


def test_fields_of_adoption_and_leavers_in_the_header_are_rows_of_their_own(
    tmp_path: Path,
) -> None:
    fields = "<DATE_INT>01/02/2024</DATE_INT><DATE_MATCH>02/03/2024</DATE_MATCH><IN_TOUCH>YES"
    text = RETURN.replace("<MOTHER />", f"{fields}</IN_TOUCH><ACTIV>F1</ACTIV><ACCOM>B1</ACCOM>")
    text = text.replace("<UASC />", "<UASC /><DATE_INT /><DATE_MATCH /><IN_TOUCH />")
    extracts = read_at(put(tmp_path, "return.xml", text))
    found = {i.sheet: (i.table, i.rows_read) for i in extracts.inputs}
    assert (found["AD1"], found["OC3"]) == (("adoption", 1), ("", 1))
    assert found["Header"] == ("children", 2)
    matched = extracts.tables["adoption"].frame.drop_nulls("matched_on")
    assert matched.select("child_id", "decision_on", "matched_on").rows() == [
        ("101", date(2024, 2, 1), date(2024, 3, 2))
    ]


@pytest.mark.parametrize("group", ["SWEPISODE", "ASOCIALWORKER"])
def test_a_group_whose_name_nobody_knows_is_recognised_by_its_fields(
    tmp_path: Path, group: str
) -> None:
    fields = "<SW_ID>SW1</SW_ID><SW_DECOM>01/05/2023</SW_DECOM>"
    text = RETURN.replace("<MOTHER />", f"<{group}>{fields}</{group}>")
    extracts = read_at(put(tmp_path, "return.xml", text))
    assert [i.rows_read for i in extracts.inputs if i.sheet == group] == [1]
    assert [k for k in kinds(extracts) if k[0] != "info"] == []


def test_a_group_that_is_like_no_table_is_a_warning_and_the_rest_is_read(tmp_path: Path) -> None:
    text = RETURN.replace("<MOTHER />", "<ANOTE><NOTE>SECRET</NOTE></ANOTE>")
    extracts = read_at(put(tmp_path, "return.xml", text))
    told = extracts.issues.filter(pl.col("level") != "info")
    assert told.select("level", "sheet", "kind").rows() == [("warning", "ANOTE", "unknown_file")]
    assert len(extracts.inputs) == 7


def test_what_is_left_out_because_it_is_blank_is_no_missing_column(tmp_path: Path) -> None:
    child = """<CHILD><HEADER><CHILDID>1</CHILDID><SEX>F</SEX><DOB>10/05/2012</DOB>
    <ETHNIC>WBRI</ETHNIC><OC2><SDQ_REASON>SDQ1</SDQ_REASON><HEALTH_CHECK>1</HEALTH_CHECK></OC2>
    </HEADER><EPISODE><DECOM>01/05/2023</DECOM><RNE>S</RNE><LS>C2</LS><PL>U4</PL></EPISODE></CHILD>
    """
    extracts = read_at(put(tmp_path, "one.xml", f"<EXPSSDA903>{child}</EXPSSDA903>"))
    assert [k for k in kinds(extracts) if k[0] != "info"] == []
    assert column(extracts, "episodes", "child_id", "end") == [("1", None)]


def test_a_column_that_is_never_left_out_is_missed(tmp_path: Path) -> None:
    text = RETURN.replace("<RNE>S</RNE>", "").replace("<RNE>P</RNE>", "")
    extracts = read_at(put(tmp_path, "return.xml", text))
    assert ("error", "missing_column", None, "RNE") in kinds(extracts)
    assert "episodes" not in extracts.tables
    assert extracts.unread == ("return.xml[Episodes]",)


def test_rows_add_up_where_children_have_no_id_or_fields_stand_twice(tmp_path: Path) -> None:
    text = RETURN.replace("<CHILDID>102</CHILDID>", "<CHILDID />")
    text = text.replace("<REVIEW_CODE>PN3", "<REVIEW>01/01/2024</REVIEW><REVIEW_CODE>PN3")
    text = text.replace("05/06/2023", "31/06/2023")
    extracts = read_at(put(tmp_path, "return.xml", text))
    found = {i.sheet: c for i, c in zip(extracts.inputs, counts(extracts), strict=True)}
    # Of the reviews one is of no day, one has two, and one is of no child.
    assert (found["Header"], found["Reviews"]) == ((2, 1, 1, 0), (3, 0, 3, 0))
    assert found["Episodes"] == (3, 2, 1, 0)
    bad = extracts.issues.filter((pl.col("sheet") == "Reviews") & (pl.col("level") == "error"))
    assert bad.select("row", "kind").rows() == [
        (2, "bad_date"), (3, "repeated_field"), (4, "missing_value"),
    ]  # fmt: skip


def test_an_id_that_stands_twice_is_given_to_no_row(tmp_path: Path) -> None:
    text = RETURN.replace("<CHILDID>102</CHILDID>", "<CHILDID>102</CHILDID><CHILD>103</CHILD>")
    extracts = read_at(put(tmp_path, "return.xml", text))
    ids = {row[0] for table in ("children", "episodes", "reviews")
           for row in column(extracts, table, "child_id")}  # fmt: skip
    assert ids == {"101"}


PEOPLE = """
    <m:Return xmlns:m="urn:made-up" year="2024">
      <People>
        <person>
          <Act><DID>x</DID><ENDED>2</ENDED></Act>
          <Base><PersonId>1</PersonId><Born>b</Born><Name>  a
          b </Name><MOVED>m</MOVED><Act /></Base>
          <Deep><Inner><DID>y</DID></Inner></Deep>
        </person>
        <person>
          <Base><PersonId>2</PersonId><MOVED /></Base>
          <Act><Did /></Act>
          <Act><did>z</did><BORN>c</BORN></Act>
        </person>
      </People>
    </m:Return>
    """


def test_groups_become_sheets_whatever_their_order_case_depth_and_namespace(
    tmp_path: Path,
) -> None:
    found = sheets(tmp_path, PEOPLE)
    assert list(found) == ["Acts", "People", "Moves", "Inner"]
    assert rows(found["Acts"]) == [
        (1, "ID", "BORN", "DID", "ENDED"),
        (2, "1", "b", "x", "2"),
        # The second is blank, and counts.
        (4, "2", "c", "z", None),
    ]
    assert rows(found["People"]) == [
        (1, "ID", "BORN", "Name"),
        (2, "1", "b", "a\n      b"),
        (3, "2", None, None),
    ]
    assert rows(found["Moves"]) == [(1, "ID", "BORN", "MOVED"), (2, "1", "b", "m")]
    assert rows(found["Inner"]) == [(1, "ID", "DID"), (2, "1", "y")]


def test_a_group_with_nothing_in_it_is_a_blank_row(tmp_path: Path) -> None:
    acts = sheets(tmp_path, PEOPLE)["Acts"]
    loaded = acts.load(acts.heads[0], [0], {})
    assert (loaded.frame.height, loaded.blank) == (2, 1)


def test_what_stands_outside_of_records_and_fields_is_said(tmp_path: Path) -> None:
    text = PEOPLE.replace("<People>", "<Year>2024</Year><Empty /><People>SECRET")
    text = text.replace("</Inner>", "</Inner>SECRET")
    faults = [fault for sheet in sheets(tmp_path, text).values() for fault in sheet.faults]
    assert [(f.kind, f.problem.rpartition(": ")[2]) for f in faults] == [
        ("outside_record", "1"),
        ("stray_text", "1 times"),
    ]
    assert "SECRET" not in "".join(f.problem + f.action for f in faults)


def test_a_file_that_is_clean_says_nothing_of_the_kind(tmp_path: Path) -> None:
    assert [sheet.faults for sheet in sheets(tmp_path, PEOPLE).values()] == [()] * 4


LAUGHS = '<!DOCTYPE r [<!ENTITY a "SECRET"><!ENTITY b "&a;&a;&a;&a;">]>'
BROKEN = {
    "empty.xml": (b"", "empty_file", "is empty"),
    "text.xml": (b"SECRET,2\n", "unreadable_file", "line 1"),
    "cut.xml": (RETURN.encode()[:-30], "unreadable_file", "not XML"),
    "bomb.xml": (
        f"{LAUGHS}<EXPSSDA903><CHILD><X>&b;</X></CHILD></EXPSSDA903>".encode(),
        "unreadable_file",
        "entities",
    ),
    "outer.xml": (
        b'<!DOCTYPE EXPSSDA903 SYSTEM "file:///etc/hostname"><EXPSSDA903/>',
        "unreadable_file",
        "document type",
    ),
    "encoding.xml": (
        b'<?xml version="1.0" encoding="SECRET-9"?><EXPSSDA903/>',
        "unreadable_file",
        "",
    ),
    "bytes.xml": (RETURN.encode().replace(b"WBRI", b"SECRET\xff"), "unreadable_file", "line"),
    "nul.xml": (RETURN.encode().replace(b"WBRI", b"SECRET\0"), "unreadable_file", "line"),
    "other.xml": (b"<Message><SECRET>1</SECRET></Message>", "unknown_file", "no known return"),
    "childless.xml": (b"<EXPSSDA903><X>SECRET</X></EXPSSDA903>", "empty_file", "no 'CHILD'"),
    "deep.xml": (
        b"<EXPSSDA903>" + b"<CHILD>" * 5_000 + b"SECRET" + b"</CHILD>" * 5_000 + b"</EXPSSDA903>",
        "too_large",
        "more than 32 deep",
    ),
    "endless.xml": (
        b"<EXPSSDA903><CHILD>" + b"<A>SECRET</A>" * 100_001 + b"</CHILD></EXPSSDA903>",
        "too_large",
        "over 100,000 elements",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_refused_without_its_contents(tmp_path: Path, name: str) -> None:
    content, kind, said = BROKEN[name]
    (tmp_path / name).write_bytes(content)
    good = put(tmp_path, "good.csv", "child_id,visit_date\nc1,2024-01-01\n")
    extracts = read_at(tmp_path / name, good)
    assert extracts.issues.filter(pl.col("file") == name)["kind"].to_list() == [kind]
    assert extracts.unread == (name,)
    assert said in extracts.issues["problem"][0]
    assert "SECRET" not in "".join(map(str, extracts.issues.rows()))
    assert "SECRET" not in refusal(tmp_path / name).text


def test_an_unknown_root_says_which_are_known(tmp_path: Path) -> None:
    (tmp_path / "other.xml").write_bytes(b"<Message/>")
    assert "<EXPSSDA903>" in refusal(tmp_path / "other.xml").hint


def test_a_file_of_more_than_the_limit_is_refused_unread(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("lacaudit.extracts.xml_files.LARGEST_FILE", 100)
    path = tmp_path / "large.xml"
    path.write_bytes(b"<EXPSSDA903>" + b"x" * 100)
    with pytest.raises(RefusedFileError) as caught:
        open_xml(path, ())
    assert (caught.value.kind, "112 bytes" in caught.value.problem) == ("too_large", True)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_change_nothing(tmp_path: Path, encoding: str) -> None:
    declared = {"cp1252": "windows-1252"}.get(encoding, "UTF-8" if "8" in encoding else "UTF-16")
    text = RETURN.replace('"UTF-8"', f'"{declared}"').replace("<UPN>UN1", "<UPN>Zoë")
    extracts = read_at(put(tmp_path, "return.xml", text, encoding))
    assert len(extracts.inputs) == 7
    assert extracts.tables["children"].frame["child_id"].to_list() == ["101", "102"]


def test_records_are_let_go_as_they_are_read(tmp_path: Path, monkeypatch) -> None:
    seen: list[weakref.ref[object]] = []
    most = 0

    def add(self: Groups, record: Element) -> None:
        nonlocal most
        seen.append(weakref.ref(record))
        most = max(most, sum(one() is not None for one in seen))
        real(self, record)

    real = Groups.add
    monkeypatch.setattr(Groups, "add", add)
    one = "<person><Base><PersonId>{}</PersonId></Base><Act><DID>x</DID></Act></person>"
    text = "<Return>" + "".join(one.format(i) for i in range(300)) + "</Return>"
    found = sheets(tmp_path, text)
    assert rows(found["Acts"])[-1] == (301, "299", None, "x", None)
    # The one at hand, and the one before until its place is taken.
    assert (len(seen), most <= 2) == (300, True)
