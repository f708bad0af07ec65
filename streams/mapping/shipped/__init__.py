"""The mappings that come with the product, one a platform; `minutes` is for tables of minutes."""

from importlib.resources import files


def names() -> list[str]:
    """What they are called."""
    return sorted(each.name.removesuffix(".yaml") for each in files(__package__).iterdir() if each.name.endswith(".yaml"))


def text(name: str) -> str | None:
    """The YAML of one; None where there is none of this name."""
    return files(__package__).joinpath(f"{name}.yaml").read_text("utf-8") if name in names() else None
