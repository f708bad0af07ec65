"""The words that everybody says and that tell a host nothing, by language: one file each, words between blanks, # begins a comment.

They are our own and short. The large public lists (stopwords-iso) also take away what is asked for in a shop: "buy", "want", "available".
"""

from importlib.resources import files

LANGUAGES = ("zh", "en", "es", "id", "ja", "ko", "th", "vi")


def read(language: str) -> frozenset[str]:
    """The stop words of one language."""
    lines = files("streams.hotwords").joinpath(f"stop/{language}.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines for word in line.partition("#")[0].split())


STOP_WORDS = frozenset().union(*(read(language) for language in LANGUAGES))
