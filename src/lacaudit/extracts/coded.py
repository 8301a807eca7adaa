"""What a text in a column of codes means: never part of a text, and never a guess.

In this order: the whole text, as it is compared, is in the vocabulary; or one code of the list
stands in front of the text or in brackets. Where the text around the code means something else
by itself, the two disagree and neither is taken.
"""

import re
from enum import StrEnum

import polars as pl

from lacaudit.extracts.phrases import folded
from lacaudit.extracts.vocabulary import BLANK, NONE, Lexicon
from lacaudit.model.tables import Column, Type

# No official text is half as long; a longer one is prose.
_LONGEST = 600
# What may follow a code that holds a digit, and one of letters alone, which is a word too.
_AFTER = r"(?:$|\s|\)|\[|:(?:\D|$)|-(?:\s|[A-Za-z]{2}|$)|\.(?:\s|$))"
_SIGN = r"(?: ?:(?:\D|$)| ?- | ?-$)"
# `E4A/B` and `U1 or 4` name more than the code they begin with.
_JOINED = r"^ ?(?:/|&|\+|,|(?:or|and)\b|to [0-9])"
# `C2?` is doubt and -1 is no answer 1, though punctuation is otherwise left out.
_DOUBT = r"[?!~\u00bf]|^[=+@]|^-[0-9]"
_NEVER = "[^\\s\\S]"
_PUNCTUATION = " :;.,=-()[]"


class Verdict(StrEnum):
    """What was made of a text."""

    CODE = "code"
    BLANK = "blank"
    NONE = "none"
    DISAGREE = "disagree"
    UNKNOWN = "unknown"


def meanings(cells: pl.DataFrame, column: Column, lexicon: Lexicon | None) -> pl.DataFrame:
    """Look up cells that are no exact codes.

    Args:
        cells: The different cells of a column: `text` and, null in all of them, `value`.
        column: The column. A text that stands for no other stays in a column of text.
        lexicon: What its texts mean; null where nothing is known of them.

    Returns:
        The cells with `value` where they have one, and `verdict`, a `Verdict`.
    """
    text = pl.col("text")
    if lexicon is None:
        verdict = Verdict.CODE if column.type is Type.TEXT else Verdict.UNKNOWN
        value = text if column.type is Type.TEXT else pl.col("value")
        return cells.with_columns(value.alias("value"), pl.lit(verdict.value).alias("verdict"))
    read = cells.hstack(read_texts(cells["text"], lexicon))
    if column.type is Type.TEXT:
        kept = pl.coalesce("code", "text")
        return read.with_columns(kept.alias("value"), pl.lit(Verdict.CODE.value).alias("verdict"))
    code = pl.col("code")
    value = code == "yes" if column.type is Type.BOOL else code.cast(pl.Enum(column.codes))
    return read.with_columns(value.alias("value"))


def read_texts(texts: pl.Series, lexicon: Lexicon) -> pl.DataFrame:
    """Read texts that are no exact codes.

    Args:
        texts: The different texts of a column, without nulls.
        lexicon: What the texts of the column mean.

    Returns:
        `code`, null where the text has none, and `verdict`, a `Verdict`, in the order of the
        texts.
    """
    cells = pl.DataFrame({"raw": texts})
    cells = cells.with_columns(
        pl.when((pl.col("raw").str.len_chars() <= _LONGEST) & ~pl.col("raw").str.contains(_DOUBT))
        .then(_without(folded(pl.col("raw")), lexicon))
        .otherwise(pl.lit(""))
        .alias("text")
    )
    cells = cells.with_columns(_meaning(pl.col("text"), lexicon).alias("place"))
    if lexicon.tokens and cells["place"].null_count():
        cells = _inside(cells, lexicon)
    else:
        cells = cells.with_columns(pl.lit(value=False).alias("disagree"))
    place = _alone(pl.col("place"), lexicon)
    verdict = (
        pl.when(pl.col("disagree"))
        .then(pl.lit(Verdict.DISAGREE))
        .when(place.is_null())
        .then(pl.lit(Verdict.UNKNOWN))
        .when(place == BLANK)
        .then(pl.lit(Verdict.BLANK))
        .when(place == NONE)
        .then(pl.lit(Verdict.NONE))
        .otherwise(pl.lit(Verdict.CODE))
    )
    code = place.replace_strict(
        list(range(len(lexicon.codes))), lexicon.codes, default=None, return_dtype=pl.String
    )
    return cells.select(
        pl.when(~pl.col("disagree")).then(code).alias("code"), verdict.alias("verdict")
    )


def _inside(cells: pl.DataFrame, lexicon: Lexicon) -> pl.DataFrame:
    """Look for one code in front of each text that is not known as a whole, or in brackets."""
    marks = _Marks(lexicon)
    looked = _with_marks(cells.with_row_index().filter(pl.col("place").is_null()), marks, lexicon)
    found = looked.filter(pl.col("mark").is_not_null())
    if found.is_empty():
        return cells.with_columns(pl.lit(value=False).alias("disagree"))
    found = found.with_columns(
        _meaning(pl.col("around"), lexicon).alias("said"),
        lexicon.words.normal(pl.col("text"), lexicon.cites)
        .str.extract_all(marks.mentioned)
        .list.n_unique()
        .alias("mentions"),
        lexicon.words.normal(pl.col("around"), [*lexicon.cites, *lexicon.asides]).alias("rest"),
    )
    found = found.with_columns(_without_its_own(pl.col("rest"), pl.col("mark"), lexicon))
    mark, said, around = pl.col("mark"), pl.col("said"), pl.col("around")
    turned = pl.col("rest").str.contains(marks.turns)
    alone = (pl.col("mentions") <= 1) & ~turned
    if lexicon.loud:
        # In a text all in capitals a code of letters alone may be a word.
        shouted = around.str.contains(r"\p{Lu}") & ~around.str.contains(r"\p{Ll}")
        alone = alone & ~(shouted & mark.is_in(marks.letters_only))
    agree = said == mark
    for k, (_, beside) in enumerate(lexicon.wide, start=len(lexicon.codes)):
        agree = agree | ((said == k) & mark.is_in(list(beside)))
    # `not` before a word that speaks against the code may well speak for it.
    against = said.is_null() & ~turned & _against(mark, pl.col("rest"), lexicon)
    found = found.select(
        "index",
        pl.when(agree | (said.is_null() & alone & ~against)).then(mark).alias("inside"),
        ((~agree).fill_null(value=False) | against).alias("disagree"),
    )
    both = cells.with_row_index().join(found, on="index", how="left", maintain_order="left")
    return both.with_columns(
        pl.coalesce("place", "inside").alias("place"), pl.col("disagree").fill_null(value=False)
    )


def _without_its_own(text: pl.Expr, mark: pl.Expr, lexicon: Lexicon) -> pl.Expr:
    """Leave out what the wording of a code itself denies: `not FFA` beside U6."""
    for place, phrases in lexicon.own.items():
        left = text.str.replace_all(_whole_words(phrases), " ")
        text = pl.when(mark == place).then(left).otherwise(text)
    return text


def _against(mark: pl.Expr, text: pl.Expr, lexicon: Lexicon) -> pl.Expr:
    """True where a text holds a word that speaks against the code that it stands beside."""
    found = [
        (mark == place) & text.str.contains(_whole_words(words))
        for place, words in lexicon.against.items()
    ]
    return pl.any_horizontal(found) if found else pl.lit(value=False)


def _with_marks(cells: pl.DataFrame, marks: "_Marks", lexicon: Lexicon) -> pl.DataFrame:
    """Add `mark`, null where not exactly one code is named, and `around`, the text without it."""
    text = pl.col("text")
    first = text.str.extract_groups(marks.front)
    front = pl.coalesce(first.struct.field("1"), first.struct.field("2"))
    cells = cells.with_columns(
        pl.concat_list(pl.concat_list(front), text.str.extract_all(marks.bracketed))
        .list.eval(pl.element().str.strip_chars("[]() ").str.to_uppercase())
        .list.drop_nulls()
        .list.eval(_place(pl.element(), lexicon.tokens))
        .list.unique()
        .alias("named"),
        pl.when(front.is_not_null()).then(text.str.replace(marks.start, "")).alias("after"),
    )
    named, after = pl.col("named"), pl.col("after")
    joined = after.str.contains(_JOINED).fill_null(value=False)
    around = pl.coalesce(after, text).str.replace_all(marks.bracketed, " ")
    # Some write the code twice: `P2 : P2 Independent living`.
    around = around.str.strip_chars_start(_PUNCTUATION).str.replace(marks.start_again, "")
    return cells.with_columns(
        pl.when((named.list.len() == 1) & ~joined).then(named.list.first()).alias("mark"),
        around.alias("around"),
    )


class _Marks:
    """Patterns of the codes of a list inside a text."""

    def __init__(self, lexicon: Lexicon) -> None:
        longest = sorted(lexicon.tokens, key=lambda token: (-len(token), token))
        digits = [t for t in longest if any(c.isdigit() for c in t)]
        letters = [t for t in longest if t not in digits]
        numbered = f"(?i:{'|'.join(digits)})" if digits else _NEVER
        spelt = "|".join(letters) or _NEVER
        spelt = f"(?:{spelt})" if lexicon.loud else f"(?i:{spelt})"
        self.front = rf"^(?:({numbered}){_AFTER}|({spelt}){_SIGN})"
        self.start = rf"^(?:{numbered}|{spelt})"
        self.start_again = rf"^(?:{numbered}\b|{spelt}{_SIGN})"
        bracketed = rf"{numbered}|{spelt}" if lexicon.loud else _NEVER
        self.bracketed = rf"\[ ?(?:{bracketed}) ?\]|\( ?(?:{bracketed}) ?\)"
        self.mentioned = rf"\b{numbered}\b"
        self.turns = _whole_words(lexicon.turns)
        self.letters_only = [lexicon.tokens[t] for t in letters]


def _alone(place: pl.Expr, lexicon: Lexicon) -> pl.Expr:
    """What a text means alone, where it does not tell several codes apart."""
    wide = {k: means for k, (means, _) in enumerate(lexicon.wide, start=len(lexicon.codes))}
    return place.replace(wide) if wide else place


def _meaning(text: pl.Expr, lexicon: Lexicon) -> pl.Expr:
    return _place(lexicon.words.normal(text, lexicon.asides), lexicon.phrases)


def _place(text: pl.Expr, places: dict[str, int]) -> pl.Expr:
    return text.replace_strict(
        list(places), list(places.values()), default=None, return_dtype=pl.Int16
    )


def _without(text: pl.Expr, lexicon: Lexicon) -> pl.Expr:
    """Leave out words that may stand around a text: `CLA - C1`, `Secure unit (OUT)`."""
    if lexicon.before:
        text = text.str.replace(rf"(?i)^(?:{_any_of(lexicon.before)}) ?[:-] ?", "")
    if lexicon.after:
        text = text.str.replace(rf"(?i) ?\((?:{_any_of(lexicon.after)})\)$", "")
    return text


def _whole_words(words: tuple[str, ...]) -> str:
    # Of two that begin at the same word the longer is meant.
    return rf"\b(?:{_any_of(tuple(sorted(words, key=len, reverse=True)))})\b"


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, words)) or _NEVER
