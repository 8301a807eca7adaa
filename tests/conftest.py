"""Hypothesis: small and the same every time, or large and at random with LACAUDIT_FUZZ=1."""

import os

from hypothesis import HealthCheck, Phase, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile(
    "small",
    derandomize=True,
    max_examples=25,
    deadline=None,
    suppress_health_check=_SLOW,
    database=None,
    # A failure names the child; making the example smaller would take minutes.
    phases=(Phase.explicit, Phase.generate),
)
settings.register_profile(
    "large", max_examples=1000, deadline=None, suppress_health_check=_SLOW, print_blob=True
)
settings.load_profile("large" if os.environ.get("LACAUDIT_FUZZ") else "small")
