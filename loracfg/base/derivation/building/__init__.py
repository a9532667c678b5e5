"""What only builds the catalogue, and is not in the wheel: releases, and what spans them."""
