"""WARC: written exactly as the bytes crossed the wire, read from any tool, indexed, verified. No other package opens a WARC."""
