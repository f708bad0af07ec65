"""Looking at products, clicking, putting into the cart: the clicks topic. What is clicked may be ordered."""

from random import Random

from deploy.simulator import habits
from deploy.simulator.agenda import Agenda
from deploy.simulator.catalogue import Product
from deploy.simulator.orders import Orders
from deploy.simulator.records import Scribe
from deploy.simulator.shelf import Shelf
from deploy.simulator.stage import Stage
from deploy.simulator.viewer import Viewer
from streams.topics import CLICKS

_Look = tuple[Viewer, Product]


class Shopping:
    """What viewers do with products."""

    def __init__(self, scribe: Scribe, agenda: Agenda, rng: Random, stage: Stage, shelf: Shelf, orders: Orders) -> None:
        self._write = scribe.write
        self._add = agenda.add
        self._rng = rng
        self._random = rng.random
        self._stage = stage
        self._shelf = shelf
        self._create = orders.create

    def look(self, at: int, dwell: int, viewer: Viewer) -> None:
        """What a viewer is shown in the `dwell` ms from `at`: the product being explained, and sometimes the shelf."""
        product = self._stage.explaining
        if product is not None:
            sees = habits.SEES_AGAIN if viewer.seen is product else habits.SEES_NEW
            if self._random() < sees:
                viewer.seen = product
                self._add(at + int(self._random() * dwell), self._show, (viewer, product))
        if self._random() < habits.OPENS_SHELF:
            self._add(at + int(self._random() * dwell), self._open_shelf, viewer)

    def _show(self, at: int, look: _Look) -> None:
        viewer, product = look
        self._expose(at, viewer, product)
        if self._random() < habits.CLICKS * product.appeal:
            self._add(at + 800 + int(self._random() * 7_000), self._click, look)

    def _open_shelf(self, at: int, viewer: Viewer) -> None:
        """A window of the shelf: mostly its top, as people scroll from there."""
        products = self._shelf.products
        first = int(self._random() ** 2 * len(products))
        for product in products[first : first + self._rng.randint(*habits.SHELF_LOOK)]:
            self._expose(at, viewer, product)
            if self._random() < habits.CLICKS_ON_SHELF * product.appeal:
                self._add(at + 1_000 + int(self._random() * 12_000), self._click, (viewer, product))

    def _expose(self, at: int, viewer: Viewer, product: Product) -> None:
        self._write(CLICKS, "exposed", at, user=viewer.user, product=product.product, source=viewer.source.name)

    def _click(self, at: int, look: _Look) -> None:
        viewer, product = look
        if not product.listed:
            return
        self._write(CLICKS, "clicked", at, user=viewer.user, product=product.product, source=viewer.source.name)
        if self._random() < habits.CARTS:
            self._add(at + 1_000 + int(self._random() * 6_000), self._cart, look)
        wish = habits.ORDERS if product is self._stage.explaining else habits.ORDERS_UNEXPLAINED
        if self._random() < wish * product.pull * viewer.profile.eager * viewer.source.buys:
            self._add(at + self._rng.randint(*habits.ORDER_DELAY_MS), self._create, look)

    def _cart(self, at: int, look: _Look) -> None:
        viewer, product = look
        sku = product.any_sku(self._rng)
        self._write(CLICKS, "carted", at, user=viewer.user, product=product.product, sku=sku, source=viewer.source.name)
