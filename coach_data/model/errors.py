"""What may be refused. The docstring of an error is what a person reads."""

from __future__ import annotations


class CoachError(Exception):
    """Something went wrong, and what was typed is still here. Please try again."""

    def __str__(self) -> str:
        """What a person reads: the message given, else the docstring of the class."""
        return super().__str__() or (self.__doc__ or "").strip()


class NotAllowed(CoachError):
    """That is not yours to see or change. Nothing was saved."""


class Incomplete(CoachError):
    """Something is still missing. Nothing was saved, what you typed is still here."""
