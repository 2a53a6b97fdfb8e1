"""How often somebody may knock: a budget for each token that is known, and one for each address
from which unknown ones come. Nothing here asks for the time by itself."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds that never go back."""


class Limiter:
    """A budget for each key: ``burst`` at once, and ``each_minute`` from then on.

    Of at most ``most`` keys the least recent one is forgotten, which gives its budget back: so that
    whoever invents keys cannot fill the memory.
    """

    def __init__(
        self, each_minute: float, burst: float, clock: Clock = time.monotonic, most: int = 10_000
    ) -> None:
        self._rate, self._burst, self._clock, self._most = each_minute / 60, burst, clock, most
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """What was left of each budget, and when."""

    def take(self, key: str) -> float:
        """Take one: 0, or the seconds until there is one again; then none was taken."""
        left, now = self._now(key), self._clock()
        self._keep(key, left - 1 if left >= 1 else left, now)
        return 0.0 if left >= 1 else (1 - left) / self._rate

    def give_back(self, key: str) -> None:
        """Put one back that was taken in vain."""
        self._keep(key, min(self._now(key) + 1, self._burst), self._clock())

    def forget(self, key: str) -> None:
        """As if the key had never come."""
        self._left.pop(key, None)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def __len__(self) -> int:
        return len(self._left)

    def _now(self, key: str) -> float:
        left, since = self._left.get(key, (self._burst, self._clock()))
        return min(left + (self._clock() - since) * self._rate, self._burst)

    def _keep(self, key: str, left: float, now: float) -> None:
        self._left[key] = (left, now)
        self._left.move_to_end(key)
        while len(self._left) > self._most:
            self._left.popitem(last=False)


class Gate:
    """Lets in by token where it is known, else by address, so that guessing is limited.

    A token that is known is never held up by what strangers do at the same address, such as that of
    a proxy which does not pass on whom it speaks for.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self.known = Limiter(each_minute=60, burst=60, clock=clock)
        self.strangers = Limiter(each_minute=10, burst=20, clock=clock)

    def wait(self, token: str, address: str) -> float:
        """Seconds until somebody may come in, 0 for now. ``token``: its hash."""
        return self.known.take(token) if token in self.known else self.strangers.take(address)

    def recognised(self, token: str, address: str) -> None:
        """The token that was let in is one in force."""
        if token not in self.known:
            self.strangers.give_back(address)
            self.known.take(token)

    def refused(self, token: str) -> None:
        """The token that was let in is none, or no more."""
        self.known.forget(token)
