"""The documentation says what is true: its generated parts are those of the code, and every link leads somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import docs

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").glob("*.md"), *(ROOT / "examples").rglob("*.md")]
)
#: [text](target), a picture too; not in code.
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def links(text: str) -> Iterator[str]:
    """The targets of a page's links."""
    yield from _LINK.findall(_CODE.sub("", text))


def anchor(heading: str) -> str:
    """What a forge makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def dead(page: Path, text: str) -> list[str]:
    """The links of a page that lead nowhere in this project."""
    found = []
    for link in links(text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, place = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        here = target.exists() and target.is_relative_to(ROOT)
        if here and place and target.suffix == ".md":
            here = place in {anchor(heading) for heading in _HEADING.findall(target.read_text("utf-8"))}
        found += [] if here else [link]
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_is_dead(page: Path) -> None:
    assert dead(page, page.read_text("utf-8")) == []


def test_a_dead_link_is_found() -> None:
    text = "[a](nowhere.md) [b](README.md) [c](README.md#use-it) [d](README.md#nothing) `[e](f)` [g](https://example.org/x) [h](../x)"
    assert dead(ROOT / "x.md", text) == ["nowhere.md", "README.md#nothing", "../x"]


def test_the_readme_leads_to_every_page() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    listed = {(ROOT / link).resolve() for link in links(readme)}
    assert [page.name for page in (ROOT / "docs").glob("*.md") if page not in listed] == []


@pytest.mark.parametrize("name", docs.PARTS)
def test_a_generated_part_is_as_the_code_has_it(name: str) -> None:
    text = (docs.DOCS / name).read_text("utf-8")
    assert docs.renewed(text, docs.PARTS[name]) == text, "run .venv/bin/python -m deploy.docs"


def test_a_part_that_has_drifted_is_renewed_and_one_without_a_place_is_an_error() -> None:
    page = "a\n<!-- x: made -->\nold\n<!-- /x -->\nb\n"
    assert docs.renewed(page, {"x": lambda: r"new \1"}) == "a\n<!-- x: made -->\nnew \\1\n<!-- /x -->\nb\n"
    with pytest.raises(ValueError, match="'y'"):
        docs.renewed(page, {"y": str})


def test_no_cell_of_a_generated_table_breaks_it() -> None:
    for parts in docs.PARTS.values():
        for make in parts.values():
            head, *rows = make().splitlines()
            assert all(row.count("|") == head.count("|") for row in rows)
