"""Layouts of a council's own, as lacaudit.toml has them: the keys of a layout file, in TOML.

Three things are shorter here than in a layout file. What a file gives stands under the name of the
table, or beside the name of the file where it is one table alone. `needs` follows from what is
mapped. And `forms` says at once which rows are taken and what each name of a form stands for.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from lacaudit.audit.own_files import needs, with_forms
from lacaudit.audit.toml_keys import Toml, key
from lacaudit.extracts import Layout, layouts
from lacaudit.extracts.layout_checks import check
from lacaudit.extracts.layout_model import FileOf, Gives
from lacaudit.model.errors import UserError, nearest
from lacaudit.model.strict_yaml import Path
from lacaudit.model.tables import TABLES, Type

_EXPECTS = "Files of a council's own, as its lacaudit.toml says."
_MAPPED = {Type.CODE, Type.BOOL, Type.TEXT}
_YES_NO = {
    "yes": "true",
    "no": "false",
    "true": "true",
    "false": "false",
    True: "true",
    False: "false",
}
_OF_GIVES = frozenset(Gives.model_fields) - {"table"} | {"forms"}
_OF_FILE = frozenset(FileOf.model_fields) - {"gives"}
_OF_LAYOUT = frozenset(Layout.model_fields) - {"layout", "canonical", "files"} | {"file"}


def own_layouts(given: object, file: str) -> tuple[Layout, ...]:
    """Read the layouts of a configuration.

    Args:
        given: What stands under `layout`: a table for each layout, by its name.
        file: The configuration file, for messages.

    Returns:
        The layouts, in their order; the same model as of a layout file.

    Raises:
        UserError: If a key, table, column, code or event does not exist, a value is not of its
            kind, or a built-in layout has the name. It says at which key.
    """
    toml = Toml(file, None, places={(): "layout"})
    built_in = [one.layout for one in layouts()]
    made = []
    for name, told in toml.table(given, ()).items():
        if name in built_in:
            raise UserError(
                f"'{name}' is the name of a built-in layout",
                where=toml.where((name,)),
                hint="Give yours another name.",
            )
        made.append(_Own(name, file).layout(told))
    return tuple(made)


class _Own:
    """One layout of the configuration on its way into the model."""

    def __init__(self, name: str, file: str) -> None:
        self.name = name
        self.toml = Toml(file, None, places={(): f"layout.{key(name)}"})
        self.codes: dict[str, dict[str, Any]] = {}

    def layout(self, told: object) -> Layout:
        """Return the layout, every name in it checked."""
        given = self.toml.table(told, ())
        self.toml.known(given, _OF_LAYOUT, ())
        for column, written in self.toml.table(given.get("codes", {}), ("codes",)).items():
            told_of = self.toml.table(written, ("codes", column))
            self.codes[column] = self._meanings(column, dict(told_of))
        files = [self._file(one, i) for i, one in enumerate(self._files(given))]
        rest = {name: value for name, value in given.items() if name not in ("file", "codes")}
        dates = rest.get("dates")
        if isinstance(dates, list) and "iso" not in dates:
            # Real dates of a workbook come as ISO, which no other way of writing looks like.
            rest["dates"] = [*dates, "iso"]
        own = {"layout": self.name, "codes": self.codes, "files": files}
        try:
            layout = Layout.model_validate({"title": self.name, "expects": _EXPECTS, **rest, **own})
        except ValidationError as error:
            raise self.toml.refusal(error) from None
        check(layout, self.toml)
        self._spellings(layout)
        return layout

    def _files(self, given: Mapping[str, Any]) -> list[Any]:
        told = given.get("file", [])
        heading = f"[[layout.{key(self.name)}.file]]"
        if not isinstance(told, list):
            raise UserError(
                "a layout may have several files, each under two brackets",
                where=self.toml.where(("file",)),
                hint=f"Write {heading} above each.",
            )
        if not told:
            raise UserError(
                "the layout has no file",
                where=self.toml.where(()),
                hint=f"Write {heading} and below it name, table and columns.",
            )
        return told

    def _file(self, told: object, i: int) -> dict[str, Any]:
        at: Path = ("files", i)
        self.toml.places[at] = f"{self.toml.places[()]}.file {i + 1}"
        given = self.toml.table(told, at)
        if isinstance(given.get("name"), str):
            self.toml.places[at] += f" '{given['name']}'"
        self.toml.known(given, {*_OF_FILE, *_OF_GIVES, *TABLES, "table"}, at)
        made = {name: value for name, value in given.items() if name in _OF_FILE}
        made["gives"] = []
        for j, (table, part) in enumerate(self._parts(given, at)):
            place = (*at, "gives", j)
            self.toml.known(part, _OF_GIVES, place)
            made["gives"].append(with_forms(TABLES[table], part, self.codes, self.toml, place))
        made.setdefault("needs", needs(made["gives"]))
        if not made["needs"]:
            raise UserError(
                "it is not said by which columns this file is known",
                where=self.toml.where(at),
                hint="Write table and columns, or needs = [...] for a file that no rule reads.",
            )
        return made

    def _parts(self, given: Mapping[str, Any], at: Path) -> list[tuple[str, dict[str, Any]]]:
        """The tables that a file gives, each with what is said of it."""
        parts: list[tuple[str, dict[str, Any]]] = []
        beside = {name: value for name, value in given.items() if name in _OF_GIVES}
        if "table" in given:
            parts.append((self._named_table(given["table"], at), beside))
            self.toml.places[*at, "gives", 0] = self.toml.places[at]
        elif beside:
            raise UserError(
                "it is not said which table this is of",
                where=self.toml.where((*at, next(iter(beside)))),
                hint='Write table = "visits" beside it, or another, or put it below a heading '
                f"[layout.{key(self.name)}.file.visits].",
            )
        for name in (name for name in given if name in TABLES):
            if any(name == other for other, _ in parts):
                raise UserError(f"'{name}' is said twice", where=self.toml.where((*at, name)))
            self.toml.places[*at, "gives", len(parts)] = f"{self.toml.places[at]}.{name}"
            parts.append((name, self.toml.table(given[name], (*at, name))))
        return parts

    def _named_table(self, name: object, at: Path) -> str:
        if isinstance(name, str) and name in TABLES:
            return name
        raise UserError(
            f"'{name}' is no table",
            where=self.toml.where((*at, "table")),
            hint=nearest(str(name), TABLES) or f"Tables are {', '.join(TABLES)}.",
        )

    def _meanings(self, column: str, written: dict[str, Any]) -> dict[str, Any]:
        """What words of a column mean; of one of yes and no `yes`, `no`, `true` or `false`."""
        at: Path = ("codes", column)
        kinds = {c.type for t in TABLES.values() for c in t.columns if c.name == column}
        if kinds and kinds.isdisjoint(_MAPPED):
            raise UserError(
                f"the cells of '{column}' are read as they are ({min(kinds).value}), not as words",
                where=self.toml.where(at),
            )
        if kinds != {Type.BOOL}:
            return written
        for text, meaning in written.items():
            if not isinstance(meaning, str | bool) or meaning not in _YES_NO:
                raise UserError(
                    f"'{column}' is yes or no, not '{meaning}'", where=self.toml.where((*at, text))
                )
        return {text: _YES_NO[meaning] for text, meaning in written.items()}

    def _spellings(self, layout: Layout) -> None:
        """Refuse other spellings of a header that is not read: one of the two is mistyped."""
        every: list[str] = []
        for i, known in enumerate(layout.files):
            every += known.headers()
            self._spelt(known.also, known.headers(), layout, ("files", i, "also"))
        self._spelt(layout.also, every, layout, ("also",))

    def _spelt(
        self, also: Mapping[str, object], headers: Sequence[str], layout: Layout, at: Path
    ) -> None:
        known = {layout.fold(header) for header in headers}
        for header in also:
            if layout.fold(header) not in known:
                raise UserError(
                    f"no column that is read or needed is called '{header}'",
                    where=self.toml.where((*at, header)),
                    hint=nearest(header, headers),
                )
