"""Close codes: each its own, in the range that is free for applications."""

from screen.close import ALL


def test_codes_and_names_are_unique_and_fit_a_close_frame() -> None:
    assert len({close.code for close in ALL}) == len({close.name for close in ALL}) == len(ALL)
    assert all(4000 <= close.code <= 4999 and len(close.name.encode()) <= 123 for close in ALL)
