"""Small sound files, and changes to their bytes and rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from tests.hostile import parquets, xmls
from tests.hostile.books import VISITS
from tests.hostile.build_xlsx import members, write_zip
from tests.hostile.cases import text

_EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
)
EPISODES = text(
    _EPISODES,
    *(
        f"QanaryC{i},{i:02}/04/2023,S,{'C2' if i % 2 else 'V2'},N1,U4,PR1,"
        f"{f'{i:02}/09/2023,X1,CARPL' if i % 3 else ',,'},Qanary1,Qanary2,SC00000{i}"
        for i in range(1, 21)
    ),
    end="\r\n",
)
VISITS_CSV = text(
    "visit_id,child_id,visit_date,seen_alone,not_alone_reason",
    *(
        f"QanaryV{i},QanaryC{i % 4},2024-{1 + i % 5:02}-{1 + i:02},{'yes' if i % 2 else ''},"
        f"{'' if i % 5 else chr(34) + 'Qanary, ill' + chr(34)}"
        for i in range(20)
    ),
)
TEXTS = {"episodes.csv": EPISODES, "visits.csv": VISITS_CSV, "return.xml": xmls.GOOD}
PARQUET = parquets.packed(parquets.FRAME, compression="uncompressed")

_PIECES = (
    b",", b";", b"\t", b"|", b'"', b'""', b"\n", b"\r\n", b"\r", b"\0", b" ", b"-", b"0", b"\xff",
    b"\xc3\xa9", b"\xef\xbb\xbf", b"\xff\xfe", b"<", b">", b"&", b"]]>", b"\n\n", b",,", b'",\n"',
)  # fmt: skip
_ENCODINGS = ("utf-16", "utf-8-sig", "utf-32", "cp1252", "utf-16-le", "utf-7")


@dataclass(frozen=True)
class Change:
    """One change: what, where (parts in ten thousand of the file), how much, and of what."""

    what: str
    place: int
    size: int
    piece: bytes
    encoding: str

    def to(self, data: bytes) -> bytes:
        """Make the change."""
        at = len(data) * self.place // 10_000
        return _CHANGES[self.what](data, at, self)


def _flip(data: bytes, at: int, how: Change) -> bytes:
    if not data:
        return data
    at = min(at, len(data) - 1)
    return data[:at] + bytes([data[at] ^ (1 << how.size % 8)]) + data[at + 1 :]


def _swap_lines(data: bytes, at: int, how: Change) -> bytes:
    lines = data.splitlines(keepends=True)
    if len(lines) < 2:
        return data
    one, two = at % len(lines), how.size % len(lines)
    lines[one], lines[two] = lines[two], lines[one]
    return b"".join(lines)


def _drop_cell(data: bytes, at: int, how: Change) -> bytes:
    """Take a cell out of a line: the first line where the place is in the first half."""
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    line = 0 if how.place < 5_000 else at % len(lines)
    cells = lines[line].split(b",")
    del cells[how.size % len(cells)]
    lines[line] = b",".join(cells)
    return b"".join(lines)


def _recode(data: bytes, _: int, how: Change) -> bytes:
    try:
        return data.decode().encode(how.encoding, errors="replace")
    except UnicodeDecodeError:
        return data


_CHANGES: dict[str, Callable[[bytes, int, Change], bytes]] = {
    "flip": _flip,
    "delete": lambda data, at, how: data[:at] + data[at + how.size :],
    "repeat": lambda data, at, how: data[:at] + data[at : at + how.size] + data[at:],
    "cut": lambda data, at, _: data[:at],
    "insert": lambda data, at, how: data[:at] + how.piece + data[at:],
    "swap lines": _swap_lines,
    "drop a cell": _drop_cell,
    "recode": _recode,
}


def changes(*without: str) -> st.SearchStrategy[list[Change]]:
    """One to four changes, those of some kinds left out."""
    one = st.builds(
        Change,
        st.sampled_from([what for what in _CHANGES if what not in without]),
        st.integers(0, 10_000),
        st.integers(1, 200),
        st.sampled_from(_PIECES),
        st.sampled_from(_ENCODINGS),
    )
    return st.lists(one, min_size=1, max_size=4)


def changed(data: bytes, made: list[Change]) -> bytes:
    """Make changes one after the other."""
    for change in made:
        data = change.to(data)
    return data


def workbook(path: Path, part: str, made: list[Change]) -> None:
    """A sound archive around a part of a workbook that was changed."""
    parts = members(VISITS)
    write_zip(path, {**parts, part: changed(parts[part], made)})


def archive(path: Path, made: list[Change]) -> None:
    """A workbook whose archive was changed."""
    write_zip(path, dict(members(VISITS)))
    path.write_bytes(changed(path.read_bytes(), made))


PARTS = tuple(members(VISITS))


def records(body: bytes) -> int:
    """Records below a header, blank ones too: line ends outside quotation marks, and a last rest.

    Counted character by character, as a reader with a pencil would.
    """
    count, quoted, rest = 0, False, False
    for byte in body:
        if byte == ord('"'):
            quoted = not quoted
        if byte == ord("\n") and not quoted:
            count, rest = count + 1, False
        else:
            rest = True
    return count + rest
