"""The pages about a student's account: coming in, the settings, and the host's own."""
