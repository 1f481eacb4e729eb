"""REST: readings, the rows behind them, the catalogue, runs and targets."""
