"""Reading of extracts: files are recognised, checked row by row, and put into canonical tables."""

from lacaudit.extracts.data import Coverage, Extracts, Input, Mapping, TableData
from lacaudit.extracts.layout_model import Layout
from lacaudit.extracts.layouts import layouts, tables_of
from lacaudit.extracts.read import read

__all__ = [
    "Coverage",
    "Extracts",
    "Input",
    "Layout",
    "Mapping",
    "TableData",
    "layouts",
    "read",
    "tables_of",
]
