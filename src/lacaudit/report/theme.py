"""One table of looks: outcome to word, symbol and colour. Colour never stands alone."""

from dataclasses import dataclass

from lacaudit.model.outcomes import Level, Outcome


@dataclass(frozen=True)
class Look:
    """How an outcome is shown.

    Attributes:
        word: Always shown.
        symbol: Beside the word, where the font has it.
        ascii: The symbol's stand-in on a plain terminal.
        colour: A terminal colour.
        fill: A cell's background, `#RRGGBB`, dark text readable on it.
    """

    word: str
    symbol: str
    ascii: str
    colour: str
    fill: str


LOOKS: dict[Outcome, Look] = {
    Outcome.MET: Look("met", "✔", "+", "green", "#D5EAD8"),
    Outcome.BREACH: Look("breach", "✖", "x", "red", "#F6C9C5"),
    Outcome.DUE: Look("due", "▲", "^", "yellow", "#FBE8B5"),
    Outcome.NOT_APPLICABLE: Look("not applicable", "·", "-", "bright_black", "#ECECEC"),
    Outcome.UNDETERMINED: Look("cannot tell", "?", "?", "magenta", "#E3D9EF"),
}

LEVEL_LOOKS: dict[Level, Look] = {
    Level.ERROR: Look("error", "✖", "x", "red", "#F6C9C5"),
    Level.WARNING: Look("warning", "▲", "!", "yellow", "#FBE8B5"),
    Level.INFO: Look("info", "i", "i", "cyan", "#DCE9F5"),
}
