"""From a folder of YAML to a pack, with file and line in every error."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from lacaudit.model.errors import UserError, nearest
from lacaudit.model.resources import data_folder
from lacaudit.model.strict_yaml import Document, parse
from lacaudit.packs.loaded import LoadedRule, Pack, Reader
from lacaudit.packs.model import PackFile, TopicFile

DEFAULT_PACKS = ("statutory",)
_M = TypeVar("_M", bound=BaseModel)


def built_in() -> list[str]:
    """Return the names of the packs that ship with the product, in order."""
    return sorted(p.parent.name for p in data_folder("rules").glob("*/pack.yaml"))


def pack_folder(name: str) -> Path:
    """Return the folder of a pack named on the command line or in the configuration.

    Args:
        name: A built-in name, or the path of a folder that holds `pack.yaml`.

    Returns:
        The folder.

    Raises:
        UserError: If it is neither.
    """
    shipped = data_folder("rules") / name
    if name in built_in():
        return shipped
    folder = Path(name)
    if (folder / "pack.yaml").is_file():
        return folder
    raise UserError(
        f"there is no pack '{name}'",
        hint=nearest(name, built_in())
        or f"Built-in packs are {', '.join(built_in())}; your own is a folder with a pack.yaml.",
    )


def load_pack(folder: Path) -> Pack:
    """Read one pack: its `pack.yaml` and every topic file beside it.

    Args:
        folder: The folder of the pack. Its `cases` folder is not read here.

    Returns:
        The pack, its rules in the order of their codes.

    Raises:
        UserError: If a file is missing, is not valid, or a code stands twice; the file and line
            are named.
    """
    if not (folder / "pack.yaml").is_file():
        raise UserError(
            "this folder holds no pack.yaml",
            where=str(folder),
            hint="A pack is a folder with a pack.yaml and its files of rules.",
        )
    head = _document(folder / "pack.yaml", folder)
    pack_file = _model(PackFile, head)
    reader = Reader(pack_file, head.file)
    rules: dict[str, LoadedRule] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "pack.yaml":
            continue
        document = _document(path, folder)
        for number, rule in enumerate(_model(TopicFile, document).rules):
            where = document.where(("rules", number))
            if rule.code in rules:
                raise UserError(
                    f"{rule.code} is used twice",
                    where=where,
                    hint=f"It stands first in {rules[rule.code].where}; codes are never reused.",
                )
            rules[rule.code] = reader.rule(rule, path.stem, where)
    for chain in reader.chains.values():
        for regime in chain.regimes:
            for tier in regime.tiers:
                if tier.rule not in rules:
                    raise UserError(
                        f"the chain '{chain.name}' names {tier.rule}, which the pack does not have",
                        where=head.where(("chains", chain.name)),
                        hint=nearest(tier.rule, rules),
                    )
    ordered = tuple(rules[code] for code in sorted(rules))
    return Pack(pack_file, str(folder), ordered, reader.chains)


def load_packs(names: Sequence[str]) -> list[Pack]:
    """Read the packs named, each once, in the order given.

    Args:
        names: Built-in names or folders.

    Returns:
        The packs.

    Raises:
        UserError: As `load_pack`; also if two packs use one code or one name.
    """
    packs: list[Pack] = []
    seen: dict[str, LoadedRule] = {}
    for name in dict.fromkeys(names):
        pack = load_pack(pack_folder(name))
        if pack.name in {p.name for p in packs}:
            raise UserError(f"two packs are named '{pack.name}'", where=pack.folder)
        for rule in pack.rules:
            if rule.code in seen:
                raise UserError(
                    f"{rule.code} is used by two packs",
                    where=rule.where,
                    hint=f"It stands first in {seen[rule.code].where}.",
                )
            seen[rule.code] = rule
        packs.append(pack)
    return packs


def _document(path: Path, folder: Path) -> Document:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UserError("this is not UTF-8 text", where=str(path)) from None
    except OSError:
        raise UserError("this file cannot be read", where=str(path)) from None
    return parse(text, f"{folder.name}/{path.name}")


def _model(model: type[_M], document: Document) -> _M:
    """Validate a document; the error lists every fault with its line."""
    if not isinstance(document.data, dict):
        raise UserError("the file must be a list of named fields", where=f"{document.file}:1")
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        told = error.errors()
        # A list that came out empty only because its one entry is faulty is no fault of its own.
        told = [e for e in told if e["type"] != "too_short"] or told
        lines = [_fault(e["loc"], e["type"], e["msg"], document, model) for e in told]
        raise UserError("\n".join(lines)) from None


def _fault(
    loc: tuple[int | str, ...], kind: str, message: str, document: Document, model: type[_M]
) -> str:
    # A union's location carries the tag of the kind chosen, which is no key of the file.
    path = tuple(
        p for p in loc if p not in ("deadline", "interval", "check", "limit") or p == loc[-1]
    )
    field = ".".join(str(p) for p in path if not isinstance(p, int)) or "file"
    text = message.removeprefix("Value error, ")
    if kind == "extra_forbidden":
        text = f"there is no such field. {nearest(str(loc[-1]), _fields(model))}".strip()
    elif kind == "missing":
        text = "this field is missing"
    elif kind == "union_tag_not_found":
        text = "there is no `kind`: give deadline, interval, check or limit"
    return f"{document.where(path)}: {field}: {text}"


def _fields(model: type[BaseModel]) -> set[str]:
    """Collect every field name of a model and of the models inside it."""
    names: set[str] = set()
    schema: dict[str, Any] = model.model_json_schema(by_alias=True)
    for part in [schema, *schema.get("$defs", {}).values()]:
        names.update(part.get("properties", {}))
    return names
