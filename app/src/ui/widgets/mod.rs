//! The controls that every room is built from.
//!
//! A continuous value is a [`Control`]: its declaration, its value and the two calls of a gesture. [`Fader`], [`Knob`] and [`ValueBar`] are
//! three looks of one behaviour, which lives in [`slider`]. Nothing here knows what a strip or a song is.

mod button;
mod context_menu;
mod control;
mod fader;
mod icon;
mod knob;
mod menu;
mod modal;
mod name_field;
mod select;
mod slider;
mod splitter;
mod switch;
mod type_in;
mod value_bar;

pub use button::{Button, ButtonLook, ToggleButton, keep_focus};
pub use context_menu::{ContextMenuHost, ContextMenus};
pub use control::Control;
pub use fader::Fader;
pub use icon::{Icon, IconView};
pub use knob::Knob;
pub use menu::{Menu, MenuItem};
pub use modal::modal;
pub use name_field::NameField;
pub use select::{ChoiceSelect, Select, SelectOption};
pub use splitter::{Line, Splitter};
pub use switch::Switch;
pub use type_in::start_typing;
pub use value_bar::{BarLook, ValueBar};
