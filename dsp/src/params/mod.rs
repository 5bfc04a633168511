//! Parameters, declared once.
//!
//! A [`ParamSpec`] is the only place where a parameter's id, range, taper, default and wording stand. The engine's
//! banks, the knobs, text and its parsing, automation, presets, the file, undo and the documentation read it.
//! Values travel everywhere in plain units (dB, Hz, ms, %); the 0 to 1 position exists only at a widget and in a lane's drawing.

mod bank;
mod spec;
mod taper;
mod text;

pub use bank::{ParamBank, ParamChange};
pub use spec::{Flags, ParamSpec, Preset, ProcessorSpec, SMOOTHING_MS, Smoothing, Steps, Unit};
pub use taper::Taper;
pub use text::ParseError;
