"""Checks of a model before it is published: lint, layout, rehearsal.  Knows no case."""
