"""A week of simulated news: papers whose clock is set by hand, and what is to be said of them."""
