"""What students can do together: groups and their chat, buddies, resources, questions."""
