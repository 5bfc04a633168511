//! The declaration of a parameter and of a processor.

use super::Taper;

/// What a parameter's number counts; it decides the text that a person reads and types.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    /// Decibels, relative (gain, trim, range) or full scale.
    Db,
    /// Decibels of true peak.
    Dbtp,
    /// Hertz.
    Hz,
    /// Milliseconds; from 1000 on written as seconds.
    Ms,
    /// Per cent.
    Percent,
    /// A compression ratio "4.0 : 1"; the range's maximum means infinity when [`Flags::MAX_IS_INFINITE`] is set.
    Ratio,
    /// A filter's quality.
    Q,
    /// −100 (left) to 100 (right); "L70", "C", "R22".
    Pan,
    /// Degrees.
    Degrees,
    /// Whole frames.
    Frames,
    /// A bare number.
    Plain,
    /// One of these words; the value is the index.
    Choice(&'static [&'static str]),
    /// Off (0) or on (1).
    Toggle,
}

/// How a change of the target reaches the sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Smoothing {
    /// At once; the processor itself cross-fades where a jump would click.
    None,
    /// A straight line over this many milliseconds in the parameter's own taper (0 to 1 position).
    Linear(f32),
}

/// How far arrow keys move, in plain units: one step, the fine step (Shift), the large step (Page keys).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steps {
    /// One arrow key.
    pub step: f32,
    /// Shift and arrow.
    pub fine: f32,
    /// Page up or down.
    pub large: f32,
}

/// Properties of a parameter, combined by `|` through [`Flags::and`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags(pub u16);

impl Flags {
    /// No property.
    pub const NONE: Self = Self(0);
    /// Lanes may drive it.
    pub const AUTOMATABLE: Self = Self(1);
    /// It concerns listening only: never saved, automated or exported.
    pub const MONITOR: Self = Self(2);
    /// A change may change the processor's latency.
    pub const AFFECTS_LATENCY: Self = Self(4);
    /// The minimum means silence and is written "off" or −∞.
    pub const MIN_IS_SILENCE: Self = Self(8);
    /// The maximum means infinity and is written ∞.
    pub const MAX_IS_INFINITE: Self = Self(16);
    /// Zero is in the middle of what the control draws (gains, pan).
    pub const BIPOLAR: Self = Self(32);
    /// Not among the knobs of an editor's first row.
    pub const SECONDARY: Self = Self(64);
    /// A tempo, in quarter notes per minute: the song's while the switch with [`Flags::FOLLOWS_SONG`] is on.
    pub const TEMPO: Self = Self(128);
    /// While it is on, whoever knows the song hands its tempo over in the place of the parameter with [`Flags::TEMPO`].
    pub const FOLLOWS_SONG: Self = Self(256);

    /// Both sets.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every property of `other` is set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// One parameter, declared once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParamSpec {
    /// Permanent snake-case id: it is in every file that a user ever saved.
    pub id: &'static str,
    /// The name on screen and for screen readers, sentence case.
    pub name: &'static str,
    /// What the number counts.
    pub unit: Unit,
    /// Smallest value in plain units.
    pub min: f32,
    /// Largest value in plain units.
    pub max: f32,
    /// Where it starts and what a double-click gives.
    pub default: f32,
    /// How 0 to 1 maps onto the range.
    pub taper: Taper,
    /// How far keys move.
    pub steps: Steps,
    /// How a change reaches the sound.
    pub smoothing: Smoothing,
    /// Properties.
    pub flags: Flags,
    /// One sentence of help.
    pub help: &'static str,
    /// The heading under which editors gather parameters (for an equalizer "Band 1"); empty for the main group.
    pub group: &'static str,
}

/// The usual time of a smoothed parameter: short enough to feel direct, long enough to keep zipper noise away.
pub const SMOOTHING_MS: f32 = 20.0;

impl ParamSpec {
    /// A continuous, automatable, smoothed parameter with steps of a hundredth of its range.
    pub const fn new(id: &'static str, name: &'static str, unit: Unit, min: f32, max: f32, default: f32, help: &'static str) -> Self {
        let span = max - min;
        Self {
            id,
            name,
            unit,
            min,
            max,
            default,
            taper: Taper::Linear,
            steps: Steps { step: span / 100.0, fine: span / 1000.0, large: span / 10.0 },
            smoothing: Smoothing::Linear(SMOOTHING_MS),
            flags: Flags::AUTOMATABLE,
            help,
            group: "",
        }
    }

    /// An automatable switch.
    pub const fn toggle(id: &'static str, name: &'static str, default: bool, help: &'static str) -> Self {
        let default = if default { 1.0 } else { 0.0 };
        Self::new(id, name, Unit::Toggle, 0.0, 1.0, default, help).stepped(1.0, 1.0, 1.0).unsmoothed()
    }

    /// An automatable choice among words.
    pub const fn choice(id: &'static str, name: &'static str, words: &'static [&'static str], default: usize, help: &'static str) -> Self {
        Self::new(id, name, Unit::Choice(words), 0.0, (words.len() - 1) as f32, default as f32, help).stepped(1.0, 1.0, 1.0).unsmoothed()
    }

    /// The same with another taper.
    pub const fn taper(mut self, taper: Taper) -> Self {
        self.taper = taper;
        self
    }

    /// The same with these key steps.
    pub const fn stepped(mut self, step: f32, fine: f32, large: f32) -> Self {
        self.steps = Steps { step, fine, large };
        self
    }

    /// The same without smoothing.
    pub const fn unsmoothed(mut self) -> Self {
        self.smoothing = Smoothing::None;
        self
    }

    /// The same with more properties.
    pub const fn flag(mut self, flags: Flags) -> Self {
        self.flags = self.flags.and(flags);
        self
    }

    /// The same, not automatable.
    pub const fn fixed(mut self) -> Self {
        self.flags = Flags(self.flags.0 & !Flags::AUTOMATABLE.0);
        self
    }

    /// The same under a heading.
    pub const fn group(mut self, group: &'static str) -> Self {
        self.group = group;
        self
    }

    /// Whether the value is one of a few (a switch or a choice).
    pub const fn is_discrete(&self) -> bool {
        matches!(self.unit, Unit::Choice(_) | Unit::Toggle | Unit::Frames)
    }

    /// The nearest value in range; what is not a number becomes the default; discrete values are rounded.
    pub fn clamp(&self, value: f32) -> f32 {
        if !value.is_finite() {
            return if value == f32::INFINITY {
                self.max
            } else if value == f32::NEG_INFINITY {
                self.min
            } else {
                self.default
            };
        }
        let value = value.clamp(self.min, self.max);
        if self.is_discrete() { libm::roundf(value) } else { value }
    }
}

/// A named set of values that an engineer would keep: (parameter id, value in plain units); the others are at their defaults.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Preset {
    /// Name on screen.
    pub name: &'static str,
    /// Values that differ from the defaults.
    pub values: &'static [(&'static str, f32)],
}

/// One processor, declared once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProcessorSpec {
    /// Permanent id in files.
    pub id: &'static str,
    /// Name on screen ("Compressor").
    pub name: &'static str,
    /// Short name in an insert slot ("Comp").
    pub short_name: &'static str,
    /// Raised when a parameter's meaning changes.
    pub version: u32,
    /// Whether a sidechain key can be chosen.
    pub sidechain: bool,
    /// Its parameters; a parameter's index is its place here.
    pub params: &'static [ParamSpec],
    /// Presets.
    pub presets: &'static [Preset],
    /// One sentence of help.
    pub help: &'static str,
}

impl ProcessorSpec {
    /// The index of the parameter with this id.
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.params.iter().position(|param| param.id == id)
    }
}
