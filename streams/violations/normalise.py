"""One spelling for many: what terms and patterns are looked up in, so that disguises of a text meet its plain form.

    fold      width, case, accents, look-alike characters: "ＶＸ" "Ｖ̶х" → "vx"; characters that nobody sees go
    squeeze   fold, and without everything that is neither letter nor digit: "加 微.信😀" → "加微信"

Both work character by character, each mapped to what needs no further mapping, so that doing it twice changes nothing.
"""

import unicodedata
from collections.abc import Iterator, Mapping

#: A text can hold a million different characters; so many are remembered.
_REMEMBERED = 20_000
_INVISIBLE = {"Mn", "Me", "Cf", "Cc", "Cs", "Co", "Cn"}
_SEEN = {"\n", "\t"}  # control characters that part what stands on both sides
#: Letters to the Unicode database, and blank on every screen: fillers of the Korean script, empty Braille.
_BLANK = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800"}


class Normaliser:
    """Normalises texts. `lookalikes`: character → the plain one it stands for, see `pairs`."""

    def __init__(self, lookalikes: Mapping[str, str]) -> None:
        self._folded = _Folded(lookalikes)
        self._squeezed = _Squeezed(self._folded)

    def fold(self, text: str) -> str:
        """The text in plain characters, with what separates them."""
        return text.translate(self._folded)

    def squeeze(self, text: str) -> str:
        """The letters and digits of `fold`."""
        return text.translate(self._squeezed)

    def places(self, folded: str) -> list[int]:
        """Where each character of the squeezed text stands in the folded one."""
        return [place for place, character in enumerate(folded) if self._squeezed[ord(character)]]


class _Folded(dict[int, str]):
    """Code point → plain characters, worked out when first met."""

    def __init__(self, lookalikes: Mapping[str, str]) -> None:
        super().__init__()
        self._lookalikes = lookalikes

    def __missing__(self, code: int) -> str:
        plain = "".join(self._lookalikes.get(character, character) for character in base(chr(code)))
        if len(self) < _REMEMBERED:
            self[code] = plain
        return plain


class _Squeezed(dict[int, str]):
    def __init__(self, folded: _Folded) -> None:
        super().__init__()
        self._folded = folded

    def __missing__(self, code: int) -> str:
        kept = "".join(character for character in self._folded[code] if unicodedata.category(character)[0] in "LN")
        if len(self) < _REMEMBERED:
            self[code] = kept
        return kept


def base(text: str) -> str:
    """The text in one width and case, without accents and what cannot be seen."""
    while True:
        plain = "".join(_visible(unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())))
        if plain == text:
            return plain
        text = plain


def _visible(text: str) -> Iterator[str]:
    for character in text:
        category = unicodedata.category(character)
        if category == "Nd":  # of any script
            yield str(unicodedata.digit(character))
        elif character not in _BLANK and (character in _SEEN or category not in _INVISIBLE):
            yield character


def pairs(groups: Mapping[str, str]) -> dict[str, str]:
    """Plain character → its variants, as variant → plain. A character that is plain somewhere is nobody's variant."""
    found: dict[str, str] = {}
    plain = {base(character) for character in groups}
    for character, variants in groups.items():
        for variant in base(variants):
            if variant not in plain and not variant.isspace():
                found.setdefault(variant, base(character))
    return found
