"""What a focus session is made of, what may be asked for, and what days add up to."""
