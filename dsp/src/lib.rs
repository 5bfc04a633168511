//! Headroom's sound: processors, meters, the mixer engine, the monitor stage and the wire protocol.
//!
//! The crate is `no_std` (with `alloc`). It never allocates and never panics in a `process` call, it knows no
//! browser, and everything it computes goes through IEEE-754 basic operations and `libm`, so that native code
//! and WebAssembly give the same bits.
#![no_std]
#![warn(missing_docs)]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod engine;
pub mod meters;
pub mod monitor;
pub mod params;
pub mod primitives;
pub mod processors;
pub mod protocol;
pub mod units;
