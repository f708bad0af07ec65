"""What the host and the team do in the room: explanations, shifts, lucky bags, notes, prompts; and the platform's notices."""

from random import Random
from typing import Any

from deploy.simulator.agenda import Agenda
from deploy.simulator.catalogue import Product
from deploy.simulator.records import Scribe
from deploy.simulator.remarks import AUTHORS, NOTE_EDITS, NOTES, PROMPTS, VIOLATIONS
from deploy.simulator.rundown import MINUTE_MS, Rundown, Span
from streams.topics import SCENES


class Stage:
    """Plays the rundown, and knows what is going on: the product being explained,
    and when the lucky bag is drawn (0: there is none)."""

    def __init__(self, scribe: Scribe, agenda: Agenda, rng: Random) -> None:
        self.explaining: Product | None = None
        self.bag_ends_at = 0
        self._write = scribe.write
        self._name = scribe.name
        self._agenda = agenda
        self._rng = rng
        self._count = 0
        self._start = 0

    def plan(self, rundown: Rundown, start: int) -> None:
        """Puts the whole rundown on the agenda, beginning at `start` (ms)."""
        self._start = start
        for shift in rundown.shifts:
            self._agenda.add(start + shift.start + 100, self._host, ("host_on", shift))
            self._agenda.add(start + shift.end - 100, self._host, ("host_off", shift))
        for span in rundown.explanations:
            self._agenda.add(start + span.start, self._explain, span)
        for bag in rundown.bags:
            self._agenda.add(start + bag.start, self._start_bag, bag)
        self._again(start, self._note, 0.8, 2.5)
        self._again(start, self._prompt, 4, 10)
        self._again(start, self._violate, 4, 16)

    def _host(self, at: int, what: tuple[str, Span[str]]) -> None:
        kind, shift = what
        self._write(SCENES, kind, at, host=shift.what)

    def _explain(self, at: int, span: Span[Product]) -> None:
        product = span.what
        self.explaining = product
        self._write(SCENES, "explain_started", at, product=product.product)
        self._agenda.add(self._start + span.end, self._end_explanation, product)

    def _end_explanation(self, at: int, product: Product) -> None:
        self.explaining = None
        self._write(SCENES, "explain_ended", at, product=product.product)

    def _start_bag(self, at: int, bag: Span[str]) -> None:
        self.bag_ends_at = self._start + bag.end
        name = self._new("b")
        self._write(SCENES, "bag_started", at, bag=name, prize=bag.what)
        self._agenda.add(self._start + bag.end, self._draw_bag, (name, bag))

    def _draw_bag(self, at: int, what: tuple[str, Span[str]]) -> None:
        name, bag = what
        self.bag_ends_at = 0
        self._write(SCENES, "bag_drawn", at, bag=name, prize=bag.what)

    def _note(self, at: int, _: None) -> None:
        template, tags = self._rng.choice(NOTES)
        product = self.explaining
        fields: dict[str, Any] = {"note": self._new("n"), "author": self._rng.choice(AUTHORS), "text": self._about(template), "tags": tags}
        if product is not None and "{" in template:
            fields["product"] = product.product
        self._write(SCENES, "noted", at, **fields)
        fate = self._rng.random()
        if fate < 0.1:
            self._agenda.add(at + self._rng.randint(20_000, 120_000), self._edit_note, fields)
        elif fate < 0.14:
            self._agenda.add(at + self._rng.randint(10_000, 60_000), self._delete_note, fields)
        self._again(at, self._note, 1.5, 5)

    def _edit_note(self, at: int, note: dict[str, Any]) -> None:
        text = note["text"] + self._rng.choice(NOTE_EDITS)
        self._write(SCENES, "note_edited", at, note=note["note"], author=note["author"], text=text)

    def _delete_note(self, at: int, note: dict[str, Any]) -> None:
        self._write(SCENES, "note_deleted", at, note=note["note"])

    def _prompt(self, at: int, _: None) -> None:
        self._write(SCENES, "prompted", at, prompt=self._new("p"), author=AUTHORS[0], text=self._about(self._rng.choice(PROMPTS)))
        self._again(at, self._prompt, 10, 25)

    def _violate(self, at: int, _: None) -> None:
        reason, advice = self._rng.choice(VIOLATIONS)
        self._write(SCENES, "violated", at, violation=self._new("v"), reason=reason, advice=advice)
        self._again(at, self._violate, 18, 60)

    def _again(self, at: int, act: Any, least: float, most: float) -> None:
        """Once more after `least` to `most` minutes."""
        self._agenda.add(at + int(self._rng.uniform(least, most) * MINUTE_MS), act)

    def _about(self, template: str) -> str:
        product = self.explaining
        return template.format(name=product.name if product else "下一款", n=product.link if product else 1)

    def _new(self, letter: str) -> str:
        self._count += 1
        return self._name(letter, self._count)
