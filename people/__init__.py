"""Who works here, and who may see whose rows."""
