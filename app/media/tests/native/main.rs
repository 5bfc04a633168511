//! Native tests of decoding, the store, resampling, peaks, delivery, session files, what is measured of a whole song, and what a codec
//! makes of it.

mod archive;
mod broken;
mod codec;
mod culprits;
mod delivery;
mod formats;
mod masking;
mod peaks;
mod resample;
mod store;
mod studio;
mod support;
mod survey;
