"""XML files: the return as it is submitted, and what is not or only seems to be."""

from __future__ import annotations

from tests.hostile.bombs import LAUGHS
from tests.hostile.cases import BOMB_MEGABYTES, BOMB_SECONDS, Case, Outcome, refused

_CHILD = """<CHILD>
<HEADER><CHILDID>QanaryC{n}</CHILDID><SEX>1</SEX><DOB>10/05/201{n}</DOB><ETHNIC>WBRI</ETHNIC>
<AREVIEW><REVIEW>05/06/2023</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW></HEADER>
<EPISODE><DECOM>0{n}/05/2023</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U4</PL>
<PLACE_PROVIDER>PR1</PLACE_PROVIDER><DEC>0{n}/09/2023</DEC><REC>X1</REC></EPISODE>
<EPISODE><DECOM>0{n}/09/2023</DECOM><RNE>L</RNE><LS>E1</LS><CIN>N1</CIN><PL>U4</PL>
<PLACE_PROVIDER>PR1</PLACE_PROVIDER></EPISODE>
</CHILD>
"""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
BODY = f"<EXPSSDA903>\n{_CHILD.format(n=1)}{_CHILD.format(n=2)}</EXPSSDA903>\n"
GOOD = (_HEAD + BODY).encode()
# Two children, two episodes of each, and a review of each.
_COUNTS = (("children", 2, 2, 0, 0), ("episodes", 4, 4, 0, 0), ("reviews", 2, 2, 0, 0))
_READ = Outcome(_COUNTS)
_BROKEN = refused("unreadable_file")
_STRANGE = refused("unknown_file|unreadable_file")


def _case(name: str, what: str, make: bytes, *ways: Outcome) -> Case:
    return Case(name, what, make, ways)


def _declaring(dtd: str, name: str = "&l9;") -> bytes:
    """The return with a document type; an entity of it stands in the first child's id."""
    body = BODY.replace("QanaryC1", name)
    return f"{_HEAD}<!DOCTYPE EXPSSDA903 [{dtd}]>\n{body}".encode()


def _bomb(name: str, what: str, make: bytes, *ways: Outcome) -> Case:
    return Case(name, what, make, ways, True, BOMB_SECONDS, BOMB_MEGABYTES)


_BIG = "Qanary" * 20_000

CASES = (
    _case("return.xml", "the return as it is submitted", GOOD, _READ),
    _case("return-utf16.xml", "the return in UTF-16", BODY.encode("utf-16"), _READ, _BROKEN),
    _case("empty.xml", "no byte at all", b"", refused("unreadable_file|empty_file")),
    _case("cut.xml", "a return that was cut off", GOOD[:-300], _BROKEN),
    _case("no-child.xml", "a return without a child", b"<EXPSSDA903></EXPSSDA903>",
          refused("unknown_file|unreadable_file|empty_file|no_rows")),
    _case("other-return.xml", "XML that is another return",
          b"<Message><Children><Child><LAchildID>Qanary</LAchildID></Child></Children></Message>",
          _STRANGE),
    _case("page.xml", "a web page", b"<!DOCTYPE html><html><body>Qanary</body></html>", _STRANGE),
    _case("rows.xml", "a CSV file called .xml", b"child_id,visit_date\nQanary,2024-01-10\n",
          _STRANGE),
    _case("nul.xml", "a NUL byte in the return", GOOD.replace(b"WBRI", b"W\0RI"),
          refused("unreadable_file|nul_bytes")),
    _case("unknown-encoding.xml", "an encoding that no machine knows",
          GOOD.replace(b"UTF-8", b"KLINGON"), _BROKEN),
    _case("external.xml", "an entity that stands for a file of this machine",
          _declaring('<!ENTITY l9 SYSTEM "file:///etc/hostname">'), _BROKEN),
    _case("external-dtd.xml", "a document type that lies at an address",
          GOOD.replace(b"<EXP", b'<!DOCTYPE EXPSSDA903 SYSTEM "http://localhost:9/x.dtd"><EXP', 1),
          _BROKEN, _READ),
    _case("entity.xml", "an entity of its own", _declaring('<!ENTITY l9 "QanaryC1">'),
          _BROKEN, _READ),
    _bomb("laughs.xml", "entities that grow to a thousand million words", _declaring(LAUGHS),
          _BROKEN, refused("too_large")),
    _bomb("quadratic.xml", "one long entity, repeated",
          _declaring(f'<!ENTITY l9 "{_BIG}">', "&l9;" * 5_000), _BROKEN, refused("too_large")),
    _bomb("deep.xml", "elements 200,000 deep", _HEAD.encode() + b"<EXPSSDA903><CHILD>"
          + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</CHILD></EXPSSDA903>",
          refused("unreadable_file|unknown_file|too_large|empty_file|no_rows|missing_column")),
    _bomb("attributes.xml", "100,000 attributes on one element", _HEAD.encode()
          + b"<EXPSSDA903 " + b" ".join(b'a%d="Qanary"' % i for i in range(100_000))
          + b"></EXPSSDA903>",
          refused("unreadable_file|unknown_file|too_large|empty_file|no_rows|missing_column")),
)  # fmt: skip
