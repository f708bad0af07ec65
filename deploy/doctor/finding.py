"""What a check found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report. A bad one says what to do."""

    good: bool
    text: str

    def __str__(self) -> str:
        return f"{'✓' if self.good else '✗'} {self.text}"


def good(text: str) -> Finding:
    """All is well there."""
    return Finding(True, text)


def bad(text: str, remedy: str) -> Finding:
    """Something is wrong; `remedy` is what to do."""
    return Finding(False, f"{text}: {remedy}")
