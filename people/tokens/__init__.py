"""API tokens: named, limited to scopes, with an end."""
