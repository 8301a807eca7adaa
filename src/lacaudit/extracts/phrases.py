"""Texts as they are compared: those that differ only in how they were typed become the same.

Whole texts are compared, never parts of them. What is folded away is case, spaces, the kind of
dashes and quotes, punctuation, a plural s, and words that are written in several ways.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

# Joiners and marks that nobody sees.
_UNSEEN = "[\u00ad\u200b-\u200d\u2060\ufeff]"
_SINGLE = "[\u0060\u00b4\u2018-\u201b\u2032]"
_DOUBLE = "[\u201c-\u201f\u2033]"
_DASHES = "[\u2010-\u2015\u2212]"
# The answers of Ofsted's templates are lettered: `a) Yes`, `zz) T4: ...`.
_LETTER = r"^[A-Za-z]{1,2}\) ?"


def folded(text: pl.Expr) -> pl.Expr:
    """Return texts with one kind of dashes, quotes and spaces and no letter in front; case stays.

    Args:
        text: The cells; null stays null.
    """
    seen = text.str.replace_all(_UNSEEN, "")
    quoted = seen.str.replace_all(_SINGLE, "'").str.replace_all(_DOUBLE, '"')
    dashed = quoted.str.normalize("NFKC").str.replace_all(_DASHES, "-")
    spaced = dashed.str.replace_all(r"\s+", " ").str.strip_chars()
    return spaced.str.replace(_LETTER, "")


def as_header(text: pl.Expr) -> pl.Expr:
    """Return texts as `layout_model.fold` returns headers and the texts of a layout.

    A layout writes a text once, for the rows that it takes and for the codes that it reads.

    Args:
        text: The cells; null stays null.
    """
    quoted = text.str.strip_chars("\ufeff").str.replace_all("[\u2018\u2019]", "'")
    quoted = quoted.str.replace_all("[\u201c\u201d]", '"')
    # Python counts the four separators of ASCII among the spaces.
    spaced = quoted.str.replace_all(r"[\s\x1c-\x1f]+", " ").str.strip_chars(" ")
    return spaced.str.to_lowercase().str.replace_all("\u00df", "ss", literal=True)


@dataclass(frozen=True)
class Words:
    """Words that are written in several ways, and words that say nothing.

    Attributes:
        same: What is written to what it is compared as, both as they are padded here.
        ignored: Words left out, padded.
    """

    same: Mapping[str, str]
    ignored: tuple[str, ...]

    @classmethod
    def of(cls, same: Mapping[str, Iterable[str]], ignored: Iterable[str]) -> "Words":
        """Make them from what a person wrote.

        Args:
            same: What is compared, to the other ways in which it is written.
            ignored: Words left out.
        """
        left_out = cls({}, tuple(_padded(word) for word in ignored))
        every = [(kept, way) for kept, ways in same.items() for way in ways]
        kept = left_out.normal_all([one for one, _ in every])
        ways = left_out.normal_all([way for _, way in every])
        pairs = {_padded(w): _padded(k) for w, k in zip(ways, kept, strict=True)}
        # Of two ways that begin at the same word the longer is meant.
        longest = sorted(pairs, key=lambda way: (-len(way), way))
        return cls({way: pairs[way] for way in longest}, left_out.ignored)

    def normal(self, text: pl.Expr, asides: Iterable[str] = ()) -> pl.Expr:
        """Return folded texts as they are compared.

        Args:
            text: The texts, folded.
            asides: Phrases that add nothing, as they are compared.
        """
        spread = _spread(_plain(text))
        for away in (self.ignored, self.same, tuple(_padded(aside) for aside in asides)):
            if not away:
                continue
            ways = list(away)
            meant = list(away.values()) if isinstance(away, Mapping) else [""] * len(ways)
            spread = spread.str.replace_many(ways, meant, leftmost=True)
        return spread.str.replace_all(" +", " ").str.strip_chars()

    def normal_all(self, texts: Iterable[str], asides: Iterable[str] = ()) -> list[str]:
        """Return what a person wrote as it is compared."""
        cells = pl.DataFrame({"text": pl.Series(list(texts), dtype=pl.String)})
        return cells.select(self.normal(folded(pl.col("text")), asides).alias("text"))[
            "text"
        ].to_list()


def _plain(text: pl.Expr) -> pl.Expr:
    """Lower-case words with single spaces between them."""
    low = text.str.to_lowercase().str.replace_all(r"([a-z])(?:\(s\)|/s\b)", "$1")
    bare = low.str.replace_all("'", "").str.replace_all("&", " and ")
    words = bare.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    # An article stands between words; in `N/A` the letter is none.
    words = words.str.replace_all(r"\b([a-z]{2,}) a ([a-z]{2,})", "$1 $2")
    sections = words.str.replace_all(r"\b(?:section|sect|sec|s) ([0-9]{2,})", "s$1")
    return sections.str.replace_all(r"\b([a-z]{2,}[a-rt-z])s\b", "$1")


def _spread(words: pl.Expr) -> pl.Expr:
    """Give each word spaces of its own, so that neighbours can be replaced side by side."""
    return pl.concat_str(pl.lit(" "), words.str.replace_all(" ", "  "), pl.lit(" "))


def _padded(phrase: str) -> str:
    return f" {phrase.replace(' ', '  ')} "
