"""The words of a comment that are worth counting, whatever language it is in: `words`."""

from streams.hotwords.cutting import words

__all__ = ["words"]
