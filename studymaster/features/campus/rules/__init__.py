"""What StudyMaster knows about studying together. Pure."""
