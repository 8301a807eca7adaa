"""Every file of the hostile corpus comes out as the specification says, and nothing is said."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.support import run
from tests.hostile import corpus
from tests.hostile.books import ESCAPED
from tests.hostile.cases import Case, reads
from tests.hostile.corpus import CASES
from tests.hostile.running import AS_AT, GOOD, Came, apart, faults, here, silence

HERE = [name for name, case in CASES.items() if not case.alone]
APART = [name for name, case in CASES.items() if case.alone]
# By name and alone: one of each kind, as a user meets them.
ALONE = {
    "chart-only.xlsx": 2, "cut.xlsx": 2, "far-corner.xlsx": 2, "locked.xlsx": 2, "page.xls": 2,
    "claims.parquet": 2, "laughs.xml": 2, "very-hidden-only.xlsx": 2, "hidden-sheet.xlsx": 0,
}  # fmt: skip
posix_only = pytest.mark.skipif(os.name != "posix", reason="this system has no such files")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "sound.csv"
    path.write_bytes(GOOD)
    return path


def counts(came: Came) -> list[tuple[str, tuple[int, ...]]]:
    assert came.told is not None
    return [(one["file"], tuple(one["counts"])) for one in came.told["inputs"]]


@pytest.mark.parametrize("name", HERE)
def test_a_plain_file_beside_a_good_one(tmp_path: Path, good: Path, name: str) -> None:
    case = CASES[name]
    came = here(case.write(tmp_path), good)
    assert faults(case, came) == []
    assert ("sound.csv", (1, 1, 0, 0)) in counts(came)


@pytest.mark.parametrize("name", [n for n in HERE if any(w.refused for w in CASES[n].outcomes)])
def test_a_plain_file_that_is_refused_leaves_nothing_when_it_is_alone(
    tmp_path: Path, name: str
) -> None:
    case = CASES[name]
    came = here(case.write(tmp_path))
    assert silence(came) == []
    assert came.code in {2 if way.refused else 0 for way in case.outcomes}, came.text
    assert (came.told is None) == (came.code == 2)
    assert name in came.text


@pytest.mark.parametrize("name", APART)
def test_a_dangerous_file_beside_a_good_one(tmp_path: Path, good: Path, name: str) -> None:
    case = CASES[name]
    (tmp_path / "deeper").mkdir()
    came = apart(tmp_path, case.write(tmp_path / "deeper"), good, seconds=4 * case.seconds)
    assert faults(case, came) == []
    assert ("sound.csv", (1, 1, 0, 0)) in counts(came)
    assert not (tmp_path / "deeper" / ESCAPED).exists()
    assert sorted(p.name for p in (tmp_path / "deeper").iterdir()) == [name]


@pytest.mark.parametrize("name", ALONE)
def test_a_dangerous_file_alone_by_the_plain_command(tmp_path: Path, name: str) -> None:
    ran = run("inspect", CASES[name].write(tmp_path), *AS_AT, cwd=tmp_path)
    assert silence(Came(ran.code, ran.text, None)) == []
    assert ran.code == ALONE[name], ran
    assert name in ran.text
    if ran.code == 2:
        assert ran.out == ""


def test_a_plain_file_by_the_plain_command_says_its_counts(tmp_path: Path) -> None:
    ran = run("inspect", CASES["short-row.csv"].write(tmp_path), *AS_AT, cwd=tmp_path)
    assert ran.code == 0
    assert "4 rows read = 3 used + 1 rejected + 0 after the as-at date" in ran.out


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with a third of the plain files, a few workbooks, and two good files."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    for name in dict.fromkeys((*HERE[::3], "hidden-sheet.xlsx", "far-corner.xlsx", "cut.xlsx")):
        CASES[name].write(folder)
    (folder / "sound.csv").write_bytes(GOOD)
    (folder / "other.csv").write_bytes(b"carer_id,approved_on\nQanaryF1,2020-01-01\n")
    (folder / "notes.txt").write_text("Qanary")
    (folder / "deeper.csv").mkdir()
    return folder


def test_in_a_folder_the_good_files_are_read_and_issues_say_the_rest(mixed: Path) -> None:
    came = here(mixed)
    assert silence(came) == []
    assert came.told is not None
    read = dict(counts(came))
    assert read["sound.csv"] == (1, 1, 0, 0)
    assert read["other.csv"] == (1, 1, 0, 0)
    about = {issue["file"] for issue in came.told["issues"]}
    assert {p.name for p in mixed.iterdir() if p.is_file()} - read.keys() - about == set()
    # A file of another kind would be no reason for it, but these are extracts that were broken.
    assert came.code == 3, came.text


def test_an_audit_of_the_folder_ends_and_says_no_cell(tmp_path: Path, mixed: Path) -> None:
    ran = run("audit", mixed, *AS_AT, "--out", "out", "--format", "csv,json,xlsx", cwd=tmp_path)
    assert silence(Came(ran.code, ran.text, None)) == []
    assert ran.code == 3, ran.text
    issues = (tmp_path / "out" / "issues.csv").read_text(encoding="utf-8")
    assert "far-corner.xlsx" in issues
    # Every cell that could be a formula is made harmless, in a file that people open in Excel.
    assert not re.search(r"(?m)(^|,)\"?[=+@-]", issues)


@posix_only
def test_a_pipe_is_not_waited_for(tmp_path: Path, good: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    came = apart(tmp_path, "pipe.csv", good, seconds=20)
    assert silence(came) == []
    assert came.code == 3
    assert counts(came) == [("sound.csv", (1, 1, 0, 0))]
    alone = apart(tmp_path, "pipe.csv", seconds=20)
    assert alone.code == 2
    assert "pipe.csv" in alone.text


@posix_only
def test_a_pipe_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    os.mkfifo(tmp_path / "in" / "pipe.csv")
    (tmp_path / "in" / "sound.csv").write_bytes(GOOD)
    came = apart(tmp_path, "in", seconds=20)
    assert (came.code, counts(came)) == (0, [("sound.csv", (1, 1, 0, 0))])


@posix_only
@pytest.mark.parametrize("device", ["/dev/null", "/dev/tty"])
def test_a_device_is_no_extract(tmp_path: Path, good: Path, device: str) -> None:
    (tmp_path / "device.csv").symlink_to(device)
    came = apart(tmp_path, "device.csv", good, seconds=20)
    assert silence(came) == []
    assert came.code == 3
    assert counts(came) == [("sound.csv", (1, 1, 0, 0))]


@posix_only
def test_links_that_lead_back_or_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "self.csv").symlink_to(folder / "self.csv")
    (folder / "gone.csv").symlink_to(folder / "nowhere.csv")
    (folder / "sound.csv").write_bytes(GOOD)
    came = here(folder)
    assert (came.code, counts(came)) == (0, [("sound.csv", (1, 1, 0, 0))])
    for name in ("self.csv", "gone.csv"):
        named = here(folder / name)
        assert named.code == 2, named.text
        assert name in named.text
    # Twice the same file by two ways is read once.
    assert counts(here(folder / "loop", folder / "loop" / "loop" / "sound.csv")) == counts(came)


@posix_only
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read(tmp_path: Path, good: Path) -> None:
    path = CASES["crlf.csv"].write(tmp_path)
    path.chmod(0)
    came = here(path, good)
    assert came.code == 3
    assert counts(came) == [("sound.csv", (1, 1, 0, 0))]
    assert here(path).code == 2


def test_a_folder_that_is_called_like_a_file(tmp_path: Path, good: Path) -> None:
    (tmp_path / "visits.csv").mkdir()
    came = here(tmp_path / "visits.csv")
    assert came.code == 2
    assert "visits.csv" in came.text
    (tmp_path / "visits.csv" / "inner.csv").write_bytes(GOOD)
    assert counts(here(tmp_path / "visits.csv")) == [("inner.csv", (1, 1, 0, 0))]


@posix_only
@pytest.mark.parametrize(
    "name", [b"a\nb.csv", b"\x1b[31mred.csv", b"[bold]x[red].csv", b"\xff\xfe.csv", b"-x.csv"]
)
def test_a_file_with_an_odd_name(tmp_path: Path, name: bytes) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / os.fsdecode(name)
    path.write_bytes(GOOD + b"QanaryR2,QanaryK1,soon\n")
    came = apart(tmp_path, "in", seconds=20)
    assert silence(came) == []
    assert came.code == 0, came.text
    assert [read for _, read in counts(came)] == [(2, 1, 1, 0)]
    ran = run("audit", "in", *AS_AT, "--out", "out", "--format", "csv,json", cwd=tmp_path)
    assert silence(Came(ran.code, ran.text, None)) == []
    assert ran.code in (0, 1, 3), ran.text


def test_the_corpus_is_the_same_every_time_and_no_two_cases_share_a_name(tmp_path: Path) -> None:
    small = [case for case in CASES.values() if case.megabytes == Case("", "", b"", ()).megabytes]
    one, two = tmp_path / "1", tmp_path / "2"
    for folder in (one, two):
        folder.mkdir()
        for case in small:
            case.write(folder)
    assert all((one / c.name).read_bytes() == (two / c.name).read_bytes() for c in small)
    names = Counter(case.name.casefold() for cases in corpus.GROUPS.values() for case in cases)
    assert [name for name, count in names.items() if count > 1] == []
    assert len(names) >= 60


def test_the_corpus_is_a_tool(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.corpus", str(tmp_path / "c")],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip
    written = {path.name for path in (tmp_path / "c").iterdir()}
    assert written == set(CASES)
    assert done.stdout == f"{len(CASES)} files\n"
    # Bombs are small until they are opened.
    assert max(path.stat().st_size for path in (tmp_path / "c").iterdir()) < 5_000_000


def test_the_table_of_the_readme_is_that_of_the_cases() -> None:
    readme = Path(__file__).with_name("README.md").read_text(encoding="utf-8")
    assert corpus.table() in readme


def test_counts_worked_out_by_hand_add_up() -> None:
    for case in CASES.values():
        for way in case.outcomes:
            for _, read, used, rejected, after in way.counts:
                assert read == used + rejected + after, case.name


def test_a_wrong_count_a_wrong_kind_and_a_wrong_cell_are_seen(tmp_path: Path, good: Path) -> None:
    """The comparison itself can fail."""
    case = CASES["short-row.csv"]
    came = here(case.write(tmp_path), good)
    sound = case.outcomes[0]
    wrong = (
        reads(4, 4, 0, 0, "short_row"),
        reads(4, 3, 1, 0, "long_row"),
        reads(4, 3, 1, 0),
        reads(4, 3, 1, 0, "short_row", says="seven"),
        reads(4, 3, 1, 0, "short_row", ids=("x", "y", "z")),
    )
    for way in (*wrong, sound):
        found = faults(Case(case.name, "", b"", (way,)), came)
        assert (found == []) == (way is sound), way
    for said in ("Qanary", "Traceback", "\x1b[0m", "\r"):
        assert silence(Came(0, said, None)) != []
