"""Use cases: what the commands do, without a terminal."""
