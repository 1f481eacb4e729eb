"""A believable centre from a fixed seed: 13 months of contacts, states, shifts and surveys, with stories worth finding.

Read in this order: `centre` (who and what), `clock`, `demand` (when customers come), `roster` (when agents
work), `legs` and `floor` (who meets whom), `contacts`, `feedback`, `states` (what the records say), `load` (into the
database), `services` (all of it). docs/demo.md tells the stories.
"""
