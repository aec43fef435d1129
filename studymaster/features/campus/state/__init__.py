"""What one browser tab holds of groups, buddies, resources and questions."""
