"""Who may do what, where: people, organisations, role assignments, one access layer.

Takes a user; gives the `Reach`: functions by programme and place. What is out of reach does not exist: 404.
"""
