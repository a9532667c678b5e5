"""From the config that one release reads to the config that means the same in another."""
