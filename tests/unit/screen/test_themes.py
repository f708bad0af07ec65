"""The web screen's two themes: the same colours in both, and charts, which know no style sheet, have those of the page."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "screen" / "web" / "src"
#: Colours of charts that pages have too.
SHARED = ("traffic", "trade", "bought", "text", "float", "edge")


def of_the_page(theme: str) -> dict[str, str]:
    """Name → colour, as the style sheet has it."""
    dark, light = (SOURCE / "theme.css").read_text("utf-8").split(":root[data-theme='light']")
    return dict(re.findall(r"--([\w-]+): ([^;]+);", {"dark": dark, "light": light}[theme]))


def of_charts(theme: str) -> dict[str, str]:
    """Name → colour, as charts have it."""
    text = (SOURCE / "charts" / "palette.ts").read_text("utf-8")
    block = re.search(rf"  {theme}: {{(.*?)  }},", text, re.DOTALL)
    assert block
    return dict(re.findall(r"(\w+): '(#\w+)'", block[1]))


def test_each_colour_is_in_both_themes() -> None:
    assert set(of_the_page("dark")) == set(of_the_page("light"))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_charts_have_the_colours_of_the_page(theme: str) -> None:
    page, charts = of_the_page(theme), of_charts(theme)
    assert {name: charts[name] for name in SHARED} == {name: page[name] for name in SHARED}


def test_every_colour_that_is_asked_for_is_there() -> None:
    known, asked = set(of_the_page("dark")), set()
    for file in SOURCE.rglob("*.svelte"):
        text = file.read_text("utf-8")
        own = set(re.findall(r"--([\w-]+)[:=]", text))
        asked |= {(name, file.name) for name in re.findall(r"var\(--([a-z][\w-]*)\)", text) if name not in own}
    elsewhere = {"radius", "gap"}
    local = set()
    for file in SOURCE.rglob("*.svelte"):
        local |= set(re.findall(r"--([\w-]+)[:=]", file.read_text("utf-8")))
    assert {name for name, _ in asked if name not in known | elsewhere | local} == set()
