"""Every SELECT on groups, buddies, resources and questions."""
