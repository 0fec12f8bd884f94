"""Takedown: a capture restricted, turned into a tombstone, or erased, because a person has ordered it."""
