"""Reports of the centre or of a team: typeset, by e-mail, on demand and on a schedule."""
