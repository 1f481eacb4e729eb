"""What happened: contacts, agent states, shifts, surveys, and how they come in."""
