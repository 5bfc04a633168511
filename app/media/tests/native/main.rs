//! Native tests of decoding, the store, resampling, peaks, delivery, session files, and what is measured of a whole song.

mod archive;
mod broken;
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
