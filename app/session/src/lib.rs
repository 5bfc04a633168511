//! The document of a Headroom session as plain data.
//!
//! Only this crate edits it: every [`edit::Edit`] has an inverse, the engine never writes back, and whatever engine and feeder need is
//! a pure function of it. No browser type, no clock, no I/O.
#![warn(missing_docs)]

pub mod album;
pub mod analysis;
pub mod archive;
pub mod assist;
pub mod blind;
pub mod chain_preset;
pub mod codec;
pub mod compile;
pub mod destination;
pub mod edit;
pub mod feed;
pub mod file;
pub mod freeze;
pub mod guess;
pub mod history;
mod lookup;
mod make;
pub mod model;
mod plain;
pub mod preset;
pub mod rules;
pub mod survey;
pub mod target;
#[cfg(test)]
mod testing;
pub mod translation;
pub mod validate;
pub mod versions;
pub mod worker;

pub use edit::{Edit, EditError};
pub use history::Document;
pub use make::Ids;
