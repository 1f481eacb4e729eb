"""Forms of data coming in."""
