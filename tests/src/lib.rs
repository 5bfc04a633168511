//! What the whole-program tests share: browsers driven over WebDriver, the page found by role and accessible name, audio files made on
//! the spot, and the native render.

pub mod axe;
pub mod bounce;
pub mod browser;
pub mod confirm;
pub mod crowd;
pub mod driver;
pub mod example;
pub mod fixtures;
pub mod inspector;
pub mod kept;
pub mod keyboard;
pub mod masters;
pub mod material;
pub mod page;
pub mod places;
pub mod real;
pub mod render;
pub mod seats;
pub mod sound;
pub mod stage;
pub mod temporary;
pub mod walk;
pub mod wav;
