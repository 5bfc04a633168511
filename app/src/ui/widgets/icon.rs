//! Icons: lines of 1.5 on a 16 × 16 field, in the colour of the text beside them.

use leptos::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A triangle to the right, filled.
    Play,
    /// A square, filled.
    Stop,
    /// To the start.
    Start,
    /// Two arrows in a ring.
    Loop,
    /// Back.
    Undo,
    /// Forward.
    Redo,
    /// Chevron down.
    Down,
    /// Chevron up.
    Up,
    /// Chevron left.
    Left,
    /// Chevron right.
    Right,
    /// Plus.
    Plus,
    /// Two lines of one length.
    Equal,
    /// Cross.
    Close,
    /// Tick.
    Check,
    /// Triangle with a mark.
    Warn,
    /// Bars under a glass.
    Measure,
    /// Arrow out of a tray.
    Export,
    /// Arrow into a tray.
    Save,
    /// A folder.
    Open,
    /// A sheet.
    File,
    /// Three lines of different length.
    Stems,
    /// A wave.
    Wave,
    /// Half a disc.
    Theme,
    /// A bin.
    Remove,
    /// A padlock.
    Lock,
    /// Three sliders.
    Settings,
    /// Headphones.
    Listen,
}

impl Icon {
    /// Path data of the lines and of the filled shapes.
    const fn paths(self) -> (&'static str, &'static str) {
        match self {
            Self::Play => ("", "M4.5 2.8v10.4L13 8z"),
            Self::Stop => ("", "M4 3.5h8a.5.5 0 0 1 .5.5v8a.5.5 0 0 1-.5.5H4a.5.5 0 0 1-.5-.5V4a.5.5 0 0 1 .5-.5z"),
            Self::Start => ("M12.5 3v10L5.5 8zM3.5 3v10", ""),
            Self::Loop => {
                ("M3 9V7a2.5 2.5 0 0 1 2.5-2.5H13M10.8 2.3 13 4.5l-2.2 2.2M13 7v2a2.5 2.5 0 0 1-2.5 2.5H3M5.2 13.7 3 11.5l2.2-2.2", "")
            }
            Self::Undo => ("M5.5 3 2.5 6l3 3M2.5 6H9a4 4 0 0 1 0 8H6", ""),
            Self::Redo => ("m10.5 3 3 3-3 3M13.5 6H7a4 4 0 0 0 0 8h3", ""),
            Self::Down => ("m4 6 4 4 4-4", ""),
            Self::Up => ("m4 10 4-4 4 4", ""),
            Self::Left => ("m10 4-4 4 4 4", ""),
            Self::Right => ("m6 4 4 4-4 4", ""),
            Self::Plus => ("M8 3v10M3 8h10", ""),
            Self::Equal => ("M3.5 6h9M3.5 10h9", ""),
            Self::Close => ("m4 4 8 8M12 4l-8 8", ""),
            Self::Check => ("m3 8.5 3.3 3.3L13 5", ""),
            Self::Warn => ("M8 2.2 14.6 13.5H1.4zM8 6.5v3.2M8 11.6v.1", ""),
            Self::Measure => ("M11 11l3.5 3.5M12.5 7a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0zM4.8 8.8V7.2M7 8.8V4.6M9.2 8.8V6", ""),
            Self::Export => ("M8 10V2.5M5 5.3 8 2.3l3 3M2.5 9.5v4h11v-4", ""),
            Self::Save => ("M8 2.5V10M5 7.2l3 3 3-3M2.5 9.5v4h11v-4", ""),
            Self::Open => ("M1.8 12.8V3.2h4.4l1.6 1.9h6.4v7.7zM1.8 7.2h12.4", ""),
            Self::File => ("M4 1.8h5l3 3v9.4H4zM9 1.8v3h3", ""),
            Self::Stems => ("M2 4h12M2 8h9M2 12h11", ""),
            Self::Wave => ("M2 8h1.5l1-4 2 9 2-11 2 9 1.2-3H14", ""),
            Self::Theme => ("M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z", "M8 2.8a5.2 5.2 0 0 1 0 10.4z"),
            Self::Remove => ("M2.8 4.5h10.4M6 4.3V2.5h4v1.8M4.2 4.6l.6 8.9h6.4l.6-8.9", ""),
            Self::Settings => ("M2 4h7M13 4h1M2 8h1M7 8h7M2 12h7M13 12h1M11 2.5v3M5 6.5v3M11 10.5v3", ""),
            Self::Listen => ("M2.5 9.5V8a5.5 5.5 0 0 1 11 0v1.5M2.5 9.5h2.3v4H3.5a1 1 0 0 1-1-1zM13.5 9.5h-2.3v4h1.3a1 1 0 0 0 1-1z", ""),
            Self::Lock => ("M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2", ""),
        }
    }
}

/// An icon; what it means is said by the control that holds it.
#[component]
pub fn IconView(
    /// Which.
    icon: Icon,
) -> impl IntoView {
    let (lines, shapes) = icon.paths();
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path class="icon-lines" d=lines />
            <path class="icon-shapes" d=shapes />
        </svg>
    }
}
