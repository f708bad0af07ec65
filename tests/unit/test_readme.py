"""The README says what is true: each setting stands in its table as the code has it."""

import re
from pathlib import Path

from deploy.settings import Settings, variable

README = Path(__file__).parents[2] / "README.md"


def settings_table() -> str:
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"
        rows.append(f"| `{variable(name)}` | {default} | {field.description} |")
    return "\n".join(rows)


def test_the_settings_table_is_the_settings():
    text = README.read_text(encoding="utf-8")
    found = re.search(r"<!-- settings:.*?-->\n(.*?)\n<!-- /settings -->", text, re.DOTALL)

    assert found and found[1] == settings_table(), f"the table must be:\n{settings_table()}"


def test_every_file_the_readme_names_is_there():
    text = README.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)

    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []
