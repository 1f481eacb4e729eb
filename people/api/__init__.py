"""REST: who may call, the ground all viewsets stand on, and the directory of people and structure."""
