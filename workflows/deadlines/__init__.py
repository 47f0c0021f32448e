"""Time limits, due moments, lights, letters and levels as pure rules.  No clock, no database.

Read in this order: time_limit, register, derivation (with wording), history, extension, moments, lights, levels,
reschedule.  Import from these modules: `from workflows.deadlines.derivation import derive`.
"""
