"""Which rules of which packs a run judges, and with which parameters."""

from collections.abc import Mapping, Sequence

from lacaudit.model.errors import UserError, nearest
from lacaudit.packs.load import built_in, load_pack, pack_folder
from lacaudit.packs.loaded import LoadedRule, Pack
from lacaudit.packs.model import DatedLimit, DeadlineRule, LimitRule


def select_rules(
    packs: Sequence[Pack], select: Sequence[str], ignore: Sequence[str]
) -> list[LoadedRule]:
    """Return the rules a run judges, in the order of their codes.

    Args:
        packs: The packs in use.
        select: Codes or prefixes of codes; empty for all rules.
        ignore: Codes or prefixes; they win over `select`.

    Returns:
        The rules chosen.

    Raises:
        UserError: If a code or prefix fits no rule of the packs; where another built-in pack has
            it, that pack is named.
    """
    rules = sorted((r for p in packs for r in p.rules), key=lambda r: r.code)
    for code in [*select, *ignore]:
        if not any(r.code.startswith(code) for r in rules):
            raise _unknown(code, packs, rules)
    return [
        r
        for r in rules
        if (not select or r.code.startswith(tuple(select))) and not r.code.startswith(tuple(ignore))
    ]


def set_parameters(
    rules: Sequence[LoadedRule],
    parameters: Mapping[str, Mapping[str, object]],
    *,
    where: str = "",
) -> list[LoadedRule]:
    """Return the rules with the parameters of the configuration in place.

    Args:
        rules: The rules chosen.
        parameters: By code, then by parameter: `{"LGA301": {"threshold": 4}}`.
        where: The configuration file, for messages.

    Returns:
        The rules, changed where a parameter is given.

    Raises:
        UserError: If a rule is not among those in use, or its source fixes the parameter.
    """
    by_code = {r.code: r for r in rules}
    for code, values in parameters.items():
        if code not in by_code:
            raise UserError(
                f"[parameters] names {code}, which is not among the rules in use",
                where=where,
                hint=nearest(code, by_code),
            )
        for name, value in values.items():
            by_code[code] = _with_parameter(by_code[code], name, value, where)
    return [by_code[r.code] for r in rules]


def _with_parameter(loaded: LoadedRule, name: str, value: object, where: str) -> LoadedRule:
    rule = loaded.rule
    if name not in rule.ours:
        open_ones = ", ".join(rule.ours) or "none"
        raise UserError(
            f"[parameters] {rule.code}.{name} cannot be set: the source fixes it",
            where=where,
            hint=f"Parameters of {rule.code} that its source leaves open: {open_ones}.",
        )
    changed: LimitRule | DeadlineRule | None = None
    if isinstance(rule, LimitRule) and name in ("threshold", "months"):
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            changed = rule.model_copy(update={name: value})
    elif isinstance(rule, DeadlineRule) and name == "limit" and isinstance(value, str):
        try:
            limit = DatedLimit.model_validate({"limit": value})
        except ValueError:
            limit = None
        if limit is not None:
            changed = rule.model_copy(update={"limits": (limit,)})
    if changed is None:
        raise UserError(
            f"[parameters] {rule.code}.{name}: '{value}' is not a value it can take", where=where
        )
    fields = {f: getattr(loaded, f) for f in loaded.__dataclass_fields__}
    return LoadedRule(**(fields | {"rule": changed}))


def _unknown(code: str, packs: Sequence[Pack], rules: Sequence[LoadedRule]) -> UserError:
    used = {p.name for p in packs}
    for name in built_in():
        if name in used:
            continue
        if any(r.code.startswith(code) for r in load_pack(pack_folder(name)).rules):
            return UserError(
                f"'{code}' is a rule of the pack '{name}', which is not in use",
                hint=f"Add --pack {name}; naming a pack replaces the default, so name each one.",
            )
    return UserError(
        f"no rule has the code '{code}'",
        hint=nearest(code, [r.code for r in rules]) or "`lacaudit rules` lists them.",
    )
