"""One test for each line of the founding architecture; docs/features.md holds the table."""
