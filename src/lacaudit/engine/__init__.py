"""The engine: facts worked out once, then findings rule by rule."""
