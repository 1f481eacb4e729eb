"""What we measure: definitions, roll-ups and the one way to read a number."""
