"""The demonstration: invented centres, people and editions, loaded through the portal's own services."""
