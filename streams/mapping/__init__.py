"""Mappings: what a platform sends (a payload, and the detail that was looked up for it) as events of ours (contract, section 2).

A mapping is a YAML file with CEL expressions, one file a platform, theirs to copy and change; `docs/mappings.md` is its reference.

    document → rules, each with its line        expression → one CEL expression, whole numbers whole
    functions → what expressions can call       work → how much one payload may cost
    apply → drafts of events                    lines → an order's lines as the agents count them today
"""

from streams.mapping.apply import Draft, Failed, Source, apply
from streams.mapping.document import BadMapping, Mapping, parse

__all__ = ["BadMapping", "Draft", "Failed", "Mapping", "Source", "apply", "parse"]
