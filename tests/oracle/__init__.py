"""A slow, plain second reading of the specification, to compare with the engine.

Nothing here is shared with ``src/lacaudit``: where both agree, the specification says so. The
choices made where the specification is silent are listed in ``CHOICES.md``.
"""
