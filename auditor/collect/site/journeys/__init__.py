"""Journeys: what people did in their own browser, recorded with Chrome DevTools' Recorder.

`recording` reads the export strictly, `preparing` fills in secrets and addresses, `elements` finds
on a page what was recorded, `acting` does one step, and `replay` one after the other; `way` knows
where that has led. `hiding` keeps secrets out of the evidence.
"""

MOST_AGAIN = 20  # pages on the way of a journey that are opened once more
