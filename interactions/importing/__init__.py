"""From a file to facts: staged as text, checked and merged in SQL, in one transaction.

plan.py         which file columns make which columns of the fact, and the SQL that reads them
expressions.py  text to value, kind by kind
facts.py        what each fact derives, demands and writes
fact_sql.py     how that is described
staging.py      a file's rows as text in a temporary table
checks.py       the checked rows; repeated and unknown names
merge.py        checked rows into the facts, and the days they change
rejects.py      the rows that were not taken, with their reasons
job.py          one import from claim to end
"""
