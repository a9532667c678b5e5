"""The workflows of `.github/workflows`, read, linted and run on this machine."""
