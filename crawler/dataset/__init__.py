"""Export for analysts: rows as JSON lines."""
