//! Commands of any bytes, carried out by an engine that is fed any blocks.
#![no_main]

#[path = "../../dsp/tests/fuzz_bodies/mod.rs"]
mod fuzz_bodies;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_bodies::messages(input));
