"""What was read and written, by whom: events that nobody can quietly change.

Takes what an action did, in its own transaction; gives events, a sealed chain, checkpoints, a verification.
Refuses events outside a transaction, and every change of an event. Below every other app: its events name
people and things by their outer ids, so that it needs none of them.
"""
