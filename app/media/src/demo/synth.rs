//! What the demo's instruments are made of: noise, oscillators, filters, envelopes. Seeded, and the same on every machine.

use super::score::RATE_HZ;

/// Seconds per frame.
const STEP: f32 = 1.0 / RATE_HZ as f32;

/// White noise and chance (xorshift).
pub struct Noise(u32);

impl Noise {
    /// A stream of its own for this seed, which must not be 0.
    pub fn new(seed: u32) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9) | 1)
    }

    /// The next value, −1 to 1.
    pub fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as i32 as f32 * (1.0 / 2_147_483_648.0)
    }

    /// A factor within ±`amount` of 1.
    pub fn around_one(&mut self, amount: f32) -> f32 {
        1.0 + amount * self.next()
    }
}

/// Added before rounding down so that phases a little below 0 round as they should.
const WHOLE_TURNS: f32 = 16.0;

/// A sine of a phase in turns, by a parabola and its refinement (harmonics 60 dB down): cheap enough for chords.
pub fn sine(turns: f32) -> f32 {
    let nearest = ((turns + WHOLE_TURNS + 0.5) as i32) as f32 - WHOLE_TURNS;
    let x = 2.0 * (turns - nearest);
    let parabola = 4.0 * x * (1.0 - x.abs());
    parabola * (0.775 + 0.225 * parabola.abs())
}

/// A phase that runs through turns.
#[derive(Clone, Copy, Default)]
pub struct Phase(pub f32);

impl Phase {
    /// One frame further at this frequency.
    pub fn advance(&mut self, hz: f32) -> f32 {
        self.0 += hz * STEP;
        if self.0 >= 1.0 {
            self.0 -= 1.0;
        }
        self.0
    }
}

/// A sawtooth with its step rounded over two frames (polynomial band-limited step).
pub fn saw(phase: f32, hz: f32) -> f32 {
    let width = hz * STEP;
    let mut value = 2.0 * phase - 1.0;
    if phase < width {
        let t = phase / width;
        value -= t + t - t * t - 1.0;
    } else if phase > 1.0 - width {
        let t = (phase - 1.0) / width;
        value -= t * t + t + t + 1.0;
    }
    value
}

/// A state-variable filter (trapezoidal).
#[derive(Clone, Copy)]
pub struct Filter {
    g: f32,
    k: f32,
    a: f32,
    low: f32,
    band: f32,
}

/// What a [`Filter`] gives at once.
pub struct Bands {
    /// Below the frequency.
    pub low: f32,
    /// Around the frequency, level 1 in its middle.
    pub band: f32,
    /// Above the frequency.
    pub high: f32,
}

impl Filter {
    /// At this frequency and quality.
    pub fn new(hz: f32, q: f32) -> Self {
        let mut filter = Self { g: 0.0, k: 0.0, a: 0.0, low: 0.0, band: 0.0 };
        filter.tune(hz, q);
        filter
    }

    /// Moves to another frequency and quality, keeping its state.
    pub fn tune(&mut self, hz: f32, q: f32) {
        self.g = libm::tanf(core::f32::consts::PI * hz.min(0.45 * RATE_HZ as f32) * STEP);
        self.k = 1.0 / q;
        self.a = 1.0 / (1.0 + self.g * (self.g + self.k));
    }

    /// One frame.
    pub fn process(&mut self, input: f32) -> Bands {
        let high = (input - (self.g + self.k) * self.band - self.low) * self.a;
        let band = self.g * high + self.band;
        let low = self.g * band + self.low;
        self.band = self.g * high + band;
        self.low = self.g * band + low;
        Bands { low, band: band * self.k, high }
    }
}

/// A level that falls by 60 dB in a given time.
pub struct Decay {
    level: f32,
    factor: f32,
}

impl Decay {
    /// From 1, falling 60 dB in `seconds`.
    pub fn new(seconds: f32) -> Self {
        Self { level: 1.0, factor: libm::powf(0.001, STEP / seconds) }
    }

    /// The level now; one frame further.
    pub fn next(&mut self) -> f32 {
        let level = self.level;
        self.level *= self.factor;
        level
    }
}

/// The level of a held note: rises over `attack_frames`, falls over `release_frames` after `hold_frames`.
pub fn held(frame: usize, attack_frames: usize, hold_frames: usize, release_frames: usize) -> f32 {
    if frame < attack_frames {
        frame as f32 / attack_frames as f32
    } else if frame < hold_frames {
        1.0
    } else {
        (1.0 - (frame - hold_frames) as f32 / release_frames as f32).max(0.0)
    }
}

/// Frames of a time in milliseconds.
pub const fn frames_of_ms(ms: usize) -> usize {
    RATE_HZ as usize * ms / 1000
}

/// Adds `sound` at `start` with a gain, as far as the stem reaches.
pub fn add_at(stem: &mut [f32], start: usize, sound: &[f32], gain: f32) {
    if let Some(place) = stem.get_mut(start..) {
        for (out, sample) in place.iter_mut().zip(sound) {
            *out += gain * sample;
        }
    }
}
