"""What StudyMaster knows about cards: when they return, where a quote stands, how they are made."""
