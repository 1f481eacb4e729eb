"""Runs: plan the days that changed, compute them, close the log."""
