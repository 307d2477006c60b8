"""The workshop: processes that make reports, with everything loaded once, and the places in them."""
