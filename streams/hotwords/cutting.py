"""A text cut into words, never within a character as people see it.

Who writes blanks between words is cut there (Latin, Cyrillic, Hangul …: letters with all their marks). Who does not is cut by a dictionary:
Chinese by jieba, which knows what shops and viewers say; Japanese, Thai, Lao, Khmer and Burmese by ICU. A size or number with its unit is
one word: "S码", "38码", "3号".
"""

import unicodedata
from collections.abc import Iterator
from itertools import islice

import regex
import rjieba
from icu4py.breakers import WordBreaker

from streams.hotwords.stopwords import STOP_WORDS

#: Words of one comment that are counted; the rest of it says hardly more.
MOST = 32
#: Characters as people see them.
_LENGTH = range(2, 25)
_IDEOGRAPHS = range(2, 13)
#: What several marks on each letter hide is no word.
_MOST_MARKS = 3

_TOGETHER = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_APART = rf"[[\p{{L}}\p{{N}}]--[\p{{Han}}\p{{Hiragana}}\p{{Katakana}}{_TOGETHER}]]"
_RUNS = regex.compile(
    rf"""
    (?P<unit> (?<! [a-z\d]) (?: \d{{1,4}} | \d?[a-z]{{1,4}} ) [码碼号號款] (?! \p{{M}}) )
  | (?P<kana> [\p{{Han}}々〆]* [\p{{Hiragana}}\p{{Katakana}}ー] [\p{{Han}}\p{{Hiragana}}\p{{Katakana}}\p{{M}}々〆ー]* )
  | (?P<han> (?: \p{{Han}} (?! \p{{M}}) )+ )
  | (?P<joined> (?= \p{{L}}) [{_TOGETHER}--[\u0e33\u0eb3]] [{_TOGETHER}\p{{M}}]* )
  | (?P<spaced> {_APART} (?: {_APART} | \p{{M}} | ['’.-] (?= {_APART}) )* )
    """,
    regex.VERBOSE | regex.V1,
)
_CHARACTERS = regex.compile(r"\X")
_MARKED = regex.compile(rf"\p{{M}}{{{_MOST_MARKS + 1}}}")
_NUMBER = regex.compile(r"[\p{N}.'’-]+")


def words(text: str) -> list[str]:
    """The words of a text in their order, in small letters: 2 to 24 characters (ideographs: 12), no numbers, none of the stop words."""
    return list(islice(_cut(text), MOST))


def _cut(text: str) -> Iterator[str]:
    for run in _RUNS.finditer(unicodedata.normalize("NFC", text).lower()):
        kind, said = run.lastgroup, run[0]
        if kind == "han":
            yield from (word for word in rjieba.cut(said) if len(word) in _IDEOGRAPHS and word not in STOP_WORDS)
        elif kind in ("kana", "joined"):
            yield from (word for word in WordBreaker(said, "ja" if kind == "kana" else "th") if _counts(word))
        elif kind == "unit" or _counts(said):
            yield said


def _counts(word: str) -> bool:
    """Of a language whose characters may be made of several code points."""
    if len(word) < _LENGTH.start or word in STOP_WORDS or _NUMBER.fullmatch(word):
        return False
    return (word.isascii() and len(word) < _LENGTH.stop) or (_MARKED.search(word) is None and len(_CHARACTERS.findall(word)) < _LENGTH.stop)
