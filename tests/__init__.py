"""Tests of behaviour, through the product's front doors, on a real PostgreSQL."""
