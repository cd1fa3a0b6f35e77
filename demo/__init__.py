"""An invented, plausible company to look around in, made from a seed and removable."""
