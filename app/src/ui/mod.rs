//! The views.

pub mod album;
pub mod assist;
pub mod ballistics;
pub mod channel;
pub mod console;
pub mod drop;
pub mod editors;
pub mod export;
pub mod frame;
pub mod keys;
pub mod master;
pub mod messages;
mod mix_room;
pub mod paint;
pub mod settings;
mod shell;
pub mod start;
pub mod status;
pub mod timeline;
pub mod topbar;
pub mod widgets;

pub use shell::App;
