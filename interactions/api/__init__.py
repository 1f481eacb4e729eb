"""REST: contacts out, deliveries in."""
