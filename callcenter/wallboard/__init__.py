"""A team's or queue's day for the wall of the room: large figures that refresh themselves."""
