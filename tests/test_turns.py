"""Whose turn it is: alone with something or with everything, and together what all want done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach_data.faults import Busy
from coach_data.turns import Together, Turns

LONG = 20.0
"""Seconds after which a test is given up that would wait for ever."""


class Other:
    """Another thread, which holds what it is told to until it is let go."""

    def __init__(self, turns: Turns, *about: object) -> None:
        self._turns, self._about = turns, about
        self._has, self._goes_on, self.more = threading.Event(), threading.Event(), ()
        self.wrong: BaseException | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with ExitStack() as held:
            held.enter_context(self._turns.alone(*self._about))
            self._has.set()
            self._goes_on.wait(LONG)
            if self.more:
                try:
                    held.enter_context(self._turns.alone(*self.more))
                except Busy as error:
                    self.wrong = error

    def has_it(self) -> bool:
        """Whether it holds it, at once; ``gets_it`` waits for it."""
        return self._has.is_set()

    def gets_it(self) -> bool:
        return self._has.wait(LONG)

    def waits(self, turns: Turns, count: int = 1) -> None:
        """Until so many threads wait."""
        while len(turns._waiting) < count:
            threading.Event().wait(0.001)

    def let_go(self, *more: object) -> None:
        """It asks for more within, if it is told to, and then gives everything back."""
        self.more = more
        self._goes_on.set()

    def join(self) -> None:
        self._thread.join(LONG)
        assert not self._thread.is_alive()


@pytest.fixture
def turns() -> Iterator[Turns]:
    made = Turns()
    yield made
    assert not made._held
    assert not made._waiting


def test_another_thread_waits_for_the_same_and_not_for_something_else(turns: Turns) -> None:
    with turns.alone("Ann", "Bob"):
        same, else_ = Other(turns, "Bob", "Cleo"), Other(turns, "Dora")
        assert else_.gets_it()
        same.waits(turns)
        assert not same.has_it()
    assert same.gets_it()
    for other in (same, else_):
        other.let_go()
        other.join()


@pytest.mark.parametrize(("mine", "theirs"), [((), ("Ann",)), (("Ann",), ()), ((), ())])
def test_alone_with_everything_is_alone(
    turns: Turns, mine: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    with turns.alone(*mine):
        other = Other(turns, *theirs)
        other.waits(turns)
        assert not other.has_it()
    assert other.gets_it()
    other.let_go()
    other.join()


def test_within_itself_a_thread_waits_for_nobody(turns: Turns) -> None:
    with turns.alone("Ann"), turns.alone("Ann"), turns.alone(), turns.alone("Bob"):
        other = Other(turns, "Ann")
        other.waits(turns)
    assert other.gets_it()
    other.let_go()
    other.join()


def test_given_back_after_an_error(turns: Turns) -> None:
    with pytest.raises(ZeroDivisionError), turns.alone("Ann"):
        raise ZeroDivisionError
    other = Other(turns)
    assert other.gets_it()
    other.let_go()
    other.join()


def test_who_wants_everything_gets_it_before_those_who_begin_later(turns: Turns) -> None:
    first = Other(turns, "Ann")
    assert first.gets_it()
    everything = Other(turns)
    everything.waits(turns)
    later = Other(turns, "Bob")  # nobody holds it, and yet
    later.waits(turns, 2)
    first.let_go("Bob")  # who is here already is not kept waiting by it
    first.join()
    assert everything.gets_it()
    assert not later.has_it()
    everything.let_go()
    assert later.gets_it()
    later.let_go()
    for other in (everything, later):
        other.join()


@pytest.mark.parametrize("more", [("Bob",), ()])
def test_two_who_wait_for_each_other_do_not_wait_for_ever(
    turns: Turns, more: tuple[str, ...]
) -> None:
    """The second of them is told, and the first goes on once it has let go."""
    with turns.alone("Ann"):
        other = Other(turns, "Bob")
        assert other.gets_it()
        other.let_go("Ann")
        other.waits(turns)
        with pytest.raises(Busy), turns.alone(*more):
            pass
    other.join()
    assert other.wrong is None


def test_nor_do_three_in_a_circle(turns: Turns) -> None:
    with turns.alone("Ann"):
        bob, cleo = Other(turns, "Bob"), Other(turns, "Cleo")
        assert bob.gets_it()
        assert cleo.gets_it()
        bob.let_go("Ann")
        bob.waits(turns)
        cleo.let_go("Bob")
        cleo.waits(turns, 2)
        with pytest.raises(Busy), turns.alone("Cleo"):
            pass
    for other in (bob, cleo):
        other.join()
        assert other.wrong is None


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(st.sets(st.integers(0, 3), max_size=2), min_size=1, max_size=3),
        min_size=2,
        max_size=6,
    )
)
def test_whatever_threads_ask_for_within_what_they_hold_all_of_them_end(
    plans: list[list[set[int]]],
) -> None:
    """And nobody ever holds what another one does."""
    turns, inside, wrong = Turns(), list[tuple[int, frozenset[int]]](), list[str]()

    def work(me: int, plan: list[set[int]]) -> None:
        if not plan:
            return
        try:
            with turns.alone(*plan[0]):
                mine = frozenset(plan[0])
                for other, theirs in list(inside):
                    if other != me and (not mine or not theirs or mine & theirs):
                        wrong.append(f"{mine} beside {theirs}")
                inside.append((me, mine))
                try:
                    work(me, plan[1:])
                finally:
                    inside.remove((me, mine))
        except Busy:
            return

    threads = [threading.Thread(target=work, args=given) for given in enumerate(plans)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert not any(thread.is_alive() for thread in threads)
    assert not wrong
    assert not turns._held


class Work:
    """What is done together: a list of the groups, and what cannot be done."""

    def __init__(self) -> None:
        self.done: list[list[int]] = []
        self.turn = threading.Lock()
        self.together = Together[int](self.turn, self._act)
        self.told: dict[int, BaseException | None] = {}

    def _act(self, parts: Sequence[int]) -> None:
        for part in parts:
            if part < 0:
                raise ValueError(part)
        self.done.append(list(parts))

    def ask(self, part: int) -> threading.Thread:
        """Another thread asks for it, and is in the line when this returns."""

        def run() -> None:
            try:
                self.together.do(part)
            except BaseException as error:  # noqa: BLE001 - it is looked at
                self.told[part] = error
            else:
                self.told[part] = None

        waiting = len(self.together._waiting)
        thread = threading.Thread(target=run)
        thread.start()
        while len(self.together._waiting) == waiting:
            threading.Event().wait(0.001)
        return thread


def at_once(work: Work, parts: Sequence[int]) -> None:
    """All of these wait for their turn, and then it is theirs."""
    with work.turn:
        threads = [work.ask(part) for part in parts]
    for thread in threads:
        thread.join(LONG)
        assert not thread.is_alive()


def test_what_waits_is_done_in_one_go() -> None:
    work = Work()
    work.together.do(1)
    at_once(work, [2, 3, 4])
    work.together.do(5)
    assert work.done == [[1], [2, 3, 4], [5]]
    assert work.told == {2: None, 3: None, 4: None}


def test_what_goes_wrong_with_one_is_told_to_that_one_alone() -> None:
    work = Work()
    at_once(work, [1, -2, 3])
    assert work.done == [[1], [3]]
    assert work.told[1] is work.told[3] is None
    assert isinstance(work.told[-2], ValueError)
    with pytest.raises(ValueError, match="-4"):
        work.together.do(-4)
    work.together.do(5)
    assert work.done[-1] == [5]


def test_where_the_turn_itself_cannot_be_had_everybody_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken:
        def __init__(self) -> None:
            self.others: Callable[[], object] = lambda: None

        def __enter__(self) -> None:
            self.others()
            raise MemoryError

        def __exit__(self, *_: object) -> None: ...

    work, broken = Work(), Broken()
    broken.others = lambda: threads.append(work.ask(2))
    threads: list[threading.Thread] = []
    monkeypatch.setattr(work.together, "_turn", broken)
    with pytest.raises(MemoryError):
        work.together.do(1)
    threads[0].join(LONG)
    assert isinstance(work.told[2], MemoryError)
    monkeypatch.undo()
    work.together.do(3)
    assert work.done == [[3]]
