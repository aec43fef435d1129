"""What one browser tab holds of the session going on, and of those before."""
