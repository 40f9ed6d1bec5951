"""What was seen: one time-ordered, frozen record of a run. Holds no judgement."""
