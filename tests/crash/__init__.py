"""Crashes on purpose: a tracer that stops a program at its k-th writing system call, a disk that forgets, and what must hold afterwards."""
