//! Headroom's sound: processors, meters, the mixer engine, the monitor stage and the wire protocol.
//!
//! The crate is `no_std` (with `alloc`). It never allocates and never panics in a `process` call, it knows no
//! browser, and everything it computes goes through IEEE-754 basic operations and `libm`, so that native code
//! and WebAssembly give the same bits.
//!
//! # Where to begin
//! - [`mod@processors`]: equalizer, dynamics, colour, space. Each declares its parameters once ([`params`]); [`processors::build`] makes one by
//!   its id. Values are in plain units (dB, Hz, ms, %), audio is 32-bit floats, any number of frames up to [`processors::MAX_FRAMES`] a call.
//! - [`meters`]: loudness, true peak, correlation and what is drawn from them.
//! - [`engine`]: strips, groups, sends, automation and latency compensation around them, told what to do by the [`protocol`]'s commands.
//! - [`primitives`]: filters, delays, lanes and fades, for processors of your own. [`crate::processors!`] makes a list of them that an
//!   engine takes in the place of this one.
//!
//! # A processor over a buffer
//! What was [`set`](processors::Processor::set) glides in over the next call; [`reset`](processors::Processor::reset) takes it at once.
//! ```
//! use dsp::processors::{MAX_FRAMES, Stereo, build};
//!
//! let mut compressor = build("compressor", 48_000.0).expect("a known id");
//! let threshold = compressor.spec().index_of("threshold").expect("a known parameter");
//! compressor.set(threshold, -30.0);
//! compressor.reset();
//!
//! let (mut left, mut right) = (vec![0.5_f32; 48_000], vec![0.5_f32; 48_000]);
//! for (left, right) in left.chunks_mut(MAX_FRAMES).zip(right.chunks_mut(MAX_FRAMES)) {
//!     compressor.process(Stereo { left, right }, None);
//! }
//! // 24 dB above the threshold at 4 : 1 are 18 dB too many.
//! assert!((compressor.take_reduction_db() + 18.0).abs() < 0.1);
//! assert!(left[47_999] < 0.07);
//! ```
//!
//! # Loudness of a signal
//! ```
//! use dsp::meters::MasterMeter;
//!
//! // A sine of 997 Hz at −23 dBFS on both sides is −23 LUFS by definition.
//! let level = dsp::units::db_to_gain(-23.0);
//! let step = 2.0 * core::f64::consts::PI * 997.0 / 48_000.0;
//! let sine: Vec<f32> = (0..240_000).map(|frame| (level * (step * f64::from(frame)).sin()) as f32).collect();
//!
//! let mut meter = MasterMeter::new(48_000.0);
//! for block in sine.chunks(512) {
//!     meter.process(block, block);
//! }
//! assert!((meter.integrated_lufs() + 23.0).abs() < 0.1);
//! ```
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
