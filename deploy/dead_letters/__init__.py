"""The command that lists dead letters, and sends mended ones again."""
