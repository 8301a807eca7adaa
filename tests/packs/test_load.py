"""What is wrong with a pack is said with file and line; and which rules of packs a run judges."""

from pathlib import Path

import pytest

from lacaudit.model.errors import UserError
from lacaudit.packs.load import DEFAULT_PACKS, built_in, load_pack, load_packs, pack_folder
from lacaudit.packs.loaded import Pack
from lacaudit.packs.select import select_rules, set_parameters

HEAD = """\
name: own
title: Rules of our own
authority: A council
jurisdiction: Anytown
version: 1.0.0
source: our handbook
conditions:
  visits:
    counts: seen is not false
chains:
  calls:
    subject: placement
    acts: visits
    counted: counts
    regimes:
      - name: all
        says: any placement
        tiers:
          - {rule: OWN101, tier: every}
"""
RULES = """\
rules:
  - code: OWN101
    name: call-late
    title: A call at least every 28 days
    force: policy
    kind: interval
    subject: placement
    chain: calls
    tiers:
      every: [{limit: 28 days}]
    source: {document: Handbook, provision: "1", text_read: revised}
    message: No call by {due}
    not_covered: [what was said]
  - code: OWN102
    name: plan-missing
    title: A plan within ten working days
    force: policy
    kind: deadline
    subject: placement
    anchor: start
    limits: [{limit: 10 working days}]
    act: {table: plans, of: [placement]}
    until: [end]
    where: placement_type in FOSTER_CARE
    source: {document: Handbook, provision: "2", text_read: revised}
    message: No plan by {due}
    not_covered: [what it says]
"""


def written(folder: Path, head: str = HEAD, rules: str = RULES) -> Path:
    own = folder / "own"
    own.mkdir(exist_ok=True)
    (own / "pack.yaml").write_text(head, encoding="utf-8")
    (own / "calls.yaml").write_text(rules, encoding="utf-8")
    return own


def load(folder: Path, head: str = HEAD, rules: str = RULES) -> Pack:
    return load_pack(written(folder, head, rules))


def test_a_sound_pack_is_read(tmp_path: Path) -> None:
    pack = load(tmp_path)
    assert [(r.code, r.topic, r.where) for r in pack.rules] == [
        ("OWN101", "calls", "own/calls.yaml:2"),
        ("OWN102", "calls", "own/calls.yaml:14"),
    ]
    assert "plans.plan_date" in pack.rules[1].needs
    assert "placements.end" not in pack.rules[1].needs  # what ends a duty is not needed


# what is wrong | what stands in the file | what is put there | line | what is said
IN_RULES = [
    ("a colon too many", "kind: interval", "kind: : interval", 6, "this is not valid YAML"),
    ("an open bracket", "[what was said]", "[what was said", 14, "this is not valid YAML"),
    ("a tab", "    force: policy\n    kind: interval", "\tforce: policy", 5, "not valid YAML"),
    ("a key twice", "    name: call-late", "    code: OWN109", 3, "'code' is given twice"),
    ("an anchor", "chain: calls", "chain: &c calls", 8, "anchors, aliases and tags are not"),
    ("an alias", "chain: calls", "chain: *c", 8, "anchors, aliases and tags are not"),
    ("a tag", "chain: calls", "chain: !!str calls", 8, "anchors, aliases and tags are not"),
    ("an object", "chain: calls", "chain: !!python/object:os.system {}", 8, "anchors, aliases"),
    ("an unknown field", "anchor: start", "ancor: start", 20, "Did you mean 'anchor'?"),
    ("an unknown field of a limit", "{limit: 28 days}", "{limits: 28 days}", 10, "no such field"),
    ("a field that is missing", "    title: A call at least every 28 days\n", "", 2,
     "title: this field is missing"),
    ("an unknown subject", "subject: placement\n    chain", "subject: placements\n    chain", 7,
     "'placements' is not a kind of subject"),
    ("a bad limit", "10 working days", "ten working days", 21, "is not a limit: write such as"),
    ("a bad limit of a tier", "28 days}", "28 dys}", 10, "is not a limit"),
    ("a code of another shape", "code: OWN102", "code: own-102", 14, "code"),
    ("an unknown force", "force: policy", "force: law", 5, "force"),
    ("an unknown kind", "kind: deadline", "kind: dead", 14, "dead"),
    ("a code twice", "code: OWN102", "code: OWN101", 14, "OWN101 is used twice"),
    ("an unknown chain", "chain: calls", "chain: call", 2, "Did you mean 'calls'?"),
    ("an unknown tier", "every: [", "each: [", 2, "names the tiers ['every'] for OWN101"),
    ("an unknown date", "anchor: start", "anchor: strat", 14, "'strat' is not a date of a"),
    ("a column that is no date", "until: [end]", "until: [long_term]", 14,
     "'long_term' is not a date"),
    ("an unknown kind of act", "of: [placement]", "of: [placements]", 14,
     "'placements' is not a code of plans"),
    ("an unknown table of acts", "table: plans", "table: plan", 22, "'plan' is not a table"),
    ("a condition with an unknown column", "where: placement_type", "where: placement_typ", 14,
     "Did you mean 'placement_type' or"),
    ("a condition with an unknown group", "FOSTER_CARE", "FOSTER", 14,
     "Did you mean 'FOSTER_CARE'?"),
    ("a condition that is none", "where: placement_type in", "where: import os or", 14,
     "this is not a condition"),
    ("an unknown relaxation", "    until: [end]\n", "    until: [end]\n    relaxation: covid\n", 14,
     "'covid' is not a relaxation"),
    ("an unknown column that is needed", "    until: [end]\n",
     "    until: [end]\n    needs: [plans.planned]\n", 14, "'plans.planned' is not a column"),
    ("an unknown table that is optional", "    until: [end]\n",
     "    until: [end]\n    optional: [planes]\n", 14, "'planes' is not a table"),
    ("a parameter that there is none of", "    until: [end]\n",
     "    until: [end]\n    ours: {speed: ours}\n", 14, "'speed' is not a parameter"),
    ("no rule at all", RULES, "rules: []\n", 1, "rules"),
    ("a list and no fields", RULES, "- code: OWN101\n", 1, "must be a list of named fields"),
    ("an empty file", RULES, "", 1, "must be a list of named fields"),
    ("a title of two lines is one", "A plan within ten working days", "Plan", 16, "title"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "says"), [c[1:] for c in IN_RULES], ids=[c[0] for c in IN_RULES]
)
def test_a_fault_of_a_rule_names_file_and_line(tmp_path, old, new, line, says) -> None:
    assert old in RULES
    with pytest.raises(UserError) as fault:
        load(tmp_path, rules=RULES.replace(old, new, 1))
    assert says in fault.value.text
    assert f"own/calls.yaml:{line}:" in fault.value.text


IN_HEAD = [
    ("a tier that names an unknown rule", "          - {rule: OWN101, tier: every}\n",
     "          - {rule: OWN101, tier: every}\n          - {rule: OWN901, tier: every}\n", 11,
     "the chain 'calls' names OWN901, which the pack does not have\n  Did you mean 'OWN101'"),
    ("an unknown field", "title:", "titel:", 2, "Did you mean 'title'"),
    ("an unknown table of conditions", "  visits:\n", "  visit:\n", 8, "'visit' is not a table"),
    ("a condition of the pack", "seen is not false", "sen is not false", 1, "Did you mean 'seen'?"),
    ("a version of another shape", "1.0.0", "one", 5, "version"),
    ("an unknown table of acts", "acts: visits", "acts: visit", 13, "'visit' is not a table"),
    ("a chain's own condition", "counted: counts", "counted: count", 1, "Did you mean 'counts'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "says"), [c[1:] for c in IN_HEAD], ids=[c[0] for c in IN_HEAD]
)
def test_a_fault_of_the_pack_file_names_file_and_line(tmp_path, old, new, line, says) -> None:
    with pytest.raises(UserError) as fault:
        load(tmp_path, head=HEAD.replace(old, new, 1))
    assert says in fault.value.text
    # The conditions of a pack file are read after its lines are forgotten: the file is named.
    where = "own/pack.yaml" if line == 1 else f"own/pack.yaml:{line}:"
    assert where in fault.value.text


def test_every_fault_of_a_file_is_listed(tmp_path: Path) -> None:
    rules = RULES.replace("28 days}", "x}").replace("force: policy", "force: law", 1)
    with pytest.raises(UserError) as fault:
        load(tmp_path, rules=rules)
    assert "own/calls.yaml:5:" in fault.value.text
    assert "own/calls.yaml:10:" in fault.value.text


def test_a_bomb_of_aliases_is_refused(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    with pytest.raises(UserError, match="anchors, aliases and tags") as fault:
        load(tmp_path, rules=bomb)
    assert fault.value.where == "own/calls.yaml:1"


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path)
    (folder / "calls.yaml").write_bytes(b"rules: \xff")
    with pytest.raises(UserError, match="not UTF-8") as fault:
        load_pack(folder)
    assert fault.value.where.endswith("own/calls.yaml")


def test_a_folder_without_a_pack_file_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"holds no pack\.yaml"):
        load_pack(tmp_path)
    with pytest.raises(UserError, match="there is no pack 'nowhere'"):
        pack_folder("nowhere")


def test_the_nearest_pack_is_offered() -> None:
    with pytest.raises(UserError, match="Did you mean 'salford'"):
        pack_folder("salfrd")


def test_a_code_may_stand_in_one_pack_alone(tmp_path: Path) -> None:
    one, two = tmp_path / "1", tmp_path / "2"
    for place, head in ((one, HEAD), (two, HEAD.replace("name: own", "name: other", 1))):
        place.mkdir()
        written(place, head)
    with pytest.raises(UserError, match="OWN101 is used by two packs"):
        load_packs([str(one / "own"), str(two / "own")])
    written(two, HEAD)
    with pytest.raises(UserError, match="two packs are named 'own'"):
        load_packs([str(one / "own"), str(two / "own")])


def test_a_pack_named_twice_is_read_once(tmp_path: Path) -> None:
    own = str(written(tmp_path))
    assert [p.name for p in load_packs([own, own])] == ["own"]


def test_the_built_in_packs_can_be_used_together() -> None:
    packs = load_packs(built_in())
    assert [p.name for p in packs] == built_in()
    assert set(DEFAULT_PACKS) <= set(built_in())


# Which rules a run judges, and which of their parameters may be set.

ALL = load_packs(built_in())
STATUTORY = load_packs(["statutory"])


def codes(packs, select=(), ignore=()) -> list[str]:
    return [r.code for r in select_rules(packs, select, ignore)]


def test_without_a_choice_every_rule_is_judged_in_the_order_of_codes() -> None:
    assert codes(ALL) == sorted(r.code for p in ALL for r in p.rules)


def test_a_code_or_its_beginning_chooses() -> None:
    assert codes(ALL, ["CPR101"]) == ["CPR101"]
    assert codes(ALL, ["CPR10"]) == [c for c in codes(ALL) if c.startswith("CPR10")]
    assert codes(ALL, ["SAL", "CPR101"]) == [
        c for c in codes(ALL) if c.startswith(("SAL", "CPR101"))
    ]


def test_ignoring_wins() -> None:
    assert codes(ALL, ["CPR101", "CPR102"], ["CPR101"]) == ["CPR102"]
    assert codes(ALL, ["CPR101"], ["CPR"]) == []
    assert not any(c.startswith("CPR") for c in codes(ALL, [], ["CPR"]))


def test_an_unknown_code_offers_the_nearest() -> None:
    with pytest.raises(UserError) as fault:
        codes(STATUTORY, ["CPR999"])
    assert "no rule has the code 'CPR999'" in fault.value.text
    assert "Did you mean 'CPR" in fault.value.text
    with pytest.raises(UserError, match="no rule has the code 'XYZ999'"):
        codes(STATUTORY, [], ["XYZ999"])


def test_a_rule_of_another_pack_names_the_pack() -> None:
    with pytest.raises(UserError) as fault:
        codes(STATUTORY, ["SAL103"])
    assert "'SAL103' is a rule of the pack 'salford', which is not in use" in fault.value.text
    assert "--pack salford" in fault.value.text


def set_one(code: str, name: str, value: object):
    rules = set_parameters(select_rules(ALL, (), ()), {code: {name: value}})
    assert [r.code for r in rules] == codes(ALL)
    return next(r.rule for r in rules if r.code == code)


def test_a_parameter_that_the_source_leaves_open_can_be_set() -> None:
    assert set_one("LGA301", "threshold", 4).threshold == 4
    unchanged = next(r.rule for r in select_rules(ALL, ["LGA301"], ()))
    assert unchanged.threshold == 3


@pytest.mark.parametrize("name", ["limit", "threshold", "limits", "force"])
def test_what_the_source_fixes_cannot_be_set(name: str) -> None:
    with pytest.raises(UserError, match=f"CPR101.{name} cannot be set: the source fixes it"):
        set_one("CPR101", name, "21 working days")


@pytest.mark.parametrize("value", [0, -1, "4", 4.0, True, None, [4]])
def test_a_value_must_be_one_that_the_parameter_can_take(value: object) -> None:
    with pytest.raises(UserError, match="is not a value it can take"):
        set_one("LGA301", "threshold", value)


def test_a_parameter_of_a_rule_that_is_not_in_use_is_refused() -> None:
    with pytest.raises(UserError, match="LGA301, which is not among the rules in use"):
        set_parameters(select_rules(STATUTORY, (), ()), {"LGA301": {"threshold": 4}})
