"""COACH_THOROUGH=1: the same simulations more often; what a release is worth."""

import os

THOROUGH = bool(os.environ.get("COACH_THOROUGH"))


def times(daily: int, release: int) -> int:
    """How often something is repeated."""
    return release if THOROUGH else daily
