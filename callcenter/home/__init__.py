"""Home: what each role comes for, on one page.

days.py            the periods that home shows, and the board of each
glances.py         tiles with what else is said of the same KPI: the last days, the team
comparison.py      teams side by side, most in need first
need.py            agents whose figures differ beyond chance from their team's
director.py, supervisor.py, quality.py, agent.py, administrator.py
                   one section for each role
views.py           the page: the sections of all roles that somebody holds
"""
