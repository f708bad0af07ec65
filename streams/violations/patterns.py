"""Contacts by their form: numbers to call, accounts to add, addresses to open. No expression can take long, whatever the text."""

import re
from collections.abc import Collection, Iterator

_SPOKEN = {
    **dict.fromkeys("零〇洞", "0"),
    **dict.fromkeys("一壹幺妖", "1"),
    **dict.fromkeys("二贰两", "2"),
    **dict.fromkeys("三叁", "3"),
    **dict.fromkeys("四肆", "4"),
    **dict.fromkeys("五伍", "5"),
    **dict.fromkeys("六陆", "6"),
    **dict.fromkeys("七柒拐", "7"),
    **dict.fromkeys("八捌", "8"),
    **dict.fromkeys("九玖勾", "9"),
}
_AS_DIGITS = str.maketrans(_SPOKEN | {"o": "0", "l": "1", "i": "1"})
_DIGIT = "0-9" + "".join(_SPOKEN)
#: A number as it may be disguised: letters that look like digits only between digits.
_NUMBER = re.compile(rf"[{_DIGIT}][{_DIGIT}oli]{{4,}}[{_DIGIT}]")
#: Behind a country code, or before a number of pieces.
_MOBILE = re.compile(r"(?:0?86|0)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})\d{7,8}|[48]00[1-9]\d{6}")
#: Numbers that say something else: 一生一世 and 我爱你.
_ENDEARMENTS = re.compile("1314|520|521")

#: What a platform makes up for users without a name holds a number.
_NAMED_BEFORE, _NAMED_BEHIND = "用户", "bili"

_WORDS_BETWEEN = "一下|一个|下|个|我|你|她|他|咱|主播|客服|老板|助理|姐|哥|的|们|这|好友|到|是|为|号码|号|账|群|搜|加|id|在|看|就|有|叫"
_INVITED = re.compile(rf"(?:加|佳|留|扫|搜|换|添|私|进)(?:{_WORDS_BETWEEN}){{0,4}}$")
_ACCOUNT = re.compile(
    rf"(?:{_WORDS_BETWEEN}){{0,4}}(?:(?P<number>[{_DIGIT}][{_DIGIT}oli]{{4,10}}[{_DIGIT}])(?![{_DIGIT}])|(?P<name>[a-z][a-z0-9]{{4,19}}))"
)

_DOT = r"\s{0,2}(?:\.|。|·|丶|点|dot|\(dot\))\s{0,2}"
_ADDRESS = r"(?<![a-z0-9-])(?P<host>(?:[a-z0-9-]{1,63}\.){0,4}[a-z0-9-]{1,63})"
_HOSTED = re.compile(r"https?\s{0,2}:\s{0,2}/{0,2}\s{0,2}(?P<host>[a-z0-9.-]{1,200})|(?<![a-z0-9])(?P<www>www\.[a-z0-9-][a-z0-9.-]{1,200})")


def phone(squeezed: str) -> str | None:
    """The first telephone number in a squeezed text, in digits."""
    for found in _NUMBER.finditer(squeezed):
        digits = found[0].translate(_AS_DIGITS)
        if len(digits) > 13 or len(set(digits)) < 3 or len(_ENDEARMENTS.sub("", digits)) < 5:
            continue
        if squeezed.endswith(_NAMED_BEFORE, 0, found.start()) or squeezed.startswith(_NAMED_BEHIND, found.end()):
            continue
        if _LANDLINE.fullmatch(digits):
            return digits
        if mobile := _MOBILE.match(digits):
            return mobile[1]
    return None


def has_number(squeezed: str) -> bool:
    """Whether `phone` has anything to look at; quick."""
    return _NUMBER.search(squeezed) is not None


def account(squeezed: str, start: int, end: int) -> bool:
    """Whether the word squeezed[start:end], the name of a messenger, asks for contact: "add me" before it, or an id behind it."""
    if _INVITED.search(squeezed, max(0, start - 16), start):
        return True
    found = _ACCOUNT.match(squeezed, end)
    if found is None:
        return False
    if found["number"]:
        return len(set(found["number"].translate(_AS_DIGITS))) > 2
    return any(character.isdigit() for character in found["name"])


def _is_name(host: str) -> bool:
    """Neither a price ("12.cn") nor an acronym ("k.n.m.tk")."""
    if host.count(".") and all(len(label) == 1 for label in host.split(".")):
        return False
    return len(host) > 2 or any(character.isalpha() for character in host)


class Links:
    """Addresses on the web. `endings`: what a host ends with ("com"); `own`: hosts that may be named, with all below them."""

    def __init__(self, endings: Collection[str], own: Collection[str]) -> None:
        self._own = tuple(own)
        last = "|".join(sorted((re.escape(ending) for ending in endings), key=len, reverse=True))
        self._disguised = re.compile(rf"{_ADDRESS}{_DOT}(?P<ending>{last})(?![a-z0-9-])") if last else None

    def find(self, folded: str) -> str | None:
        """The first address that is not one's own."""
        return next((host for host in self._hosts(folded) if not self._is_own(host)), None)

    def _hosts(self, folded: str) -> Iterator[str]:
        for found in _HOSTED.finditer(folded):
            host = found["host"] or found["www"]
            if "." in host:
                yield host.rstrip(".-")
        if self._disguised is not None:
            for found in self._disguised.finditer(folded):
                if _is_name(found["host"]):
                    yield f"{found['host']}.{found['ending']}"

    def _is_own(self, host: str) -> bool:
        return any(host == own or host.endswith(f".{own}") for own in self._own)
