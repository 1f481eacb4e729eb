"""What pages show, made of measure() calls: tiles, charts and tables of one selection for one viewer."""
