"""Knocking at the door: what is let through of very many, by a clock of the test's own."""

from __future__ import annotations

from pages.parts.gate import Gate, Limiter


class Clock:
    """A clock that stands until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_ten_thousand_in_a_minute_with_a_known_token() -> None:
    clock = Clock()
    gate = Gate(clock)
    assert gate.wait("phone", "10.0.0.1") == 0
    gate.recognised("phone", "10.0.0.1")
    let_in = 1
    for _ in range(9_999):
        clock.now += 60 / 10_000
        let_in += gate.wait("phone", "10.0.0.1") == 0
    assert let_in in (119, 120), "sixty at once and sixty that came back in the minute"


def test_ten_thousand_guesses_in_a_minute_from_one_address() -> None:
    clock = Clock()
    gate = Gate(clock)
    let_in = 0
    for k in range(10_000):
        clock.now += 60 / 10_000
        if gate.wait(f"guess {k}", "10.0.0.1") == 0:
            let_in += 1
            gate.refused(f"guess {k}")
    assert let_in in (29, 30), "twenty at once and ten that came back"
    assert gate.wait("another guess", "10.0.0.2") == 0, "somebody else is not held up"


def test_a_known_token_is_not_held_up_by_guesses_at_the_same_address() -> None:
    clock = Clock()
    gate = Gate(clock)
    gate.wait("phone", "proxy")
    gate.recognised("phone", "proxy")
    while gate.wait("guess", "proxy") == 0:
        gate.refused("guess")
    assert gate.wait("phone", "proxy") == 0


def test_recognised_tokens_cost_their_address_nothing() -> None:
    gate = Gate(Clock())
    for k in range(200):
        assert gate.wait(f"token {k}", "office") == 0
        gate.recognised(f"token {k}", "office")


def test_a_token_that_is_revoked_counts_as_unknown_again() -> None:
    gate = Gate(Clock())
    gate.wait("phone", "10.0.0.1")
    gate.recognised("phone", "10.0.0.1")
    let_in = 0
    for _ in range(1_000):
        if gate.wait("phone", "10.0.0.1") == 0:
            let_in += 1
            gate.refused("phone")
    assert let_in == 21, "the one as a known token, and what an address has"


def test_the_wait_is_right_and_the_budget_comes_back() -> None:
    clock = Clock()
    limiter = Limiter(each_minute=60, burst=3, clock=clock)
    assert [limiter.take("a") for _ in range(4)] == [0, 0, 0, 1]
    clock.now += 0.5
    assert limiter.take("a") == 0.5
    clock.now += 0.5
    assert limiter.take("a") == 0
    clock.now += 3_600
    assert [limiter.take("a") == 0 for _ in range(4)] == [True, True, True, False], "never more"


def test_invented_keys_do_not_fill_the_memory() -> None:
    limiter = Limiter(each_minute=60, burst=3, clock=Clock(), most=100)
    for k in range(10_000):
        limiter.take(str(k))
    assert len(limiter) == 100
    assert "9999" in limiter
    assert "0" not in limiter
