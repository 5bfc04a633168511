//! The document of a Headroom session as plain data.
//!
//! Only this crate edits it: every [`edit::Edit`] has an inverse, the engine never writes back, and whatever engine and feeder need is
//! a pure function of it ([`compile`], [`feed`]). No browser type, no clock, no I/O.
#![warn(missing_docs)]

pub mod model;
pub mod worker;
