"""Four roles in order."""

import pytest

from screen.roles import Role


def test_roles_rise_and_have_names() -> None:
    assert [role.label for role in sorted(Role)] == ["source", "viewer", "assistant", "operator", "admin"]
    assert all(Role.named(role.label) is role for role in Role)
    assert Role.ADMIN >= Role.OPERATOR > Role.VIEWER


@pytest.mark.parametrize("name", ["", "Admin", "ADMIN", "root", "1"])
def test_other_names_are_no_roles(name: str) -> None:
    with pytest.raises(ValueError, match="viewer, assistant, operator, admin"):
        Role.named(name)
