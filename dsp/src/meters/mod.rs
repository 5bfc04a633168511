//! Meters: what reads the sound and leaves it as it is.
