"""Changes of level that last: looked for every night over a year of weeks, read by pages of any period."""
