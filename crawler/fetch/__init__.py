"""Scrapy's side of a fetch: the wire tee, the address guard, robots, politeness."""
