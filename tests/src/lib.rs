//! What the whole-program tests share: browsers driven over WebDriver, the page found by role and accessible
//! name, and audio files made on the spot.

pub mod axe;
pub mod browser;
pub mod driver;
pub mod fixtures;
pub mod page;
pub mod places;
pub mod temporary;
