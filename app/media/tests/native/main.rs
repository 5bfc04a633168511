//! Native tests of decoding, the store, resampling, peaks, delivery and session files.

mod archive;
mod broken;
mod delivery;
mod formats;
mod peaks;
mod resample;
mod store;
mod support;
mod survey;
