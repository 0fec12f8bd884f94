"""The demo newspaper: an invented paper of an invented town, served on loopback. Standard library only; imports nothing of Pressmark.

``serve.py`` starts it. The content (``articles/``) is the one source of both the pages and the truth about them.
"""
