"""Every SELECT of the sync: on runs, on what they bring, and on what they found different."""
