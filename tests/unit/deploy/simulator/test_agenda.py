from deploy.simulator.agenda import SLOT_MS, Agenda


def test_acts_happen_by_time_and_ties_in_the_order_they_were_added():
    agenda, done = Agenda(1_000), []
    for at, name in ((7, "c"), (3, "a"), (7, "d"), (5, "b")):
        agenda.add(at, lambda at, name: done.append((at, name)), name)
    agenda.play(0)
    assert done == [(3, "a"), (5, "b"), (7, "c"), (7, "d")]


def test_an_act_may_add_to_its_own_slot_and_to_later_ones():
    agenda, done = Agenda(1_000), []

    def act(at, left):
        done.append(at)
        if left:
            agenda.add(at, act, left - 1)
            agenda.add(at + SLOT_MS, act, 0)

    agenda.add(10, act, 2)
    agenda.add(20, act, 0)
    agenda.play(0)
    assert done == [10, 10, 10, 20]
    agenda.play(1)
    assert done[4:] == [10 + SLOT_MS, 10 + SLOT_MS]


def test_a_slot_plays_nothing_of_another():
    agenda, done = Agenda(1_000), []
    agenda.add(SLOT_MS, lambda at, _: done.append(at))
    agenda.play(0)
    assert done == []
    agenda.play(1)
    agenda.play(1)
    assert done == [SLOT_MS]


def test_nothing_happens_at_the_end_or_later():
    agenda, done = Agenda(100), []
    for at in (99, 100, 101):
        agenda.add(at, lambda at, _: done.append(at))
    agenda.play(0)
    assert done == [99]
