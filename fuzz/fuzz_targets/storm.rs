//! One processor under any changes of any parameters.
#![no_main]

#[path = "../../dsp/tests/fuzz_bodies/mod.rs"]
mod fuzz_bodies;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_bodies::storm(input));
