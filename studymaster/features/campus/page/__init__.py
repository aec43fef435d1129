"""The Campus Underground screens: groups, buddies, resources, questions."""
