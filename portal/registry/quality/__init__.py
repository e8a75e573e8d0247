"""Quality of a programme's own data, for its staff: never stored, never handed out as a file.

`questions` says what the dictionary asks of whom, `reading` fetches the episodes and their marks, `report`
puts the indicators of `analytics.quality` together with what to repair first and how the gate would stand.
"""
