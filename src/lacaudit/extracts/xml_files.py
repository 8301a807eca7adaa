"""XML files of records, read as the layouts tell. No library reads XML into frames.

A record is let go as soon as its rows are taken, so that a file is never in memory as a tree.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from lacaudit.extracts.files import RefusedFileError, Sheet
from lacaudit.extracts.layout_model import Layout, XmlOf
from lacaudit.extracts.recognise import UnknownFileError
from lacaudit.extracts.xml_groups import Groups, fold_name, text_of

LARGEST_FILE = 1 << 29
LARGEST_RECORD = 100_000
DEEPEST = 32


def open_xml(path: Path, known: Sequence[Layout]) -> list[Sheet]:
    """Read an XML file.

    A row of a sheet is one group of fields. Its number is its place among the groups of its kind,
    in the order of the file, plus one: as if a header stood above them. A field that a group does
    not have is blank there. Attributes are not read.

    Args:
        path: The file.
        known: The layouts, of which the first that knows the root element tells how to read it.

    Returns:
        A sheet for each kind of group, in the order in which they first appear.

    Raises:
        UnknownFileError: If no layout knows the root element.
        RefusedFileError: If the file is not XML, declares a document type or entities, is too
            large or too deep, or holds no record.
        OSError: If the file cannot be opened.
    """
    size = path.stat().st_size
    if not size:
        _refuse("empty_file", "the file is empty", "Export it again.")
    if size > LARGEST_FILE:
        problem = f"the file has {size:,} bytes; as XML, {LARGEST_FILE:,} are read at most"
        _refuse("too_large", problem, "Export it as CSV.")
    with path.open("rb") as file, _faults_refused():
        events = iterparse(file, events=("start", "end"), forbid_dtd=True)
        _, root = next(events)
        xml = _layout(root, known)
        groups = Groups(xml)
        for record in _records(events, root, groups):
            groups.add(record)
    if not groups.records:
        _refuse("empty_file", f"the file holds no '{xml.record}'", "Export it again.")
    return groups.sheets()


@contextmanager
def _faults_refused() -> Iterator[None]:
    """Refuse what the parser cannot read. Its own messages could show the file's contents."""
    try:
        yield
    except DefusedXmlException:
        problem = "the file declares a document type or entities of its own"
        _refuse("unreadable_file", problem, "Export it again without them.")
    except ParseError as error:
        problem = f"the file is not XML: line {error.position[0]} breaks its rules"
        _refuse("unreadable_file", problem, "Export it again.")
    except (LookupError, ValueError):
        problem = "the file is not in the encoding that it names, or none knows it"
        _refuse("unreadable_file", problem, "Export it again as UTF-8.")


def _refuse(kind: str, problem: str, hint: str) -> NoReturn:
    raise RefusedFileError(kind, problem, hint) from None


def _layout(root: Element, known: Sequence[Layout]) -> XmlOf:
    """How to read the file, by its root element."""
    ways = [layout.xml for layout in known if layout.xml is not None]
    for xml in ways:
        if fold_name(root.tag) in map(fold_name, xml.roots):
            return xml
    names = " or ".join(f"<{name}>" for xml in ways for name in xml.roots)
    raise UnknownFileError(
        "unknown_file",
        "its first element is that of no known return",
        f"XML that is read begins with {names}." if names else "No layout is read from XML.",
    )


def _records(
    events: Iterator[tuple[str, Element]], root: Element, groups: Groups
) -> Iterator[Element]:
    """Each record once it is whole; fields outside any are counted."""
    within = [root]
    depth, elements = 0, 0
    for event, element in events:
        if event == "start":
            within.append(element)
            elements += 1
            if len(within) > DEEPEST:
                problem = f"its elements lie more than {DEEPEST} deep in each other"
                _refuse("too_large", problem, "Export it again.")
            if not depth and fold_name(element.tag) == groups.record:
                depth, elements = len(within), 0
            if depth and elements > LARGEST_RECORD:
                problem = f"one '{groups.xml.record}' holds over {LARGEST_RECORD:,} elements"
                _refuse("too_large", problem, "Export it again.")
            continue
        if len(within) == depth:
            yield element
            depth = 0
        elif not depth and not len(element) and text_of(element):
            groups.outside += 1
        within.pop()
        if not depth and within:
            # What has been read is let go.
            within[-1].clear()
