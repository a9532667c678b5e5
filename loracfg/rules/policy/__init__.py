"""Rules on what a project's policy allows; they only run if it has one."""
