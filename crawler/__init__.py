"""Pressmark: archives news as wire-exact WARC and clean JSON lines. The product, minus the sites and minus the stages."""

__version__ = "0.2.0"
