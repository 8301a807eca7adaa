"""Every worked example of every built-in pack holds, and would not hold of another rule."""

import shutil
from pathlib import Path

import pytest

from lacaudit.audit.check_pack import case_faults, check_pack
from lacaudit.packs.cases import Case, load_cases
from lacaudit.packs.load import built_in, load_pack, pack_folder
from lacaudit.packs.loaded import LoadedRule, Pack

PACKS = {name: load_pack(pack_folder(name)) for name in built_in()}


def examples():
    for pack in PACKS.values():
        files = load_cases(Path(pack.folder))
        for rule in pack.rules:
            for case in files[rule.code].cases if rule.code in files else ():
                yield pytest.param(pack, rule, case, id=f"{rule.code}: {case.name}")


@pytest.mark.parametrize(("pack", "rule", "case"), list(examples()))
def test_the_worked_example_holds(pack: Pack, rule: LoadedRule, case: Case) -> None:
    assert case_faults(pack, rule, case) == []


@pytest.mark.parametrize("name", built_in())
def test_the_sources_of_a_pack_say_enough(name: str, tmp_path: Path) -> None:
    folder = copy_of(name, tmp_path)
    shutil.rmtree(folder / "cases")
    for rule in PACKS[name].rules:  # one example each, so that only sources are looked at
        (folder / "cases").mkdir(exist_ok=True)
        (folder / "cases" / f"{rule.code}.yaml").write_text(
            f"rule: {rule.code}\nas_at: 2024-06-30\n"
            "cases:\n  - name: nothing is known\n    not_assessed: true\n"
            "    policies: |\n      policy_type\n",
            encoding="utf-8",
        )
    checked = check_pack(folder)
    assert checked.rules == len(PACKS[name].rules)
    assert [f for f in checked.faults if "nothing is known" not in f] == []


def copy_of(name: str, folder: Path) -> Path:
    return Path(shutil.copytree(pack_folder(name), folder / name))


def keep_cases(folder: Path, *codes: str) -> None:
    """Leave the examples of these rules alone, so that one change is proved in little time."""
    for path in (folder / "cases").glob("*.yaml"):
        if path.stem not in codes:
            path.unlink()


# pack, file, what stands there, what is put there, the rule whose examples fail
MUTATIONS = [
    pytest.param(
        "statutory", "reviews.yaml", "limit: 20 working days", "limit: 21 working days", "CPR101",
        id="one working day more for the first review",
    ),
    pytest.param(
        "statutory", "reviews.yaml", "limit: 3 months", "limit: 92 days", "CPR102",
        id="three months taken for 92 days",
    ),
    pytest.param(
        "statutory", "visits.yaml", "limit: 7 days", "limit: 8 days", "CPR201",
        id="one day more for the first visit",
    ),
    pytest.param(
        "statutory", "visits.yaml", "limit: 42 days", "limit: 41 days", "CPR202",
        id="one day less for later visits",
    ),
    pytest.param(
        "statutory", "pack.yaml", "held: cancelled is not true", "held: cancelled is true",
        "CPR101", id="a cancelled review taken for one that was held",
    ),
    pytest.param(
        "statutory", "pack.yaml", "seen is not false", "seen is false", "CPR201",
        id="a visit taken for one where the child was not seen",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "file", "old", "new", "code"), MUTATIONS)
def test_examples_notice_a_change(tmp_path, *, name, file, old, new, code) -> None:
    folder = copy_of(name, tmp_path)
    keep_cases(folder, code)  # without the change they hold: see above
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    faults = [f for f in check_pack(folder).faults if "has no worked examples" not in f]
    assert faults != []
    assert all(f.startswith(f"cases/{code}.yaml:") for f in faults)


def test_a_rule_without_examples_is_a_fault(tmp_path: Path) -> None:
    folder = copy_of("salford", tmp_path)
    keep_cases(folder, "SAL103")
    faults = check_pack(folder).faults
    others = [r for r in PACKS["salford"].rules if r.code != "SAL103"]
    assert faults == tuple(f"{r.where}: {r.code} has no worked examples" for r in others)
