"""YAML as people write settings: lists, fields and texts, no more.

YAML's other half is a language in which a few lines make gigabytes (anchors, aliases, merge keys) or call the reader's code (tags). It is
refused by line, as are fields that stand twice. Numbers are decimal, and nothing is a date.
"""

import re
from typing import Any

import yaml

#: Nesting deeper than this is no settings file, and Python's own stack is not for strangers to fill.
MAX_DEPTH = 20


class Refused(yaml.MarkedYAMLError):
    """YAML that is not taken; `problem` says why, `problem_mark` where."""


class _Loader(yaml.SafeLoader):
    """Refuses while the events are read, before anything is built of them."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise Refused(None, None, "anchors (&) and aliases (*) are not allowed", event.start_mark)
        if getattr(event, "tag", None) is not None:
            raise Refused(None, None, "tags (!) are not allowed", event.start_mark)
        if self._depth == MAX_DEPTH:
            raise Refused(None, None, f"nested deeper than {MAX_DEPTH}", event.start_mark)
        self._depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        if isinstance(node, yaml.MappingNode):
            _check_keys(node)
        return node


def _check_keys(node: yaml.MappingNode) -> None:
    seen = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise Refused(None, None, "a field's name must be a text", key.start_mark)
        if key.value == "<<" and key.style is None:
            raise Refused(None, None, "merge keys (<<) are not allowed", key.start_mark)
        if key.value in seen:
            raise Refused(None, None, f"{key.value[:64]} stands here twice", key.start_mark)
        seen.add(key.value)


_Loader.yaml_implicit_resolvers = {}  # those of the parent are everybody's: they are not to be changed
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF", list("yYnNtTfFoO")),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})", list("-+0123456789")),
    ("float", r"[-+]?[0-9]{1,18}\.[0-9]{1,18}", list("-+0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), _first)


def compose(text: str) -> yaml.Node | None:
    """The document's node, which knows the lines. Raises `yaml.YAMLError`, whose `problem_mark` is where it is refused."""
    node: yaml.Node | None = _Loader(text).get_single_node()
    return node


def construct(node: yaml.Node) -> Any:
    """What a node says: dicts, lists, texts, whole numbers, fractions, booleans, None."""
    return _Loader("").construct_document(node)
