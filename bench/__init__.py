"""Speed and memory of the product against the practical limits, as ratios within one run: `make bench`.

centre.py     people, and a year of contacts as a CSV file
database.py   a database of its own, on the same server, dropped at the end
meter.py      runs one step in a process of its own: seconds, processor time, peak memory
importing.py  the importer, and a bare COPY of the same rows
computing.py  the nightly run and the rebuild, and one bare GROUP BY
frames.py     the rebuild's figures by pandas from read_sql, and by DuckDB from Parquet
pages.py      pages from roll-ups, and the same figures from raw rows
exporting.py  the API's CSV, and COPY TO
table.py      what is printed
"""
