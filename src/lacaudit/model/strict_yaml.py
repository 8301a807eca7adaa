"""YAML 1.2 as the product reads it: parsed in C, duplicates refused, lines kept.

Aliases, anchors and tags are refused: a rule file says what it means where it stands.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from lacaudit.model.errors import UserError

_LOADER = getattr(yaml, "CLoader", yaml.Loader)
_INT = re.compile(r"^[-+]?(0|[1-9][0-9]*)$")
_FLOAT = re.compile(r"^[-+]?(0|[1-9][0-9]*)\.[0-9]+$")
_WORDS: dict[str, bool | None] = {
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
}  # fmt: skip

Path = tuple[str | int, ...]


@dataclass
class Document:
    """One parsed file.

    Attributes:
        file: The name to show in messages.
        data: Mappings, lists, strings, whole numbers, decimals, true, false and null. Dates stay
            text: YAML 1.2 has none.
        lines: The line (from 1) on which the value at a path begins.
    """

    file: str
    data: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def where(self, path: Path) -> str:
        """Return `file:line` of the value at a path, or of its nearest parent."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.file}:{self.lines.get(path, 1)}"


def parse(text: str, file: str) -> Document:
    """Parse one YAML file.

    Args:
        text: The whole file.
        file: Its name, for messages.

    Returns:
        The document with a line for every value.

    Raises:
        UserError: If the file is not YAML, repeats a key, or uses an alias, anchor or tag.
    """
    try:
        # The full loader is only asked to compose: nothing is constructed from tags.
        events = list(yaml.parse(text, Loader=_LOADER))
        for event in events:
            _refuse_indirection(event, file)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UserError(
            f"this is not valid YAML: {error.problem}",
            where=f"{file}:{line}",
            hint="Check indentation, quotes and colons near this line.",
        ) from None
    except yaml.YAMLError:
        raise UserError("this is not readable as YAML text", where=file) from None
    document = Document(file, None)
    if node is not None:
        document.data = _value(node, (), document)
    return document


def _refuse_indirection(event: Any, file: str) -> None:
    anchored = getattr(event, "anchor", None) is not None
    tagged = getattr(event, "tag", None) not in (None, "!")
    if anchored or tagged:
        raise UserError(
            "anchors, aliases and tags are not taken here",
            where=f"{file}:{event.start_mark.line + 1}",
            hint="Write the value out where it is used.",
        )


def _value(node: yaml.Node, path: Path, document: Document) -> Any:
    document.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            line = key_node.start_mark.line + 1
            if key is None:
                raise UserError("a key must be plain text", where=f"{document.file}:{line}")
            if key in result:
                raise UserError(
                    f"'{key}' is given twice",
                    where=f"{document.file}:{line}",
                    hint="Keep one of the two.",
                )
            result[key] = _value(value_node, (*path, key), document)
            document.lines[(*path, key)] = line
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, i), document) for i, child in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    raise UserError("this is not YAML that is taken here", where=document.where(path))


def _scalar(node: yaml.ScalarNode) -> str | int | float | bool | None:
    text: str = node.value
    if node.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    return text
