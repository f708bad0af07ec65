"""Violations in what people write: terms from lists an operator edits, and contacts by their form."""

from collections.abc import Mapping
from dataclasses import dataclass

from streams.violations import patterns
from streams.violations.normalise import Normaliser, pairs
from streams.violations.terms import Hit, Problem, Term, Terms, read_groups, read_terms

#: The lists of terms. A finding's rule is the list it comes from; what stands first is graver, and named where one is.
RULES = ("trade", "contact", "link", "abuse", "superlative")
#: Lists whose terms are only looked at more closely, with the rule of what is found then.
_CLOSER = {"accounts": "contact", "links": "link"}
#: What only the seller's own words are held to (the Advertising Law forbids "the best").
_OWN_WORDS = "superlative"
_CHARACTERS = ("lookalikes", "homophones")
#: Every list there is, by name: `<name>.txt`.
LISTS = (*_CHARACTERS, "accounts", "contact", "links", "trade", "abuse", "superlative")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a text violates: the rule (one of RULES), and the term of the list or the number or address found."""

    rule: str
    term: str


class Inspector:
    """Inspects texts by the given lists (name → text; one that is missing is empty). Lines that make no sense are in `problems`."""

    def __init__(self, lists: Mapping[str, str]) -> None:
        self.problems: list[Problem] = [Problem(name, 0, "no such list") for name in lists if name not in LISTS]
        lookalikes, homophones = (self._groups(lists, name) for name in _CHARACTERS)
        self._normaliser = Normaliser(pairs(lookalikes))
        terms = [term for name in LISTS if name not in _CHARACTERS for term in self._terms(lists, name)]
        links = [term for term in terms if term.list == "links"]
        # One's own addresses are told apart by their whole host: "dou-yin.com" is not "douyin.com".
        said = [term for term in terms if term.list != "links" or not term.allowed]
        spoken = [term for term in said if term.list != _OWN_WORDS]
        self._of_viewers = Terms(spoken, self._normaliser, homophones)
        self._of_sellers = Terms(said, self._normaliser, homophones)
        self._links = patterns.Links(
            {self._normaliser.fold(term.text) for term in links if not term.allowed and not term.runs_on},
            {self._normaliser.fold(term.text) for term in links if term.allowed},
        )

    def _groups(self, lists: Mapping[str, str], name: str) -> dict[str, str]:
        groups, problems = read_groups(name, lists.get(name, ""))
        self.problems += problems
        return groups

    def _terms(self, lists: Mapping[str, str], name: str) -> list[Term]:
        terms, problems = read_terms(name, lists.get(name, ""), self._normaliser, shortest=1 if name == "accounts" else 2)
        self.problems += problems
        return terms

    def squeeze(self, text: str) -> str:
        """The text as repeats of it are told: its letters and digits, in plain characters."""
        return self._normaliser.squeeze(text)

    def comment(self, text: str) -> list[Finding]:
        """What a viewer's comment violates, one finding for each rule, the gravest first."""
        return self._inspect(text, self._of_viewers)

    def message(self, text: str) -> list[Finding]:
        """What the seller's own words violate: titles, prompts."""
        return self._inspect(text, self._of_sellers)

    def _inspect(self, text: str, terms: Terms) -> list[Finding]:
        squeezed = self._normaliser.squeeze(text)
        hits = terms.find(squeezed, text)
        numbers = patterns.has_number(squeezed)
        if not hits and not numbers:
            return []
        found: dict[str, str] = {}
        for hit in hits:
            rule = self._judge(hit, squeezed)
            if rule is not None:
                found.setdefault(rule, hit.term.text)
        if numbers and (number := patterns.phone(squeezed)):
            found["contact"] = number
        if any(hit.term.list == "links" for hit in hits) and (host := self._links.find(self._normaliser.fold(text))):
            found["link"] = host
        return [Finding(rule, found[rule]) for rule in RULES if rule in found]

    def _judge(self, hit: Hit, squeezed: str) -> str | None:
        """The rule that a hit breaks by itself."""
        name = hit.term.list
        if name == "accounts":
            return _CLOSER[name] if patterns.account(squeezed, hit.start, hit.end) else None
        return None if name in _CLOSER else name
