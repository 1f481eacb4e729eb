"""Explore: any KPIs, split by up to two dimensions, as charts, as a pivot table, as a file, kept as a view."""
