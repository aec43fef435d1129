"""Every SELECT on what the log counts, and on challenges, achievements, pledges and the ledger."""
