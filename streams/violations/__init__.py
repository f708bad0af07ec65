"""Violations found in comments and in the seller's own words: `Inspector`; floods of comments: `flooding`."""

from streams.violations.inspector import LISTS, RULES, Finding, Inspector
from streams.violations.terms import Problem

__all__ = ["LISTS", "RULES", "Finding", "Inspector", "Problem"]
