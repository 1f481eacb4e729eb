"""Taking in people and teams from a file.

It writes tables of `people`, but stands here because an agent who changes team takes their facts along
(`interactions.services.memberships`).
"""
