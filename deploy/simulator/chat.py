"""Comments that fit what is going on."""

from random import Random

from deploy.simulator.agenda import Agenda
from deploy.simulator.catalogue import Product
from deploy.simulator.chance import table
from deploy.simulator.names import nickname
from deploy.simulator.phrases import ASKED, CITIES, ENDS_ITSELF, PHRASES, SAID, USUAL, WITH_BAG
from deploy.simulator.records import Scribe
from deploy.simulator.shelf import Shelf
from deploy.simulator.stage import Stage
from deploy.simulator.viewer import Viewer
from streams.topics import COMMENTS

_USUAL, _WITH_BAG = table(USUAL), table(WITH_BAG)
_BOUGHT_SAYS, _MISSED_SAYS = 0.08, 0.12
_OTHER_PRODUCT = 0.3  # of comments on a product are not on the one being explained


class Chat:
    """The comments topic."""

    def __init__(self, scribe: Scribe, agenda: Agenda, rng: Random, stage: Stage, shelf: Shelf) -> None:
        self._write = scribe.write
        self._add = agenda.add
        self._rng = rng
        self._stage = stage
        self._shelf = shelf

    def say(self, at: int, viewer: Viewer) -> None:
        """Someone writes something."""
        situation = self._rng.choice(_WITH_BAG if self._stage.bag_ends_at else _USUAL)
        product = self._stage.explaining
        if self._shelf.products and (product is None or self._rng.random() < _OTHER_PRODUCT):
            product = self._rng.choice(self._shelf.products)
        self._comment(at, (viewer, product, situation))

    def bought(self, at: int, viewer: Viewer, product: Product) -> None:
        """Someone has paid, and may say so."""
        if self._rng.random() < _BOUGHT_SAYS:
            self._add(at + self._rng.randint(1_000, 9_000), self._comment, (viewer, product, "bought"))

    def miss(self, at: int, viewer: Viewer, product: Product) -> None:
        """Someone wanted a product that was gone, and may say so."""
        if self._rng.random() < _MISSED_SAYS:
            self._add(at + self._rng.randint(500, 5_000), self._comment, (viewer, product, "missed"))

    def _comment(self, at: int, what: tuple[Viewer, Product | None, str]) -> None:
        viewer, product, situation = what
        if not viewer.nickname:
            viewer.nickname = nickname(self._rng)
        text = self._text(situation, product)
        self._write(COMMENTS, "commented", at, user=viewer.user, nickname=viewer.nickname, text=text, person=viewer.profile.person)

    def _text(self, situation: str, product: Product | None) -> str:
        choice = self._rng.choice
        asked = situation == "question"
        template = choice(PHRASES[product.group if asked and product else "link" if asked else situation])
        if "{" in template:
            template = template.format(
                name=product.name if product else "这个",
                n=product.link if product else 1,
                h=self._rng.randint(150, 175),
                w=self._rng.randint(88, 160),
                city=choice(CITIES),
            )
        if template[-1] in ENDS_ITSELF:
            return template
        return template + choice(ASKED if asked or template.endswith("吗") else SAID)
