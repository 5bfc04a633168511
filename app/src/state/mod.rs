//! What the page knows: the document, what is selected and shown, and the calls that change them.
//!
//! [`Studio`] is the context that every view reads. Values reach views through memos, one per value, so a fader that moves redraws only
//! itself; nothing here runs per animation frame.

mod automation;
mod chain;
mod controls;
mod export;
mod files;
mod freeze;
mod hints;
mod journal;
mod keep;
mod listen;
mod lock;
mod look;
mod messages;
mod midi;
mod panes;
mod readings;
mod room;
mod sound;
mod strips;
mod studio;
mod theme;
mod together;
mod transport;
mod workers;

pub use automation::{Automation, AutomationMode, value_in};
pub use export::{ExportRequest, Solved};
pub use files::{address_of, download, text_file};
pub use freeze::Freezing;
pub use hints::Hints;
pub use keep::install_keeper;
use lock::SessionLock;
pub use messages::{Message, MessageKind, Messages};
pub use midi::Midi;
pub use panes::{Pane, Panes};
pub use readings::{Readings, StripReading};
pub use room::Room;
pub use sound::{Sound, install_sound};
pub use studio::Studio;
pub use theme::{Theme, page_storage};
pub use workers::Workers;
