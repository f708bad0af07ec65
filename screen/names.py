"""As whom people sign what they do."""

from screen.tokens import Token

MAX_CHARACTERS = 40


def signed(name: str, token: Token) -> str:
    """The name of a session that was logged into with this token: the person's own, with the token's behind it.

    Who may change a note is decided by that name, so nobody can take another token's: brackets in the person's own are dropped.
    """
    plain = "".join(" " if c in "()（）" or not c.isprintable() else c for c in name[: MAX_CHARACTERS * 2])
    own = " ".join(plain.split())[:MAX_CHARACTERS]
    return f"{own} ({token.author})" if own else token.name
