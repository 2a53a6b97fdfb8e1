"""Whose turn it is in this process: who is alone with what, and who does something for all who wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Generic, TypeVar

from coach_data.faults import Busy

T = TypeVar("T")
About = frozenset[object]
"""What a thread is alone with; with nothing in it: with everything."""


class Turns:
    """Threads that are alone with something, one within itself as often as it likes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._held: list[tuple[int, About]] = []
        self._waiting: dict[int, About] = {}

    @contextmanager
    def alone(self, *about: object) -> Iterator[None]:
        """While it is held no other thread is alone with one of ``about``; with none, with anything.

        Raises Busy where the thread holds something that those it would wait for are waiting for.
        """
        me, mine = threading.get_ident(), frozenset(about)
        with self._changed:
            if self._is_a_circle(me, mine):
                raise Busy
            self._waiting[me] = mine
            try:
                self._changed.wait_for(lambda: self._is_free(me, mine))
            finally:
                del self._waiting[me]
            self._held.append((me, mine))
        try:
            yield
        finally:
            with self._changed:
                self._held.remove((me, mine))
                self._changed.notify_all()

    def _is_free(self, me: int, mine: About) -> bool:
        if self._holders(me, mine):
            return False
        # Somebody who wants everything gets it some time: nobody begins anything else meanwhile.
        begins = all(thread != me for thread, _ in self._held)
        return not (begins and mine and any(not wanted for wanted in self._waiting.values()))

    def _holders(self, me: int, mine: About) -> set[int]:
        """The other threads that hold what this one wants."""
        return {t for t, held in self._held if t != me and (not held or not mine or held & mine)}

    def _is_a_circle(self, me: int, mine: About) -> bool:
        """Whether one of those that this thread would wait for waits, in the end, for this one."""
        seen, ahead = set[int](), [(me, mine)]
        while ahead:
            found = self._holders(*ahead.pop()) - seen
            seen |= found
            ahead += [(thread, self._waiting[thread]) for thread in found & self._waiting.keys()]
        return me in seen


class Together(Generic[T]):
    """What several threads want done at the same moment is done in one go, by the first of them."""

    def __init__(
        self, turn: AbstractContextManager[Any], act: Callable[[Sequence[T]], None]
    ) -> None:
        """``act`` does all parts or none; ``turn`` is held meanwhile, and is what they wait for."""
        self._turn, self._act = turn, act
        self._line = threading.Lock()
        self._waiting: list[tuple[T, Future[None]]] = []

    def do(self, part: T) -> None:
        """Have this part done. Raises what went wrong with it; where others did, it is done alone."""
        told: Future[None] = Future()
        with self._line:
            first = not self._waiting
            self._waiting.append((part, told))
        if first:
            self._lead()
        told.result()

    def _lead(self) -> None:
        try:
            with self._turn:
                self._try(self._everybody())
        except BaseException as error:
            for _, told in self._everybody():  # nobody is left waiting, whatever happens here
                told.set_exception(error)
            raise

    def _everybody(self) -> list[tuple[T, Future[None]]]:
        with self._line:
            waiting, self._waiting = self._waiting, []
        return waiting

    def _try(self, parts: list[tuple[T, Future[None]]]) -> None:
        try:
            self._act([part for part, _ in parts])
        except BaseException as error:  # noqa: BLE001 - whoever waits for it is told
            if len(parts) == 1:
                parts[0][1].set_exception(error)
            else:  # it may be about one of them only
                for part in parts:
                    self._try([part])
        else:
            for _, told in parts:
                told.set_result(None)
