"""What an audit is asked for: options of the command over the configuration, checked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from lacaudit.audit.config import FAIL_ON, FORMATS, Config
from lacaudit.model.errors import UserError, nearest
from lacaudit.packs.load import DEFAULT_PACKS

DEFAULT_FORMATS = ("csv", "json", "xlsx")
_FIRST_YEAR = 2000


@dataclass(frozen=True)
class Options:
    """The options as given; None where the user said nothing."""

    as_at: date | None = None
    packs: Sequence[str] | None = None
    select: Sequence[str] | None = None
    ignore: Sequence[str] | None = None
    since: date | None = None
    due_within: int | None = None
    extracted_on: date | None = None
    out: Path | None = None
    formats: Sequence[str] | None = None
    detail: str = "all"
    fail_on: Sequence[str] | None = None
    exit_zero: bool = False
    timings: bool = True


@dataclass(frozen=True)
class Request:
    """What one audit is asked for, everything decided."""

    extracts: tuple[Path, ...]
    as_at: date
    since: date
    extracted_on: date
    packs: tuple[str, ...] = DEFAULT_PACKS
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    due_within: int = 14
    out: Path | None = None
    formats: tuple[str, ...] = DEFAULT_FORMATS
    notable: bool = False
    fail_on: tuple[str, ...] = ("statutory",)
    exit_zero: bool = False
    timings: bool = True
    config: Config = field(default_factory=Config)


def decide(extracts: Sequence[Path], options: Options, config: Config, *, today: date) -> Request:
    """Put options over the configuration over the defaults, and check them.

    Args:
        extracts: Files and folders.
        options: What the command was given.
        config: What lacaudit.toml says.
        today: The day the command runs, for the default as-at date and its bound.

    Returns:
        The request.

    Raises:
        UserError: If a value is not one that can be taken.
    """
    table = config.audit
    as_at = options.as_at or today
    check_as_at(as_at, today)
    since = options.since or table.since or _a_year_before(as_at)
    if since > as_at:
        raise UserError(f"--since {since} lies after the as-at date {as_at}")
    extracted_on = options.extracted_on or as_at
    if extracted_on > as_at:
        raise UserError(
            f"--extracted-on {extracted_on} lies after the as-at date {as_at}",
            hint="What lies after the as-at date is not read; leave the option out.",
        )
    if options.detail not in ("all", "notable"):
        raise UserError(f"--detail '{options.detail}' is not one of all, notable")
    due_within = options.due_within if options.due_within is not None else table.due_within
    out = options.out or (Path(table.out) if table.out else None)
    return Request(
        extracts=tuple(extracts),
        as_at=as_at,
        since=since,
        extracted_on=extracted_on,
        packs=tuple(options.packs or table.packs or DEFAULT_PACKS),
        select=tuple(options.select or table.select or ()),
        ignore=tuple(options.ignore or table.ignore or ()),
        due_within=14 if due_within is None else due_within,
        out=out,
        formats=_words("--format", options.formats or table.format or DEFAULT_FORMATS, FORMATS),
        notable=options.detail == "notable",
        fail_on=_words("--fail-on", options.fail_on or table.fail_on or ("statutory",), FAIL_ON),
        exit_zero=options.exit_zero,
        timings=options.timings,
        config=config,
    )


def check_as_at(as_at: date, today: date) -> None:
    """Refuse an as-at date that the calendar does not reach.

    Args:
        as_at: The day the run speaks for.
        today: The day it runs.

    Raises:
        UserError: If it lies before 2000 or more than a year ahead.
    """
    if as_at.year < _FIRST_YEAR or as_at > today + timedelta(days=366):
        raise UserError(
            f"--as-at {as_at} cannot be judged",
            hint="Give a day from 2000 to a year from today.",
        )


def _a_year_before(day: date) -> date:
    """Twelve months before a day, clipped to the month's end."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _words(option: str, given: Sequence[str], valid: Sequence[str]) -> tuple[str, ...]:
    for word in given:
        if word not in valid:
            raise UserError(
                f"{option}: '{word}' is not one of {', '.join(valid)}", hint=nearest(word, valid)
            )
    return tuple(dict.fromkeys(given))
