"""How pages are found: the spiders, and discovery (pure: bytes in, links out). Never imports stages or the shell."""
