"""Pages: contacts, imports, sources."""
