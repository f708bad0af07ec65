from deploy import build_web
from tests.servers.absent import absent


def test_all_that_is_shipped_is_credited() -> None:
    """The licences of what is in the bundle, with what those want to be shown beside them; anybody may read them at /licences.md."""
    file = build_web.STATIC / "licences.md"
    if not file.exists():
        absent("the web screen is not built")
    text = file.read_text("utf-8")
    for name in ("svelte", "zrender", "The Barlow Project Authors", "Copyright 2017-2026 The Apache Software Foundation", "Mike Bostock"):
        assert name in text, name
