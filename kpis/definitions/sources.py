"""Where the definitions come from; what differs between users is said in the text of each KPI."""

GANS = "Gans, Koole, Mandelbaum (2003), Telephone Call Centers, M&SOM 5 (2), 79–141"
CLEVELAND = "Cleveland, Call Center Management on Fast Forward, ICMI Press"
ISO = "ISO 18295-1:2017, Customer contact centres"
REICHHELD = "Reichheld (2003), The One Number You Need to Grow, Harvard Business Review 81 (12)"
DIXON = "Dixon, Freeman, Toman (2010), Stop Trying to Delight Your Customers, Harvard Business Review 88 (7/8)"
