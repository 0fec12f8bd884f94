"""Tests mirror the tree; tests/newspaper is the demo newspaper, tests/bench holds benchmarks that are no tests."""
