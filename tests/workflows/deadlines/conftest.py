"""Property tests may take their time on a shared machine: no per-example deadline."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
