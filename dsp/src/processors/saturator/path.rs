//! One style's way through the saturator: emphasis, up, curve, down, the emphasis taken back.

use core::f64::consts::{FRAC_1_SQRT_2, PI};

use crate::primitives::antialias::{mean_excess, mean_sine, mean_tanh, root};
use crate::primitives::cascade::Cascade;
use crate::primitives::fade::Line;
use crate::primitives::filter_design::Biquad;
use crate::primitives::lanes::{F4, VECTOR_LANES};
use crate::primitives::oversampler::{MEMORY, Order, Oversampler};
use crate::primitives::svf::SvfCoefficients;

/// Tape's highs are driven harder from here on, by this much.
const TAPE_SHELF_HZ: f64 = 2_500.0;
const TAPE_SHELF_DB: f64 = 6.0;
/// A transformer's core saturates in the lows.
const CORE_SHELF_HZ: f64 = 140.0;
const CORE_SHELF_DB: f64 = 8.0;
/// Where a tube rests on its curve.
const TUBE_REST: f32 = 0.4;
/// Half the knee of the hard clip, of full scale.
const HARD_KNEE: f32 = 1.0 / 64.0;
/// Tone tilts around this frequency.
const TONE_HZ: f64 = 1_000.0;

/// The curves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Tape,
    Tube,
    Transformer,
    SoftClip,
    HardClip,
    Fold,
}

impl Style {
    /// From the declaration's index.
    pub fn from_index(index: usize) -> Self {
        match index {
            0 => Self::Tape,
            1 => Self::Tube,
            2 => Self::Transformer,
            3 => Self::SoftClip,
            4 => Self::HardClip,
            _ => Self::Fold,
        }
    }

    fn order(self) -> Order {
        if self == Self::HardClip { Order::Second } else { Order::First }
    }

    /// Where the curve rests without bias.
    pub fn rest(self) -> f32 {
        if self == Self::Tube { TUBE_REST } else { 0.0 }
    }

    /// The curve's value at a point.
    pub fn value(self, x: f32) -> f32 {
        let x = F4::splat(x);
        self.mean([x, x, x]).lane(0, 0)
    }

    /// What brings the curve's slope at its rest to 1.
    pub fn slope_gain(self) -> f32 {
        match self {
            Self::Tube => 1.0 / (1.0 - self.value(TUBE_REST) * self.value(TUBE_REST)),
            Self::Fold => 2.0 / core::f32::consts::PI,
            _ => 1.0,
        }
    }

    /// The curve's mean over the way to a sample from the ones before it (the newest first).
    #[inline(always)]
    fn mean(self, x: [F4; 3]) -> F4 {
        let [now, before, first] = x;
        match self {
            Self::Tape | Self::Transformer => root(before, now),
            Self::Tube | Self::SoftClip => mean_tanh(before, now),
            Self::HardClip => F4::splat(1.0 / 3.0) * (now + before + first) - mean_excess(x, F4::splat(HARD_KNEE)),
            Self::Fold => mean_sine(before, now),
        }
    }

    /// The shelf in front of the curve.
    fn emphasis(self, rate_hz: f64) -> Option<Biquad> {
        let omega = |hz: f64| 2.0 * PI * hz / rate_hz;
        match self {
            Self::Tape => Some(Biquad::high_shelf(omega(TAPE_SHELF_HZ), FRAC_1_SQRT_2, TAPE_SHELF_DB)),
            Self::Transformer => Some(Biquad::low_shelf(omega(CORE_SHELF_HZ), FRAC_1_SQRT_2, CORE_SHELF_DB)),
            _ => None,
        }
    }
}

/// See the module's text.
pub struct Path {
    rate_hz: f64,
    style: Style,
    channels: [Oversampler; 2],
    before: Cascade,
    /// The emphasis taken back, and tone.
    after: Cascade,
}

impl Path {
    /// A silent one.
    pub fn new(rate_hz: f64) -> Self {
        let channels = [Oversampler::new(), Oversampler::new()];
        Self { rate_hz, style: Style::Tape, channels, before: Cascade::new(1), after: Cascade::new(2) }
    }

    /// Its style.
    pub fn style(&self) -> Style {
        self.style
    }

    /// Forgets all sound and takes another style and factor.
    pub fn reset(&mut self, style: Style, doublings: usize, tone_db: f32) {
        self.style = style;
        for channel in &mut self.channels {
            channel.reset(doublings, style.order());
        }
        let emphasis = style.emphasis(self.rate_hz);
        self.before.rebuild(usize::from(emphasis.is_some()));
        self.after.rebuild(2);
        if let Some(emphasis) = emphasis {
            for channel in 0..2 {
                self.before.aim(0, channel, SvfCoefficients::new(&emphasis));
                self.after.aim(0, channel, SvfCoefficients::new(&emphasis.inverse()));
            }
        }
        self.aim_tone(tone_db);
        self.before.settle();
        self.after.settle();
    }

    /// Sends the tone towards this tilt.
    pub fn aim_tone(&mut self, tone_db: f32) {
        let tilt = match tone_db {
            0.0 => SvfCoefficients::IDENTITY,
            _ => SvfCoefficients::new(&Biquad::tilt(2.0 * PI * TONE_HZ / self.rate_hz, tone_db as f64)),
        };
        for channel in 0..2 {
            self.after.aim(1, channel, tilt);
        }
    }

    /// Puts out what faded; call it at fixed frames.
    pub fn flush(&mut self) {
        self.before.flush();
        self.after.flush();
    }

    /// Bends both channels in place, around the bias at the frames from `at` of the call on; `offset` is the curve's value there.
    pub fn process(&mut self, sides: [&mut [f32]; 2], bias: &Line, offset: &Line, at: usize, glide_frames: Option<usize>) {
        let [left, right] = sides;
        self.before.run(left, right, None);
        let style = self.style;
        for (channel, samples) in self.channels.iter_mut().zip([&mut *left, &mut *right]) {
            let share = 1.0 / channel.factor() as f32;
            let is_plain = channel.factor() == 1;
            channel.process(samples, |high, out| {
                for (index, four) in out.chunks_mut(VECTOR_LANES).enumerate() {
                    let start = index * VECTOR_LANES;
                    let numbers = core::array::from_fn(|lane| at as f32 + (start + lane + 1) as f32 * share);
                    let numbers = F4::new([numbers]);
                    let rest = bias.at(numbers) + F4::splat(style.rest());
                    let x = |back: usize| F4::load_partial(&high[start + MEMORY - back..]) + rest;
                    let samples = if is_plain { [x(0); 3] } else { [x(0), x(1), x(2)] };
                    (style.mean(samples) - offset.at(numbers)).store(four);
                }
            });
        }
        self.after.run(left, right, glide_frames);
    }
}
