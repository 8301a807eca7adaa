"""The documents: current, complete, and true when their commands are run."""

import csv
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner, Result

from lacaudit.audit.config import load_config
from lacaudit.cli.app import app
from lacaudit.docs.__main__ import documents, stale
from lacaudit.model.outcomes import OUTCOME_OF, Exit, Force, Level, Outcome, Reason, TextRead
from lacaudit.model.tables import TABLES
from lacaudit.packs.load import built_in, load_packs

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CLI_PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
CODES = [rule.code for pack in load_packs(built_in()) for rule in pack.rules]
FORMS = (Outcome, Reason, Force, TextRead, Level)


def commands() -> dict[str, object]:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    return dict(group.commands)


def between(name: str) -> str:
    """The part of the README between two markers."""
    return README.split(f"<!-- {name}: begin -->")[1].split(f"<!-- {name}: end -->")[0]


def fenced(text: str, language: str) -> Iterator[str]:
    yield from re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def run(line: str) -> Result:
    return CliRunner().invoke(app, shlex.split(line)[1:], env={"COLUMNS": "80"})


def test_made_documents_are_current() -> None:
    assert stale(ROOT) == [], "run `make docs`"


def test_making_them_twice_gives_the_same() -> None:
    assert documents(ROOT) == documents(ROOT)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("rules", "layouts", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "README.md", tmp_path)
    return tmp_path


def test_a_stale_missing_or_orphaned_document_is_named(checkout: Path) -> None:
    schema, page = checkout / "rules" / "schema.json", checkout / "docs" / "rules" / "CPR101.md"
    orphan = checkout / "docs" / "rules" / "OLD001.md"
    readme = checkout / "README.md"
    schema.write_text("{}")
    page.unlink()
    orphan.write_text("# Gone\n")
    readme.write_text(README.replace("| [CPR101]", "| [CPR999]"))
    assert stale(checkout) == sorted([schema, page, orphan, readme])


def test_check_needs_no_data_library_and_leaves_with_0() -> None:
    program = (
        "import sys; from lacaudit.docs.__main__ import main; code = main(['--check']);"
        "sys.exit(code or 9 * ('polars' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_a_page_with_its_examples(code: str) -> None:
    page = (ROOT / "docs" / "rules" / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: ")
    for heading in ("What it checks", "The obligation", "How it is judged", "Not covered",
                    "Worked examples", "Data it reads"):  # fmt: skip
        assert f"\n## {heading}\n" in page
    assert "findings:\n" in page
    assert f"[{code}](docs/rules/{code}.md)" in README


def test_the_readme_counts_the_rules() -> None:
    assert f"It has {len(CODES)} rules" in README


def test_every_command_of_the_readme_exists() -> None:
    # After `lacaudit` a command stands in code; `lacaudit.toml` and the name alone are none.
    named = set(re.findall(r"`lacaudit ([a-z][a-z-]*)", README))
    for block in fenced(README, "sh"):
        named |= set(re.findall(r"^lacaudit ([a-z-]+)", block, re.MULTILINE))
    assert named
    assert named <= set(commands())


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_documented_with_an_example(name: str) -> None:
    assert f"\n## lacaudit {name}\n" in CLI_PAGE
    assert f"lacaudit {name}" in README
    assert f"Example: lacaudit {name}" in CLI_PAGE


def test_every_option_of_the_readme_exists() -> None:
    later = {"--publish", "--reviewed"}
    ours = re.split(r"^## Installing", README, flags=re.MULTILINE)
    text = ours[0] + ours[1].split("## What it reads")[1]
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) - later
    assert named
    assert {option for option in named if option not in CLI_PAGE} == set()


def test_every_exit_code_is_documented() -> None:
    codes = {v for k, v in vars(Exit).items() if k.isupper()}
    table = README.split("## Exit codes")[1].split("## Output")[0]
    listed = {int(n) for row in re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE)
              for n in row.split(",")}  # fmt: skip
    assert listed == codes


@pytest.mark.parametrize("member", [m for form in FORMS for m in form], ids=str)
def test_every_word_of_the_findings_is_in_the_glossary(member: StrEnum) -> None:
    rows = re.findall(rf"^\| `{member.value}` \|(.*)$", GLOSSARY, re.MULTILINE)
    assert len(rows) == 1
    if isinstance(member, Reason):
        assert rows[0].split("|")[0].strip() == OUTCOME_OF[member].value


def test_every_outcome_and_force_is_in_the_readme() -> None:
    for word in (Outcome.MET, Outcome.BREACH, Outcome.DUE, Outcome.UNDETERMINED, *Force):
        assert word.value in README.lower()
    assert "not applicable" in README


def test_every_output_file_is_in_the_readme() -> None:
    written = ROOT / "src" / "lacaudit" / "audit" / "audit.py"
    names = set(re.findall(r'"(\w+\.(?:csv|parquet|json|xlsx|html))"', written.read_text()))
    assert names
    assert {name for name in names if f"`{name}`" not in README} == set()


def test_every_table_is_documented() -> None:
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)$", page, re.MULTILINE) == list(TABLES)


def slug(heading: str) -> str:
    """The anchor that a heading gets: lower case, without punctuation, spaces as hyphens."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def pages() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", pages(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(
        r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    text = re.sub(r"`[^`\n]*`", "", text)
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("http"):
            continue
        file, _, anchor = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {slug(h) for h in headings}, target


def test_the_changelog_has_its_two_headings() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for version in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        assert re.findall(r"^### (.+)$", version, re.MULTILINE) == ["Rules", "Tool"]
    assert [code for code in CODES if code[:3] == "SAL" and code not in text] == []


def test_the_tour_runs_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules").symlink_to(ROOT / "rules")
    monkeypatch.chdir(tmp_path)
    lines = [line for block in fenced(between("tour"), "sh") for line in block.splitlines()]
    assert {shlex.split(line)[1] for line in lines} == set(commands())
    for line in lines:
        result = run(line)
        assert result.exception is None or isinstance(result.exception, SystemExit), line
        # There are breaches in what is generated, and the tour says so.
        assert result.exit_code == (1 if " audit " in line else 0), line
    written = {p.name for p in (tmp_path / "out").iterdir()}
    assert {"findings.csv", "report.xlsx", "summary.json"} <= written
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8", newline="") as file:
        findings = list(csv.DictReader(file))
    shown = dict(re.findall(r"^\| ([a-z_, ]+) \| (.+) \|$", between("tour"), re.MULTILINE)[1:])
    values = [v for text in shown.values() for v in re.findall(r"`(.+?)`", text)]
    assert any({*values, shown["message"]} <= set(row.values()) for row in findings)
    assert {name for key in shown for name in key.split(", ")} <= set(findings[0])


def test_what_make_audit_prints_is_what_the_readme_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    makefile = (ROOT / "Makefile").read_text()
    [line] = re.findall(r"^\t\$\(BIN\)/(lacaudit audit .+)$", makefile, re.MULTILINE)
    [as_at] = re.findall(r"^AS_AT := (\S+)$", makefile, re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    printed = run(line.replace("$(AS_AT)", as_at)).output.splitlines()
    [shown] = fenced(between("make audit"), "text")
    at = 0
    for wanted in shown.splitlines():
        if wanted == "...":
            continue
        assert wanted in printed[at:], f"README shows a line that is not printed: {wanted}"
        at = printed.index(wanted, at) + 1


def test_the_configuration_of_the_readme_is_taken(tmp_path: Path) -> None:
    [text] = fenced(between("toml"), "toml")
    path = tmp_path / "lacaudit.toml"
    path.write_text(text, encoding="utf-8")
    config = load_config(path)
    given = tomllib.loads(text)
    tables = {name for name in type(config).model_fields if name != "file"}
    assert set(given) == tables, "every table that is taken is shown"
    assert set(given["audit"]) == set(type(config.audit).model_fields)


def test_the_pack_of_contributing_is_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = re.findall(
        r"<!-- file: (\S+) -->\n```yaml\n(.*?)^```$", CONTRIBUTING, re.DOTALL | re.MULTILINE
    )
    assert len(files) == 3
    for name, text in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = run("lacaudit check-pack borough")
    assert "1 rules, 4 worked examples, 0 faults: sound." in result.output
    assert result.exit_code == 0


def test_contributing_names_every_folder_and_no_other() -> None:
    rows = re.findall(
        r"^\| `([\w/.]+)` \|", CONTRIBUTING.split("Imports go one way")[0], re.MULTILINE
    )
    assert [row for row in rows if not (ROOT / row).exists()] == []
    source = ROOT / "src" / "lacaudit"
    folders = {f"src/lacaudit/{p.parent.name}/" for p in source.glob("*/__init__.py")}
    assert folders <= set(rows)
