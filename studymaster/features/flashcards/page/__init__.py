"""The Smart Study screens."""
