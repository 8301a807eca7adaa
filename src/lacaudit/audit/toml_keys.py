"""Where a value stands in the configuration, said as its key path: TOML keeps no lines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from lacaudit.extracts.layout_model import CoverageOf, FoundBy, HoldsOf, LinkOf, Variant
from lacaudit.model.errors import UserError, nearest
from lacaudit.model.strict_yaml import Document, Path

_TABLE = "this is a table: write its keys in curly brackets, or below a heading of their own"
_WRITTEN = {
    "string_type": "this is text: write it in quotation marks",
    "tuple_type": "this is a list: write it in square brackets",
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "bool_type": "this is true or false, without quotation marks",
    "missing": "this is missing",
}
_INNER: tuple[type[BaseModel], ...] = (CoverageOf, FoundBy, HoldsOf, LinkOf, Variant)


@dataclass
class Toml(Document):
    """How each place in a layout is written in the configuration.

    Attributes:
        places: The start of a path in the layout, to how it is written.
    """

    places: dict[Path, str] = field(default_factory=dict)

    def where(self, path: Path) -> str:
        """Return the file and the key path of a value."""
        start = next(n for n in range(len(path), -1, -1) if path[:n] in self.places)
        written = self.places[path[:start]]
        for step in path[start:]:
            written += f"[{step + 1}]" if isinstance(step, int) else f".{key(step)}"
        return f"{self.file}: {written}"

    def table(self, value: object, at: Path) -> dict[str, Any]:
        """Return a value that has to be a table.

        Args:
            value: What stands there.
            at: Where.

        Raises:
            UserError: If it is none.
        """
        if not isinstance(value, dict):
            raise UserError(_TABLE, where=self.where(at))
        return value

    def known(self, given: Mapping[str, Any], valid: Collection[str], at: Path) -> None:
        """Refuse a key that there is not.

        Args:
            given: A table.
            valid: The keys it may have.
            at: Where it stands.

        Raises:
            UserError: If it has another, with the nearest there is.
        """
        for name in given:
            if name not in valid:
                raise UserError(
                    f"there is no key '{name}' here",
                    where=self.where((*at, name)),
                    hint=nearest(name, valid),
                )

    def refusal(self, error: ValidationError) -> UserError:
        """Say in plain words what a layout breaks of its model.

        Args:
            error: What the model found.

        Returns:
            The first fault; a misspelt key before the one that is missing for it.
        """
        faults = error.errors(include_url=False, include_input=False)
        fault = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
        # A choice between kinds of value ends in the name of a kind, which nobody has written.
        path = tuple(step for step in fault["loc"] if step not in ("bool", "str"))
        if fault["type"] != "extra_forbidden":
            what = _WRITTEN.get(fault["type"], fault["msg"].lower())
            return UserError(what, where=self.where(path))
        name = str(path[-1])
        hint = nearest(name, [known for model in _INNER for known in model.model_fields])
        if path[0] == "coverage" and name == "from":
            hint = "The day from which a table is complete stands under [coverage]."
        return UserError(f"there is no key '{name}' here", where=self.where(path), hint=hint)


def key(step: str) -> str:
    """Return a key as TOML writes it: in quotation marks where it is more than a word."""
    bare = step.replace("_", "").replace("-", "")
    return step if bare.isascii() and bare.isalnum() else f'"{step}"'
