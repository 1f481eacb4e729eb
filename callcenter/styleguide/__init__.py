"""The living style page: every component with invented figures, on a light and on a dark ground."""
