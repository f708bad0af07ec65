"""Terms from lists: read, compiled into one automaton, and found in squeezed text, with the checks that keep ordinary words ordinary."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise, product
from typing import NamedTuple

import ahocorasick

from streams.violations.normalise import Normaliser, base

#: A term stands for at most so many spellings with homophones.
_MOST_SPELLINGS = 4_096
#: So many separators may stand between two characters of a term, and it is still read as one.
_WIDEST_GAP = 4
#: Marks that end what was said: a term is not read across them …
_STOPS = frozenset("。!?;,:、…「」『』【】《》()“”\"'\n")
#: Within a number.
_POINTS = frozenset(".,")
_DIGITS = frozenset("0123456789")
_ASCII_ALNUM = _DIGITS | frozenset("abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of a list that is left out, and why."""

    list: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a list.

    allowed   an ordinary phrase, in which no term of this list counts     runs_on   it may begin a longer word
    written   folded and without blanks, of a term that is found only as it is written, since without its marks it is said all the time:
              "100%" is not "满100减20"; None: any separators may stand in it
    """

    list: str
    text: str
    allowed: bool = False
    homophones: bool = False
    runs_on: bool = False
    written: str | None = None


class Hit(NamedTuple):
    """A term found: squeezed text[start:end]."""

    start: int
    end: int
    term: Term


def lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their numbers: # begins a comment."""
    for number, line in enumerate(text.splitlines(), 1):
        said = line.partition("#")[0].strip()
        if said:
            yield number, said


def read_terms(name: str, text: str, normaliser: Normaliser, shortest: int = 2) -> tuple[list[Term], list[Problem]]:
    """The terms of a list: one a line, "~" before one that is also looked up by its homophones, "-" before an ordinary phrase,
    "*" behind one that may begin a longer Latin word. `shortest`: letters and digits that a term must have."""
    terms, problems = [], []
    for number, line in lines(text):
        said = line.lstrip("~- ")
        marks, said = line[: len(line) - len(said)], said.rstrip("* ")
        term = Term(name, said, "-" in marks, "~" in marks, line.endswith("*"), _written(said, normaliser))
        letters = normaliser.squeeze(said)
        if not letters:
            problems.append(Problem(name, number, "a term needs a letter or a digit"))
        elif len(letters) < shortest and not term.allowed:
            problems.append(Problem(name, number, "a term of one character would be found everywhere"))
        else:
            terms.append(term)
    return terms, problems


def _written(said: str, normaliser: Normaliser) -> str | None:
    """A term with digits or marks in it as it must stand in a text; of any other None."""
    plain = "".join(normaliser.fold(said).split())
    return plain if plain != normaliser.squeeze(said) or not _DIGITS.isdisjoint(plain) else None


def read_groups(name: str, text: str) -> tuple[dict[str, str], list[Problem]]:
    """The groups of a list of characters, "plain: variants": plain character → variants."""
    groups: dict[str, str] = {}
    problems = []
    for number, line in lines(text):
        plain, colon, variants = line.partition(":")
        if not colon or len(base(plain.strip())) != 1 or not variants.strip():
            problems.append(Problem(name, number, "must be one character, a colon and its variants"))
        else:
            groups[plain.strip()] = groups.get(plain.strip(), "") + "".join(variants.split())
    return groups, problems


class Terms:
    """Many terms, found in one pass. `homophones`: character → those that sound like it."""

    def __init__(self, terms: Iterable[Term], normaliser: Normaliser, homophones: Mapping[str, str]) -> None:
        self._normaliser = normaliser
        found: dict[str, list[Term]] = {}
        for term in terms:
            for spelling in _spellings(term, normaliser, homophones):
                known = found.setdefault(spelling, [])
                if all((other.list, other.written) != (term.list, term.written) for other in known):
                    known.append(term)
        self._automaton = ahocorasick.Automaton()
        for spelling, meant in found.items():
            self._automaton.add_word(spelling, (len(spelling), tuple(meant)))
        self._automaton.make_automaton()
        self._any = bool(found)

    def find(self, squeezed: str, text: str) -> list[Hit]:
        """The terms in a text and its squeezed form, in the order of their ends; those within an allowed phrase of their list left out."""
        if not self._any:
            return []
        rough = [(end + 1 - length, end + 1, terms) for end, (length, terms) in self._automaton.iter(squeezed)]
        return self._checked(squeezed, text, rough) if rough else []

    def _checked(self, squeezed: str, text: str, rough: list[tuple[int, int, tuple[Term, ...]]]) -> list[Hit]:
        folded = self._normaliser.fold(text)
        places = self._normaliser.places(folded)
        hits = [
            Hit(start, end, term)
            for start, end, terms in rough
            if _is_joined(folded, places[start:end])
            for term in terms
            if _stands_alone(squeezed, folded, places, start, end, term.runs_on) and _is_written(term.written, folded, places[start:end])
        ]
        allowed = _Allowed(hit for hit in hits if hit.term.allowed)
        return [hit for hit in hits if not hit.term.allowed and not allowed.covers(hit)]


class _Allowed:
    """The ordinary phrases in a text. Of a list's phrases, how far any reaches that has begun: a long text may hold thousands."""

    def __init__(self, phrases: Iterable[Hit]) -> None:
        self._reach: dict[str, tuple[list[int], list[int]]] = {}
        for phrase in sorted(phrases, key=lambda hit: hit.start):
            starts, ends = self._reach.setdefault(phrase.term.list, ([], []))
            starts.append(phrase.start)
            ends.append(max(phrase.end, ends[-1]) if ends else phrase.end)

    def covers(self, hit: Hit) -> bool:
        starts, ends = self._reach.get(hit.term.list, ([], []))
        begun = bisect_right(starts, hit.start)
        return begun > 0 and ends[begun - 1] >= hit.end


def _spellings(term: Term, normaliser: Normaliser, homophones: Mapping[str, str]) -> Iterator[str]:
    letters = normaliser.squeeze(term.text)
    if not term.homophones:
        yield letters
        return
    sounds = [dict.fromkeys([letter, *normaliser.squeeze(homophones.get(letter, ""))]) for letter in letters]
    yield from ("".join(spelling) for spelling in islice(product(*sounds), _MOST_SPELLINGS))


def _stands_alone(squeezed: str, folded: str, places: list[int], start: int, end: int, runs_on: bool) -> bool:
    """A term's Latin end does not lie within a longer word or number: "vx" is not in "vxworks"."""
    first, last = places[start], places[end - 1]
    if squeezed[start] in _ASCII_ALNUM and first and _same_word(folded[first - 1], squeezed[start]):
        return False
    return runs_on or not (squeezed[end - 1] in _ASCII_ALNUM and last + 1 < len(folded) and _same_word(folded[last + 1], squeezed[end - 1]))


def _is_written(written: str | None, folded: str, places: list[int]) -> bool:
    """Whether the term stands here with all its marks, and its digits are no part of another number ("1,100%", "top1.5")."""
    if written is None:
        return True
    first = places[0]
    said = folded[first : places[-1] + 1 + _WIDEST_GAP]
    if not "".join(said.split()).startswith(written):
        return False
    before, behind = folded[max(0, first - 2) : first], folded[places[-1] + 1 : places[-1] + 3]
    if written[0] in _DIGITS and len(before) == 2 and before[0] in _DIGITS and before[1] in _POINTS:
        return False
    return not (written[-1] in _DIGITS and len(behind) == 2 and behind[0] in _POINTS and behind[1] in _DIGITS)


def _same_word(one: str, other: str) -> bool:
    """Whether two neighbours belong to one Latin word or one number; an id may follow "vx" at once."""
    return one in _ASCII_ALNUM and one.isdigit() == other.isdigit()


def _is_joined(folded: str, places: list[int]) -> bool:
    """What stands between the characters only disguises them: few separators, and no end of a phrase unless all are set apart."""
    gaps = [folded[one + 1 : other] for one, other in pairwise(places)]
    if not any(gaps):
        return True
    if any(len(gap) > _WIDEST_GAP for gap in gaps):
        return False
    return not any(_STOPS.intersection(gap) for gap in gaps) or (len(gaps) > 1 and all(gaps))
