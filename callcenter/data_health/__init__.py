"""Whether the data can be trusted: how far it reaches, what is missing, late, unknown or does not reconcile."""
