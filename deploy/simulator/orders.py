"""Orders and what becomes of them."""

from random import Random
from typing import Any

from deploy.simulator import habits
from deploy.simulator.agenda import Agenda
from deploy.simulator.catalogue import Product
from deploy.simulator.chat import Chat
from deploy.simulator.records import Scribe
from deploy.simulator.shelf import Shelf
from deploy.simulator.viewer import Viewer
from streams.topics import ORDERS


class Order:
    """One order line. `fields` is what its events carry; `taken` how many pieces came from (campaign, stock)."""

    __slots__ = ("fields", "product", "taken", "viewer")

    def __init__(self, fields: dict[str, Any], viewer: Viewer, product: Product, taken: tuple[int, int]) -> None:
        self.fields = fields
        self.viewer = viewer
        self.product = product
        self.taken = taken


class Orders:
    """Creates orders while there is stock, and decides which are paid, left, cancelled, given back."""

    def __init__(self, scribe: Scribe, agenda: Agenda, rng: Random, shelf: Shelf, chat: Chat) -> None:
        self._write = scribe.write
        self._name = scribe.name
        self._add = agenda.add
        self._rng = rng
        self._shelf = shelf
        self._chat = chat
        self._count = 0

    def create(self, at: int, wish: tuple[Viewer, Product]) -> None:
        """A viewer orders a product; nothing comes of it when there is none left."""
        viewer, product = wish
        quantity = min(self._rng.choice(habits.QUANTITIES), product.left)
        if not product.listed or quantity == 0:
            self._chat.miss(at, viewer, product)
            return
        self._count += 1
        fields = {
            "user": viewer.user, "order": self._name("o", self._count),
            "product": product.product, "sku": product.any_sku(self._rng),
            "quantity": quantity, "amount": product.price * quantity,
            "source": viewer.source.name, "person": viewer.profile.person,
        }  # fmt: skip
        order = Order(fields, viewer, product, product.take(quantity))
        self._write(ORDERS, "created", at, **fields)
        self._decide(at, order)
        self._shelf.watch(at, product)

    def _decide(self, at: int, order: Order) -> None:
        fate = self._rng.random()
        if fate < habits.PAYS:
            self._add(at + self._rng.randint(*habits.PAY_DELAY_MS), self._pay, order)
        elif fate > habits.PAYS + habits.STAYS_UNPAID:
            itself = self._rng.random() < habits.CANCELS_ITSELF
            delay = self._rng.randint(*habits.CANCEL_DELAY_MS) if itself else habits.ORDER_TIMEOUT_MS + self._rng.randint(0, 900)
            self._add(at + delay, self._cancel, order)

    def _pay(self, at: int, order: Order) -> None:
        self._write(ORDERS, "paid", at, **order.fields)
        self._chat.bought(at, order.viewer, order.product)
        if self._rng.random() < habits.REFUNDS:
            self._add(at + self._rng.randint(*habits.REFUND_DELAY_MS), self._refund, order)

    def _cancel(self, at: int, order: Order) -> None:
        campaign, stock = order.taken
        order.product.campaign_stock += campaign
        order.product.stock += stock
        self._write(ORDERS, "cancelled", at, **order.fields)

    def _refund(self, at: int, order: Order) -> None:
        amount = order.fields["amount"]
        if self._rng.random() > habits.REFUNDS_WHOLE:
            amount = max(1, round(amount * self._rng.uniform(0.1, 0.6)))
        self._write(ORDERS, "refunded", at, **{**order.fields, "amount": amount})
