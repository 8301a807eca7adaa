"""lacaudit.toml: found in the working folder or above it, or named; unknown keys are refused."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from lacaudit.audit.own_layouts import own_layouts
from lacaudit.extracts import Coverage, Layout
from lacaudit.model.errors import UserError, nearest
from lacaudit.model.outcomes import Force
from lacaudit.model.tables import TABLES

NAME = "lacaudit.toml"
FORMATS = ("csv", "parquet", "json", "xlsx")
FAIL_ON = (*(f.value for f in Force), "unverified", "undetermined")


class AuditTable(BaseModel):
    """[audit]: defaults of the command's options."""

    model_config = ConfigDict(extra="forbid", strict=True)

    packs: list[str] | None = None
    select: list[str] | None = None
    ignore: list[str] | None = None
    due_within: int | None = Field(default=None, ge=0, le=3660)
    since: date | None = None
    fail_on: list[str] | None = None
    format: list[str] | None = None
    out: str | None = None


class CoverageTable(BaseModel):
    """[coverage]: what a table can show, where it is not the whole history."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    from_: date | None = Field(default=None, alias="from")
    latest_only: bool = False


class Config(BaseModel):
    """The whole file.

    Attributes:
        audit: Defaults of the command's options.
        parameters: By rule, figures that its source leaves open.
        targets: Rates to aim at, by rule or topic.
        coverage: By table, what it can show.
        layout: A council's own layouts.
        file: Where it was read from; empty where there is none.
    """

    model_config = ConfigDict(extra="forbid")

    audit: AuditTable = AuditTable()
    parameters: dict[str, dict[str, StrictStr | StrictInt]] = {}
    targets: dict[str, float] = {}
    coverage: dict[str, CoverageTable] = {}
    layout: tuple[Layout, ...] = ()
    file: str = Field(default="", exclude=True)


def covered(config: Config, shown: Mapping[str, Coverage]) -> dict[str, Coverage]:
    """Put what [coverage] says over what the layouts say.

    Args:
        config: The configuration.
        shown: By table, what the layouts of the files show.

    Returns:
        By table, both together: only what [coverage] names is taken from it.
    """
    both = dict(shown)
    for table, said in config.coverage.items():
        told = both.get(table, Coverage(start=None, latest_only=False))
        if "from_" in said.model_fields_set:
            told = replace(told, start=said.from_)
        if "latest_only" in said.model_fields_set:
            told = replace(told, latest_only=said.latest_only)
        both[table] = told
    return both


def find_config(folder: Path) -> Path | None:
    """Return the lacaudit.toml of a folder or of the nearest folder above it, or None."""
    for place in (folder, *folder.parents):
        if (place / NAME).is_file():
            return place / NAME
    return None


def load_config(path: Path | None) -> Config:
    """Read a configuration file.

    Args:
        path: The file; None for the defaults.

    Returns:
        The configuration, with `file` saying where it came from.

    Raises:
        UserError: If it cannot be read, is not TOML, or has a key or value that is not known.
    """
    if path is None:
        return Config()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"this is not valid TOML: {error}", where=str(path)) from None
    except (OSError, UnicodeDecodeError):
        raise UserError("the configuration cannot be read", where=str(path)) from None
    if data.pop("publish", None) is not None:
        raise UserError(
            "[publish] is not taken by this version yet",
            where=str(path),
            hint="Take the table out, or wait for a version whose notes name it.",
        )
    if "layout" in data:
        data["layout"] = own_layouts(data["layout"], str(path))
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        raise UserError("\n".join(_fault(e, path) for e in error.errors())) from None
    _check(config, path)
    return config.model_copy(update={"file": str(path)})


def _fault(error: Any, path: Path) -> str:
    place = ".".join(str(p) for p in error["loc"])
    if error["type"] == "extra_forbidden":
        known = [*Config.model_fields, *AuditTable.model_fields, "from", "latest_only"]
        hint = nearest(str(error["loc"][-1]), [k for k in known if k != "file"])
        return f"{path}: {place}: there is no such key. {hint}".strip()
    if error["type"] in ("model_type", "dict_type", "model_attributes_type"):
        return f"{path}: {place}: this is a table: write [{place}] with its keys below"
    return f"{path}: {place}: {error['msg'].lower()}"


def _check(config: Config, path: Path) -> None:
    for table in config.coverage:
        if table not in TABLES:
            raise UserError(
                f"[coverage] names '{table}', which is not a table",
                where=str(path),
                hint=nearest(table, TABLES),
            )
    for kind, valid, given in (
        ("fail_on", FAIL_ON, config.audit.fail_on),
        ("format", FORMATS, config.audit.format),
    ):
        for word in given or []:
            if word not in valid:
                raise UserError(
                    f"[audit] {kind}: '{word}' is not one of {', '.join(valid)}",
                    where=str(path),
                    hint=nearest(word, valid),
                )
    for name, rate in config.targets.items():
        if not 0 <= rate <= 1:
            raise UserError(
                f"[targets] {name} = {rate}: a rate lies between 0 and 1", where=str(path)
            )
