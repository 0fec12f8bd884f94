"""WARC: written exactly as the bytes crossed the wire, read from any tool, indexed, verified. The only door to warcio."""
