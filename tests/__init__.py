"""A package, so that no other one named so stands in its place: ``python -m tests.bench`` needs it."""
